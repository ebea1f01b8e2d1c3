package pages

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/shell"
	"keystead/app/ui"
	"keystead/shared/perm"
)

// empty says that no machine was enrolled yet, and how one is.
func (p *Devices) empty() app.UI {
	if p.cannotEnroll() != "" {
		return ui.EmptyWith(ui.IconDevice, "No devices yet", "A machine enrolls itself with the agent access key. Your role does not show you that key.", nil)
	}
	return ui.EmptyWith(ui.IconDevice, "No devices yet", "A machine enrolls itself with the agent access key, in two lines:", p.enrollExample("devices-empty-copy"))
}

// cannotEnroll says why the person can't enroll a machine, "" when they can: it takes
// the value of the agent access key.
func (p *Devices) cannotEnroll() string {
	if p.list.view.May(perm.AgentKeyRead) {
		return ""
	}
	return "Your role does not show you the agent access key."
}

// enrollDialog tells the same to whom has devices already.
func (p *Devices) enrollDialog() app.UI {
	return &ui.Dialog{
		ID: "device-enroll", Title: "Enroll a device", Size: "wide", Open: p.enrolling, OnCancel: p.closeEnroll,
		Body: func() []app.UI {
			return []app.UI{soft("On the machine, put the agent access key into AGENT_KEY. Then these two lines enroll it and check it in:"),
				p.enrollExample("device-enroll-copy"), p.whereTheKeyIs()}
		},
		Footer: func() []app.UI { return []app.UI{&ui.Button{Label: "Done", Kind: ui.Primary, OnClick: p.closeEnroll}} },
	}
}

func (p *Devices) enrollExample(id string) app.UI {
	lines := enrollLines(baseHere(p.list.view))
	return ui.El("div", "class", "example").Body(
		ui.El("pre", "tabindex", "0", "aria-label", "Two lines that enroll a machine").Text(lines),
		&ui.CopyButton{ID: id, Label: "Copy the two lines", Value: lines, Done: "Copied the two lines."},
	)
}

func (p *Devices) whereTheKeyIs() app.UI {
	read, manage := agentKey.may(rightsOf(p.list.view.Me, *p.list.view.Org).Here)
	if !read && !manage {
		return soft("Ask an administrator for the agent access key: your role does not show it.")
	}
	return ui.El("p", "class", "soft").Body(app.Text("The agent access key is on "),
		ui.El("a", "href", p.list.view.Link(shell.PathSecretsKeys)).Text("Secrets & Keys"), app.Text("."))
}

// oldKeys counts the devices that came with a key after its rotation. It is a hint, so
// where it can't be had there is none.
type oldKeys struct {
	turn  int
	total int
}

func (o *oldKeys) load(l *listing) {
	o.turn++
	turn, org := o.turn, l.org
	if org == 0 {
		o.total = 0
		return
	}
	ask := deviceList(oldKeysQuery())
	ask.Limit = 1
	l.ctx.Async(func() {
		page, err := client.API.Devices(l.alive, org, ask)
		l.ctx.Dispatch(ui.Safe(func(app.Context) {
			if err == nil && turn == o.turn {
				o.total = page.Total
			}
		}))
	})
}

// notice tells how many there are and filters to them; while the list is filtered so,
// it leads back.
func (o *oldKeys) notice(l *listing) app.UI {
	slot := ui.El("div", "role", "status", "hidden", yesNo(o.total == 0))
	if o.total == 0 {
		return slot
	}
	act := &ui.Button{ID: "old-keys-act", Label: "Show them", OnClick: func(app.Context) { l.set("old_key", "true") }}
	if o.total == 1 {
		act.Label = "Show it"
	}
	if l.query.Get("old_key") != "" {
		act.Label, act.OnClick = "Show all devices", l.clear
	}
	return slot.Body(ui.Notice(ui.Warn, oldKeysTitle(o.total), oldKeysText(o.total), act))
}
