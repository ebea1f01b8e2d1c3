package shell

import (
	"context"
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/session"
	"keystead/app/ui"
)

// banners tell what is true of the whole console: no server, a newer version, an
// address on which browsers withhold what the console is made of.
type banners struct {
	app.Compo
	view    session.View
	update  bool // a new version is here, ready to run
	trying  bool
	hushed  bool // the note about the address was read
	address addressKind
}

// insecureRead keeps the note away for as long as the tab lives.
var insecureRead bool

func (b *banners) OnInit() {
	b.view, b.hushed, b.address = session.Now(), insecureRead, addressHere()
}

func (b *banners) OnMount(ctx app.Context) {
	session.Observe(ctx, &b.view)
	if b.OnAppUpdate(ctx); !b.update {
		ctx.PreventUpdate()
	}
}

func (b *banners) OnAppUpdate(ctx app.Context) { b.update = ctx.AppUpdateAvailable() }

func (b *banners) Render() app.UI {
	var lines []app.UI
	if b.view.Offline {
		lines = append(lines, ui.Banner(ui.Warn, ui.IconOffline, offlineWords(online(), clock(b.view.AsOf, time.Now())), b.retryButton()))
	}
	if b.update || b.view.Outdated && !hasWorker() {
		lines = append(lines, ui.Banner(ui.Info, ui.IconDownload, "A new version of Keystead is ready.",
			&ui.Button{ID: "banner-update", Label: "Reload", OnClick: takeUpdate}))
	}
	if b.address == insecureAddress && !b.hushed {
		lines = append(lines, ui.Banner(ui.Warn, ui.IconWarn,
			"This address has no TLS, so the browser withholds offline use, installing and its clipboard: copying may ask you to press Ctrl+C. Open Keystead by https or on localhost for all of it.",
			&ui.Button{ID: "banner-insecure", Label: "Got it", OnClick: b.hush}))
	}
	return ui.El("div", "class", "banners", "hidden", strconv.FormatBool(len(lines) == 0)).Body(lines...)
}

// retryButton is the one of the page, see [unknownPerson] for where it has its own.
func (b *banners) retryButton() app.UI {
	if !b.view.Known {
		return nil
	}
	return &ui.Button{ID: "banner-retry", Label: "Retry", Busy: b.trying, OnClick: b.retry}
}

func (b *banners) retry(ctx app.Context) {
	b.trying = true
	ctx.Async(func() {
		err := session.Retry(context.Background())
		ctx.Dispatch(func(app.Context) {
			b.trying = false
			if err != nil {
				ui.Announce("Still offline.")
			}
		})
	})
}

func (b *banners) hush(app.Context) { b.hushed, insecureRead = true, true }

// takeUpdate has the page start the new version and reload itself.
func takeUpdate(ctx app.Context) {
	if take := app.Window().Get("keysteadUpdate"); take.Truthy() {
		take.Invoke()
		return
	}
	ctx.Reload()
}

// offlineWords says what does not work, and how old is what is shown.
func offlineWords(online bool, since string) string {
	words := "You are offline."
	if online {
		words = "Keystead can’t be reached."
	}
	if since != "" {
		words += " This is what the server said at " + since + "."
	}
	return words + " Secrets can’t be shown and nothing can be changed until you are back."
}

// addressKind is what a browser makes of the address by which the console was opened.
type addressKind int

const (
	secureAddress addressKind = iota
	insecureAddress
)

func addressHere() addressKind {
	if secure := app.Window().Get("isSecureContext"); app.IsClient && !secure.Truthy() {
		return insecureAddress
	}
	return secureAddress
}

// online is the browser's own idea: false is sure, true is not.
func online() bool { return app.Window().Get("navigator").Get("onLine").Truthy() }

// hasWorker reports whether a worker serves the page. With one, a new version can
// only be run once it was fetched, which go-app tells by OnAppUpdate.
func hasWorker() bool {
	workers := app.Window().Get("navigator").Get("serviceWorker")
	return workers.Truthy() && workers.Get("controller").Truthy()
}
