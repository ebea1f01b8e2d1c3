package keys_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keystead/server/caller"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// act is one thing that is done to a key, and its outcome.
type act struct {
	name string
	do   func(h *house, who caller.Caller, id api.KeyID) error
}

func edit(req api.EditKey) func(*house, caller.Caller, api.KeyID) error {
	return func(h *house, who caller.Caller, id api.KeyID) error {
		_, err := h.keys.Edit(h.ctx, who, id, req)
		return err
	}
}

var acts = []act{
	{"get", func(h *house, who caller.Caller, id api.KeyID) error {
		_, err := h.keys.Get(h.ctx, who, id)
		return err
	}},
	{"rename", edit(api.EditKey{Name: ptr("renamed")})},
	{"describe", edit(api.EditKey{Description: ptr("what for")})},
	{"disable", edit(api.EditKey{Enabled: ptr(false)})},
	{"enable", edit(api.EditKey{Enabled: ptr(true)})},
	{"shorten", edit(api.EditKey{ExpiresAt: api.Just(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))})},
	{"lengthen", edit(api.EditKey{ExpiresAt: api.Null[time.Time]()})},
	{"weaken", edit(api.EditKey{Role: ptr(api.ReadOnly)})},
	{"strengthen", edit(api.EditKey{Role: ptr(api.Admin)})},
	{"delete", func(h *house, who caller.Caller, id api.KeyID) error { return h.keys.Delete(h.ctx, who, id) }},
	{"reveal", func(h *house, who caller.Caller, id api.KeyID) error {
		_, err := h.keys.Reveal(h.ctx, who, id, api.Reveal{})
		return err
	}},
	{"rotate", func(h *house, who caller.Caller, id api.KeyID) error {
		_, err := h.keys.Rotate(h.ctx, who, id, api.Rotate{})
		return err
	}},
}

// prepare is a fresh key for an act: READONLY and about to expire where the act
// would strengthen or lengthen it.
func prepare(h *house, owner api.UserID, org *api.OrgID, act string) api.KeyID {
	h.Helper()
	id := h.add(owner, org, fmt.Sprint("key ", h.next())).Key.ID
	switch act {
	case "strengthen":
		h.Exec("UPDATE api_keys SET role = 'READONLY' WHERE id = ?", id)
	case "lengthen":
		h.Exec("UPDATE api_keys SET expires_at = ? WHERE id = ?", h.now().Add(24*time.Hour).UnixMilli(), id)
	}
	return id
}

// TestWhoMayDoWhat is the table of product.md section 3 for keys: every caller,
// every act, on a key of an organization and on a global one.
func TestWhoMayDoWhat(t *testing.T) {
	const no, gone = fault.PermissionRequired, fault.NotFound
	all := func(code fault.Code) map[string]fault.Code {
		m := map[string]fault.Code{}
		for _, a := range acts {
			m[a.name] = code
		}
		return m
	}
	allow := func(names ...string) map[string]fault.Code {
		m := all(no)
		for _, name := range names {
			m[name] = ""
		}
		return m
	}
	modify := []string{"get", "rename", "describe", "disable", "enable", "shorten", "weaken"}
	cases := []struct {
		who           string
		make          func(h *house, here, there api.OrgID) api.UserID
		inOrg, global map[string]fault.Code
	}{
		{"owner", nil, all(""), all("")},
		{"member", func(h *house, here, _ api.OrgID) api.UserID { return h.member("Bob", here, perm.OrgsRead) }, all(gone), all(gone)},
		{"lister", func(h *house, here, _ api.OrgID) api.UserID { return h.member("Bob", here, perm.KeysList) }, allow(), all(gone)},
		{"reader", func(h *house, here, _ api.OrgID) api.UserID { return h.member("Bob", here, perm.KeysRead) }, allow("get"), all(gone)},
		{"modifier", func(h *house, here, _ api.OrgID) api.UserID { return h.member("Bob", here, perm.KeysModify) }, allow(modify...), all(gone)},
		{"deleter", func(h *house, here, _ api.OrgID) api.UserID { return h.member("Bob", here, perm.KeysDelete) }, allow("get", "delete"), all(gone)},
		{"stranger", func(h *house, _, there api.OrgID) api.UserID {
			return h.member("Bob", there, perm.KeysList, perm.KeysModify, perm.KeysDelete)
		}, all(gone), all(gone)},
		{"administrator", func(h *house, _, _ api.OrgID) api.UserID { return h.admin("Bob") },
			allow(append(modify, "delete")...), allow(append(modify, "delete")...)},
	}
	for _, c := range cases {
		t.Run(c.who, func(t *testing.T) {
			h := newHouse(t)
			h.keys = h.roomy()
			here, there := h.Org("Here"), h.Org("There")
			owner := h.member("Ada", here)
			h.join(owner, there)
			who := h.As(owner)
			if c.make != nil {
				who = h.As(c.make(h, here, there))
			}
			for _, a := range acts {
				h.refused(a.name, a.do(h, who, prepare(h, owner, &here, a.name)), c.inOrg[a.name])
				h.refused(a.name+" global", a.do(h, who, prepare(h, owner, nil, a.name)), c.global[a.name])
			}
		})
	}
}

