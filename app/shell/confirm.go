package shell

import (
	"context"
	"sync"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// asking are the requests that wait until the person confirmed who they are. One
// dialog answers all of them.
var asking struct {
	sync.Mutex
	waiting []chan error
	open    func() // of the dialog that is mounted
}

// elevate is the client's hook: it blocks until the person confirmed who they are.
// It fails where they did not want to, or ctx is done.
func elevate(ctx context.Context) error {
	answer := make(chan error, 1)
	asking.Lock()
	open := asking.open
	if open == nil {
		asking.Unlock()
		return context.Canceled
	}
	asking.waiting = append(asking.waiting, answer)
	asking.Unlock()
	open()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// answerAll lets every waiting request go on, or gives it up.
func answerAll(err error) {
	asking.Lock()
	waiting := asking.waiting
	asking.waiting = nil
	asking.Unlock()
	for _, answer := range waiting {
		answer <- err
	}
}

// confirm asks for the password before an act that shows or changes what is
// precious; the act then goes on by itself. It holds the password for as long as the
// dialog is open and no longer.
type confirm struct {
	app.Compo
	ctx      app.Context // its own: those of its parts end with them
	open     bool
	busy     bool
	password string
	problem  string
}

func (c *confirm) OnMount(ctx app.Context) {
	ctx.PreventUpdate()
	c.ctx = ctx
	asking.Lock()
	asking.open = func() { ctx.Dispatch(func(app.Context) { c.open = true }) }
	asking.Unlock()
}

func (c *confirm) OnDismount() {
	asking.Lock()
	asking.open = nil
	asking.Unlock()
	c.password = ""
	answerAll(context.Canceled)
}

func (c *confirm) Render() app.UI {
	return &ui.Dialog{
		ID: "confirm", Title: "Confirm it’s you", Size: "narrow", Open: c.open,
		Body: c.body, Footer: c.footer, OnSubmit: c.submit, OnCancel: c.cancel,
	}
}

func (c *confirm) body() []app.UI {
	return []app.UI{
		ui.El("p").Text("What comes next shows or changes something precious, so Keystead asks for your password again."),
		Username(),
		&ui.Field{
			ID: "confirm-password", Label: "Password", Type: "password", AutoComplete: "current-password",
			Value: c.password, Error: c.problem, Focus: true, OnInput: c.onPassword,
		},
	}
}

func (c *confirm) footer() []app.UI {
	return []app.UI{
		&ui.Button{ID: "confirm-cancel", Label: "Cancel", OnClick: c.cancel},
		&ui.Button{ID: "confirm-go", Label: "Confirm", Kind: ui.Primary, Submit: true, Busy: c.busy},
	}
}

func (c *confirm) onPassword(_ app.Context, value string) { c.password, c.problem = value, "" }

func (c *confirm) submit(app.Context) {
	if c.busy {
		return
	}
	if c.password == "" {
		c.problem = "Type your password."
		return
	}
	c.busy = true
	password := api.Hide(c.password)
	c.ctx.Async(func() {
		err := client.API.Elevate(c.ctx, password)
		c.ctx.Dispatch(func(ctx app.Context) { c.done(ctx, err) })
	})
}

func (c *confirm) done(ctx app.Context, err error) {
	c.busy = false
	if err != nil {
		c.problem = client.Sentence(err)
		if fault.Is(err, fault.BadCredentials) {
			c.password = ""
		}
		ui.FocusID(ctx, "confirm-password")
		return
	}
	c.close(nil)
}

func (c *confirm) cancel(app.Context) { c.close(context.Canceled) }

func (c *confirm) close(answer error) {
	c.open, c.busy, c.password, c.problem = false, false, "", ""
	answerAll(answer)
}

// Username tells password managers whose password a form is about. People don't see it.
func Username() app.UI {
	return ui.El("input", "type", "text", "class", "sr", "autocomplete", "username", "aria-hidden", "true",
		"tabindex", "-1", "readonly", "true", "value", session.Now().Me.User.Email)
}
