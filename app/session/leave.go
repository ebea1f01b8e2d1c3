package session

import (
	"context"
	"net/url"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/shared/fault"
)

// OnLeave is called before the console goes to sign-in: whatever is shown of a
// secret is dropped then.
var OnLeave func()

// leave goes to sign-in, from where a person who was thrown out comes back to this
// page. What was kept on the device is wiped, except after an idle timeout: then the
// person is still theirs to be.
func leave(ctx context.Context, code fault.Code, comeBack bool) {
	known.Lock()
	leaving := known.leaving
	known.leaving = true
	known.Unlock()
	if leaving {
		return
	}
	if OnLeave != nil {
		OnLeave()
	}
	if code != fault.SessionIdle {
		ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		_ = wipe(ctx) // the next start does it again for anyone else
	}
	here := app.Window().URL()
	if !comeBack {
		here = &url.URL{}
	}
	app.Window().Get("location").Call("replace", signIn(here))
}

// signIn is the address of the sign-in page, which leads back to here.
func signIn(here *url.URL) string {
	next := here.Path
	if here.RawQuery != "" {
		next += "?" + here.RawQuery
	}
	if next == "" || next == "/" {
		return "/sign-in"
	}
	return "/sign-in?next=" + url.QueryEscape(next)
}
