package ui

import (
	"cmp"
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// CopyButton copies a text that is no secret. "Copied" appears where it is true;
// where the browser refuses, a toast says how to copy by hand.
type CopyButton struct {
	app.Compo
	ID    string
	Label string // accessible name and object: Copy account ID
	Text  string // the word on the button; "" for an icon alone
	Value string
	Done  string // what the toast says: Copied the account ID

	ctx app.Context
}

func (b *CopyButton) OnMount(ctx app.Context) { ctx.PreventUpdate(); b.ctx = ctx }

func (b *CopyButton) Render() app.UI {
	if b.Text != "" {
		return &Button{ID: b.ID, Label: b.Text, Name: b.Label, Icon: IconCopy, OnClick: b.onClick}
	}
	return &IconButton{ID: b.ID, Label: b.Label, Tip: "Copy", Icon: IconCopy, OnClick: b.onClick}
}

func (b *CopyButton) onClick(app.Context) {
	value := b.Value
	Copy(b.ctx, func(context.Context) (string, error) { return value, nil }, func(ctx app.Context, out Outcome) {
		if out.Result == Copied {
			Toast(ctx, Message{Text: cmp.Or(b.Done, "Copied")})
			return
		}
		Toast(ctx, Message{Tone: Bad, Text: "The browser refused to copy. Select the text and press " + copyKeys() + "."})
	})
}

// copyKeys is what copies by hand on this machine.
func copyKeys() string {
	if navigator := window().Get("navigator"); navigator.Truthy() && isApple(navigator.Get("platform").String()) {
		return "⌘C"
	}
	return "Ctrl+C"
}

func isApple(platform string) bool {
	return len(platform) >= 3 && (platform[:3] == "Mac" || platform[:2] == "iP")
}
