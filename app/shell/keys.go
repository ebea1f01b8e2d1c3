package shell

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/session"
	"keystead/app/ui"
)

// keys are the shortcuts of a single key, and their help.
type keys struct {
	app.Compo
	view session.View
	help bool
}

// openHelp shows the help; the menu calls it as well as the key.
var openHelp = func(app.Context) {}

var hints = []ui.Hint{
	{Key: "/", Does: "Search"},
	{Key: "c", Does: "Add an API key"},
	{Key: "Esc", Does: "Close a dialog, hide what is shown"},
	{Key: "?", Does: "This help"},
}

func (k *keys) OnInit() { k.view = session.Now() }

func (k *keys) OnMount(ctx app.Context) {
	ctx.PreventUpdate()
	session.Observe(ctx, &k.view)
	openHelp = func(app.Context) { ctx.Dispatch(func(app.Context) { k.help = true }) }
}

func (k *keys) Render() app.UI {
	return &ui.Shortcuts{
		Off: k.view.Prefs.NoShortcuts, Hints: hints,
		Help: k.help, OnHelp: k.onHelp, OnOff: k.onOff,
	}
}

func (k *keys) onHelp(_ app.Context, open bool) { k.help = open }

func (k *keys) onOff(_ app.Context, off bool) { session.SetShortcuts(!off) }
