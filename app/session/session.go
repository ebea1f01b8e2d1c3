package session

import (
	"context"
	"sync"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// state names the go-app state that carries views to observers.
const state = "keystead/session"

// known is what this tab knows. One person per tab, so it is the package's own.
var known struct {
	sync.Mutex
	me      api.Me
	ok      bool
	problem error
	offline bool
	asOf    time.Time
	last    string // short name of the organization visited last
	prefs   Prefs
	idle    limits
	synced  map[api.OrgID]time.Time // when the kept list of each was fetched
	opened  time.Time
	skew    time.Duration // the server's clock less ours
	warning Warning
	version string // of the console that the server would send now
	update  bool   // it is not this one
	leaving bool

	untold    bool // something changed before there was anyone to tell
	reloading bool
	publish   func()
}

// Now is the view at this moment, for the organization in the address.
func Now() View {
	asked := app.Window().URL().Query().Get("org")
	known.Lock()
	defer known.Unlock()
	v := View{
		Me: known.me, Known: known.ok, Problem: known.problem,
		Offline: known.offline, AsOf: known.asOf, Prefs: known.prefs,
		Warning: known.warning, Outdated: known.update,
	}
	v.Org = choose(v.Me.Organizations, asked, known.last)
	switch {
	case v.Org != nil:
		known.last = v.Org.ShortName
	case len(v.Me.Organizations) > 0:
		v.Asked = asked
	}
	return v
}

// Observe fills v now and whenever the view changes, and has the component drawn
// again. Call it in OnMount; it ends with the component.
func Observe(ctx app.Context, v *View) app.Observer {
	observer := ctx.ObserveState(state, v)
	*v = Now()
	return observer
}

// Start begins to publish changes. The shell calls it when it is mounted.
func Start(ctx app.Context) {
	known.Lock()
	known.publish = func() { ctx.SetState(state, Now()) }
	untold := known.untold
	known.Unlock()
	if untold {
		publish()
	}
}

// publish tells observers. The mutex must not be held.
func publish() {
	known.Lock()
	tell := known.publish
	known.untold = tell == nil
	known.Unlock()
	if tell != nil {
		tell()
	}
}

// change edits what is known and tells observers if edit says that it matters.
func change(edit func() bool) {
	known.Lock()
	matters := edit()
	known.Unlock()
	if matters {
		publish()
	}
}

// Reload asks the server again who the person is and what they may do.
func Reload(ctx context.Context) error {
	me, err := client.API.Me(client.Background(ctx))
	if err != nil {
		change(func() bool { known.problem = err; return !known.ok })
		return err
	}
	learn(me)
	return nil
}

// learn takes what the server says about the person.
func learn(me api.Me) {
	change(func() bool {
		known.me, known.ok, known.problem, known.asOf = me, true, nil, time.Now()
		return true
	})
}

// SignOut ends the session, forgets everything on this device and goes to sign-in.
// Offline it does nothing: the session would go on behind the person's back.
func SignOut(ctx context.Context) error {
	if err := client.API.SignOut(ctx); err != nil && !fault.Is(err, fault.NotSignedIn) {
		return err
	}
	leave(ctx, fault.NotSignedIn, false)
	return nil
}