// TestForeignIsLikeNothing: what one may not know of answers like what never was (P23).
func TestForeignIsLikeNothing(t *testing.T) {
	h := newHouse(t)
	here, there := h.Org("Here"), h.Org("There")
	foreign := h.add(h.member("Ada", there), &there, "secret project").Key.ID
	mine := h.add(h.member("Bob", here, perm.KeysModify, perm.KeysDelete), &here, "mine").Key
	deleted := h.add(mine.User.ID, &here, "deleted").Key.ID
	h.Must(h.keys.Delete(h.ctx, h.As(mine.User.ID), deleted))
	for _, who := range []caller.Caller{h.As(mine.User.ID), h.asKey(mine)} {
		for _, a := range acts {
			never := a.do(h, who, 1<<40)
			for name, id := range map[string]api.KeyID{"foreign": foreign, "deleted": deleted} {
				if err := a.do(h, who, id); err == nil || err.Error() != never.Error() {
					t.Errorf("%s %s: %v, but %v for what never was", a.name, name, err, never)
				}
			}
		}
	}
}

// TestLeftOrganization: who left an organization has no keys in it until they are back.
func TestLeftOrganization(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	id := h.add(ada, &org, "mine").Key.ID
	h.Exec("DELETE FROM memberships WHERE user_id = ?", ada)
	_, err := h.keys.Get(h.ctx, h.As(ada), id)
	h.refused("get after leaving", err, fault.NotFound)
	_, err = h.keys.Add(h.ctx, h.As(ada), &org, api.AddKey{Name: "n", Role: api.Admin})
	h.refused("add after leaving", err, fault.NotFound)
	h.join(ada, org)
	_, err = h.keys.Get(h.ctx, h.As(ada), id)
	h.refused("get once back", err, "")
}

// TestP19P20KeysAsCallers: no key makes, changes, shows or rotates what is wider or lives
// longer than itself.
func TestP19P20KeysAsCallers(t *testing.T) {
	h := newHouse(t)
	h.keys = h.roomy()
	here, there := h.Org("Here"), h.Org("There")
	ada := h.member("Ada", here, perm.KeysModify, perm.KeysDelete)
	h.join(ada, there)
	soon, later := h.now().Add(24*time.Hour), h.now().Add(48*time.Hour)
	lasting := h.add(ada, &here, "lasting").Key
	brief := h.add(ada, &here, "brief").Key
	brief, err := h.keys.Edit(h.ctx, h.As(ada), brief.ID, api.EditKey{ExpiresAt: api.Just(soon)})
	h.Must(err)
	reading := h.asReading(h.add(ada, &here, "reading").Key)
	global := h.add(ada, nil, "global").Key
	elsewhere := h.add(ada, &there, "elsewhere").Key
	bobs := h.add(h.member("Bob", here), &here, "bob's").Key

	add := func(who caller.Caller, org *api.OrgID, expires api.Maybe[time.Time]) error {
		_, err := h.keys.Add(h.ctx, who, org, api.AddKey{Name: "made by a key", Role: api.Admin, ExpiresAt: expires})
		if err == nil {
			h.Exec("DELETE FROM api_keys WHERE name = 'made by a key'")
		}
		return err
	}
	never, absent := api.Null[time.Time](), api.Maybe[time.Time]{}
	h.refused("an organization key adds there", add(h.asKey(lasting), &here, never), "")
	h.refused("an organization key adds elsewhere", add(h.asKey(lasting), &there, never), fault.NotFound)
	h.refused("an organization key adds a global one", add(h.asKey(lasting), nil, never), fault.KeyTooWeak)
	h.refused("a global key adds anywhere", add(h.asKey(global), &there, never), "")
	h.refused("a global key adds a global one", add(h.asKey(global), nil, never), "")
	h.refused("a brief key adds a lasting one", add(h.asKey(brief), &here, never), fault.LifetimeTooLong)
	h.refused("a brief key adds one by default", add(h.asKey(brief), &here, absent), "")
	h.refused("a brief key adds a longer one", add(h.asKey(brief), &here, api.Just(later)), fault.LifetimeTooLong)
	h.refused("a brief key adds one like itself", add(h.asKey(brief), &here, api.Just(soon)), "")
	h.refused("a READONLY key adds", add(reading, &here, never), fault.KeyTooWeak)

	for _, a := range acts {
		h.refused("READONLY: "+a.name, a.do(h, reading, prepare(h, ada, &here, a.name)), map[bool]fault.Code{false: fault.KeyTooWeak}[a.name == "get"])
		h.refused("organization key at a global one: "+a.name, a.do(h, h.asKey(lasting), prepare(h, ada, nil, a.name)), fault.NotFound)
		h.refused("organization key elsewhere: "+a.name, a.do(h, h.asKey(lasting), prepare(h, ada, &there, a.name)), fault.NotFound)
		h.refused("global key: "+a.name, a.do(h, h.asKey(global), prepare(h, ada, &there, a.name)), "")
	}
	h.refused("brief key shows a lasting one", acts[10].do(h, h.asKey(brief), lasting.ID), fault.LifetimeTooLong)
	h.refused("brief key rotates a lasting one", acts[11].do(h, h.asKey(brief), lasting.ID), fault.LifetimeTooLong)
	h.refused("brief key describes a lasting one", acts[2].do(h, h.asKey(brief), lasting.ID), fault.LifetimeTooLong)
	h.refused("brief key shows itself", acts[10].do(h, h.asKey(brief), brief.ID), "")
	h.refused("brief key lengthens itself", acts[6].do(h, h.asKey(brief), brief.ID), fault.LifetimeTooLong)
	h.refused("a key shows another person's", acts[10].do(h, h.asKey(lasting), bobs.ID), fault.PermissionRequired)
	h.refused("a key disables another person's", acts[3].do(h, h.asKey(lasting), bobs.ID), "")
	h.refused("a key deletes itself", acts[9].do(h, h.asKey(lasting), lasting.ID), "")

	h.Exec("UPDATE organizations SET keys_manage_keys = 0 WHERE id = ?", there)
	h.refused("no keys by keys", add(h.asKey(global), &there, never), fault.KeyTooWeak)
	h.refused("no global keys by keys, by the strictest", add(h.asKey(global), nil, never), fault.KeyTooWeak)
	h.refused("keys by keys elsewhere", add(h.asKey(global), &here, never), "")
	for _, a := range acts[1:] {
		h.refused("no keys by keys: "+a.name, a.do(h, h.asKey(global), elsewhere.ID), fault.KeyTooWeak)
	}
	h.refused("reading stays", acts[0].do(h, h.asKey(global), elsewhere.ID), "")
	h.refused("people still manage", acts[2].do(h, h.As(ada), elsewhere.ID), "")
}

