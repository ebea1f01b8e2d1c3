package session

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"keystead/app/client"
	"keystead/shared/api"
)

// syncEvery is how old a kept list may grow while its organization is looked at.
const syncEvery = 10 * time.Minute

// syncAfter leaves the line to the page that is being opened.
const syncAfter = 3 * time.Second

// dropAfter leaves the processor to the first page.
const dropAfter = time.Second

// Kept is the list of keys of an organization as the server last told it, and when;
// the time is zero where nothing is kept. It blocks: call it in ctx.Async.
func Kept(ctx context.Context, org api.OrgID) ([]api.Key, time.Time, error) {
	s, err := load(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	keys, at := s.keys(org)
	return keys, at, nil
}

// SetOffline switches the keeping of lists on or off; off drops what is kept.
func SetOffline(ctx context.Context, on bool) error {
	store(offlineKey, word(on))
	change(func() bool { known.prefs.NoOffline = !on; return true })
	if on {
		nudge()
		return nil
	}
	return wipe(ctx)
}

// syncDue keeps the list of the organization on screen if it is time to.
func syncDue(ctx context.Context) {
	v := Now()
	if v.Org == nil || v.Prefs.NoOffline || hidden() || !vaultPossible() {
		return
	}
	known.Lock()
	due := !known.leaving && time.Since(known.opened) > syncAfter &&
		time.Since(known.synced[v.Org.ID]) > syncEvery
	known.Unlock()
	if !due {
		return
	}
	if err := keepList(client.Background(ctx), v.Me, v.Org.ID); err != nil {
		return // the next beat tries again
	}
	known.Lock()
	if known.synced == nil {
		known.synced = map[api.OrgID]time.Time{}
	}
	known.synced[v.Org.ID] = time.Now()
	known.Unlock()
}

// keepList fetches the keys of an organization and keeps them.
func keepList(ctx context.Context, me api.Me, org api.OrgID) error {
	var keys []api.Key
	for page := 1; len(keys) < MaxKept; page++ {
		p, err := client.API.Keys(ctx, org, api.KeyList{List: api.List{Page: page, Limit: api.MaxLimit, Sort: api.SortName}})
		if err != nil {
			return err
		}
		keys = append(keys, p.Items...)
		if len(p.Items) < api.MaxLimit || len(keys) >= p.Total {
			break
		}
	}
	s, err := load(ctx)
	if err != nil {
		s = shelf{} // unreadable, so begin anew
	}
	s.put(me, org, keys, time.Now())
	return save(ctx, s)
}

// dropOthers wipes what was kept of someone else, who left without signing out: an
// idle timeout leaves it in place.
func dropOthers(ctx context.Context, me api.UserID) {
	if s, err := load(ctx); err == nil && s.Me.User.ID != me && s.Me.User.ID != 0 {
		_ = wipe(ctx) // the next list that is kept drops it too
	}
}

// load opens what is kept, without what has grown too old.
func load(ctx context.Context) (shelf, error) {
	var s shelf
	text, err := vaultRead(ctx)
	if errors.Is(err, errNothingKept) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return shelf{}, err
	}
	s.fresh(time.Now())
	return s, nil
}

func save(ctx context.Context, s shelf) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return vaultWrite(ctx, text)
}
