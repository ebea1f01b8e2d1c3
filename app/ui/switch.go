package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Switch is on or off. A press moves it at once and OnChange asks the server; the
// page sets Pending meanwhile. When Pending ends the switch shows On: what became
// true, or, after a refusal, what still is.
type Switch struct {
	app.Compo
	ID       string
	Label    string // accessible name: ci-runner enabled
	On       bool
	Pending  bool
	Off      string // why it can't be changed; "" when it can
	OnChange func(ctx app.Context, on bool)

	wanted bool
}

// CompoID keeps a switch that moves with its own row.
func (s *Switch) CompoID() string { return s.ID }

func (s *Switch) OnMount(ctx app.Context)  { ctx.PreventUpdate(); s.sync() }
func (s *Switch) OnUpdate(ctx app.Context) { ctx.Defer(func(app.Context) { s.sync() }) }

func (s *Switch) sync() {
	if el := find(s.JSValue(), "input"); el.Truthy() {
		el.Set("checked", s.shown())
	}
}

func (s *Switch) shown() bool {
	if s.Pending {
		return s.wanted
	}
	return s.On
}

func (s *Switch) Render() app.UI {
	return El("input",
		"type", "checkbox",
		"role", "switch",
		"class", "switch",
		"id", s.ID,
		"checked", yes(s.shown()),
		"aria-label", s.Label,
		"aria-busy", flag(s.Pending),
		"aria-disabled", flag(s.Off != ""),
		"aria-description", s.Off,
		"data-tip", s.Off,
	).OnClick(s.onClick).OnChange(s.onChange)
}

// onClick refuses without disabling: a disabled switch could not say why.
func (s *Switch) onClick(ctx app.Context, e app.Event) {
	if s.Off != "" || s.Pending {
		e.PreventDefault()
	}
}

func (s *Switch) onChange(ctx app.Context, e app.Event) {
	defer Rescue(ctx)
	if s.Off != "" || s.Pending || s.OnChange == nil {
		return
	}
	s.wanted = !s.On
	s.OnChange(ctx, s.wanted)
}