// TestEndsWithItsMaker: a key that is made by another one without an expiry ends after
// the default lifetime or with the one that made it, whichever is first; one that is
// asked to last longer is refused with the time at which that one ends.
func TestEndsWithItsMaker(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Ops")
	ada := h.member("Ada", org)
	soon := h.now().Add(48 * time.Hour)
	brief, err := h.keys.Edit(h.ctx, h.As(ada), h.add(ada, &org, "brief").Key.ID, api.EditKey{ExpiresAt: api.Just(soon)})
	h.Must(err)
	lasting := h.add(ada, &org, "lasting").Key

	ends := func(who caller.Caller, policy string) string {
		h.Exec("UPDATE organizations SET "+policy+" WHERE id = ?", org)
		added, err := h.keys.Add(h.ctx, who, &org, api.AddKey{Name: fmt.Sprint("made ", h.next()), Role: api.Admin})
		h.Must(err)
		if added.Key.ExpiresAt == nil {
			return "never"
		}
		return added.Key.ExpiresAt.Sub(h.now()).String()
	}
	for _, c := range []struct {
		name, policy, want string
		who                caller.Caller
	}{
		{"no default", "default_lifetime_days = NULL", "48h0m0s", h.asKey(brief)},
		{"no default, every key expires", "allow_no_expiry = 0", "48h0m0s", h.asKey(brief)},
		{"a longer default", "default_lifetime_days = 7", "48h0m0s", h.asKey(brief)},
		{"a shorter default", "default_lifetime_days = 1", "24h0m0s", h.asKey(brief)},
		{"a key without end", "default_lifetime_days = 7", "168h0m0s", h.asKey(lasting)},
		{"a person", "default_lifetime_days = NULL, allow_no_expiry = 1", "never", h.As(ada)},
	} {
		if got := ends(c.who, c.policy); got != c.want {
			t.Errorf("%s: ends after %s, not %s", c.name, got, c.want)
		}
	}

	_, err = h.keys.Add(h.ctx, h.asKey(brief), &org, api.AddKey{Name: "late", Role: api.Admin, ExpiresAt: api.Just(soon.Add(time.Second))})
	h.refused("a second later", err, fault.LifetimeTooLong)
	if until := soon.UTC().Format("2006-01-02 at 15:04:05 UTC"); err == nil || !strings.Contains(err.Error(), until) {
		t.Errorf("the refusal does not name %s: %v", until, err)
	}
}
