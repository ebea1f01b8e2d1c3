package session

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// beat is how often the watch looks at the latest. A device that slept wakes with
// timers that did not run, so a far deadline is not left to one of them.
const beat = 20 * time.Second

// wake has the watch look at once.
var wake = make(chan struct{}, 1)

func nudge() {
	select {
	case wake <- struct{}{}:
	default:
	}
}

// watch looks after the session for as long as the console runs: whether the server
// is there, whether the session is about to end, whether lists are to be kept.
func watch(ctx context.Context) {
	for {
		wait := look(ctx)
		select {
		case <-wake:
		case <-time.After(max(time.Second, min(wait, beat))):
		}
	}
}

func look(ctx context.Context) (again time.Duration) {
	known.Lock()
	offline := known.offline
	known.Unlock()
	if offline {
		_ = Retry(ctx) // the banner says the rest
		return beat
	}
	warn, again := judge()
	if !warn {
		setWarning(Warning{})
		syncDue(ctx)
		return again
	}
	// Another tab may have moved the end, or an act of this one: only the server
	// knows. If the session is over its answer is the 401 that leads to sign-in.
	if askLimits(client.Background(ctx)) != nil {
		return beat
	}
	_, again = judge()
	return again
}

// judge says whether to warn, by what is known of the session, and when to look again.
func judge() (warn bool, again time.Duration) {
	known.Lock()
	defer known.Unlock()
	warn, again = known.idle.look(time.Now().Add(known.skew))
	return warn, again
}

// askLimits learns from the server when the session ends, and warns or stops to.
func askLimits(ctx context.Context) error {
	s, err := client.API.Session(ctx)
	if err != nil {
		return err
	}
	setLimits(s)
	var w Warning
	if warn, _ := judge(); warn {
		known.Lock()
		w = known.idle.warning(known.skew)
		known.Unlock()
	}
	setWarning(w)
	return nil
}

func setLimits(s api.Session) {
	known.Lock()
	known.idle = limits{s.IdleAt, s.ExpiresAt}
	known.Unlock()
}

func setWarning(w Warning) {
	change(func() bool {
		moved := known.warning.Final != w.Final || known.warning.Ends.Sub(w.Ends).Abs() > time.Second
		known.warning = w
		return moved
	})
}

// Stay tells the server that the person is there.
func Stay(ctx context.Context) error {
	if err := askLimits(ctx); err != nil {
		return err
	}
	nudge()
	return nil
}

// Retry looks whether the server is there again, and if so who it says the person is.
func Retry(ctx context.Context) error {
	if _, err := client.API.Session(client.Background(ctx)); err != nil {
		return err
	}
	return Reload(ctx)
}

// follow listens to the browser for as long as the page lives.
func follow() {
	on := func(target app.Value, event string, do func()) {
		target.Call("addEventListener", event, app.FuncOf(func(app.Value, []app.Value) any {
			do()
			return nil
		}))
	}
	window := app.Window()
	document := window.Get("document")
	// "online" only says that there is some network: the next answer decides.
	on(window, "online", nudge)
	on(window, "offline", func() { go unreachable() })
	on(document, "visibilitychange", func() {
		if !document.Get("hidden").Bool() {
			nudge()
		}
	})
}

func unreachable() {
	change(func() bool {
		changed := !known.offline
		known.offline = true
		return changed
	})
}

// answered learns from the envelope of an answer.
func answered(a client.Answer) {
	var stale, newer bool
	change(func() bool {
		back := known.offline
		known.offline, known.asOf = false, time.Now()
		if !a.Date.IsZero() {
			known.skew = time.Until(a.Date)
		}
		stale = known.ok && a.Rights != "" && a.Rights != known.me.Rights
		newer = a.Version != "" && a.Version != known.version
		if newer {
			known.version = a.Version
			known.update = known.update || a.Version != app.Getenv("GOAPP_VERSION")
		}
		return back || newer && known.update
	})
	if newer && a.Version != app.Getenv("GOAPP_VERSION") {
		app.TryUpdate()
	}
	if stale {
		reloadOnce()
	}
}

// reloadOnce reloads what the person may do, unless that is under way already.
func reloadOnce() {
	known.Lock()
	busy := known.reloading
	known.reloading = true
	known.Unlock()
	if busy {
		return
	}
	go func() {
		_ = Reload(context.Background()) // the next answer tells again
		known.Lock()
		known.reloading = false
		known.Unlock()
	}()
}

// signedOut hears that the server no longer knows the session.
func signedOut(code fault.Code) { leave(context.Background(), code, true) }
