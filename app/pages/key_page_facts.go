package pages

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// facts are all that is known of the key.
func (p *KeyPage) facts(k api.Key) app.UI {
	d, now := &p.desk, time.Now()
	may := d.rights().On(k)
	var list []app.UI
	add := func(name string, value ...app.UI) {
		list = append(list, ui.El("dt").Text(name), ui.El("dd").Body(value...))
	}
	add("Key", p.value(k, may), older(k, now))
	state := []app.UI{p.onOff(k, may)}
	if k.Enabled {
		state = append(state, ui.Badge(ui.OK, ui.IconOn, "Enabled"))
	}
	add("State", append(state, badges(k, now)...)...)
	add("Owner", owner(k.User))
	add("Works in", app.Text(worksIn(k, d.view)))
	add("Role", roleBadge(k.Role))
	add("Created", ui.When(ui.Moment{At: k.CreatedAt, Exact: true}))
	add("Expires", expiry(k, now))
	add("Last used", ui.When(ui.Moment{At: at(k.LastLoginAt), Never: "Never", Exact: true, Tone: idleTone(k, now)}))
	if k.LastLoginIP != nil {
		add("From", ui.El("code").Text(*k.LastLoginIP))
	}
	return ui.El("section", "class", "card pad", "aria-label", "Facts").Body(
		ui.El("h2").Text("Facts"),
		ui.El("dl", "class", "facts wide").Body(list...),
	)
}

// value is the key itself. What was shown or copied is in the history at once.
func (p *KeyPage) value(k api.Key, may keyActs) app.UI {
	s := p.desk.secret(k, may, p.desk.view.Offline)
	s.Inline = false
	s.Head, s.Tail = hintEnds(k.Hint)
	reveal, copied := s.Reveal, s.OnCopied
	s.Reveal = func(ctx context.Context) (string, error) {
		value, err := reveal(ctx)
		p.desk.ctx.Dispatch(ui.Safe(func(app.Context) { p.history.list.reload() }))
		return value, err
	}
	s.OnCopied = func(ctx app.Context) {
		copied(ctx)
		p.history.list.reload()
	}
	return s
}

func (p *KeyPage) onOff(k api.Key, may keyActs) app.UI {
	d := &p.desk
	return &ui.Switch{
		ID: "key-on", Label: quoted(k.Name) + " enabled", On: k.Enabled, Pending: d.list.pending[k.ID], Off: d.switchOff(k, may),
		OnChange: func(_ app.Context, on bool) { d.turn(k, on) },
	}
}

// may says what the key is allowed to do.
func (p *KeyPage) may(k api.Key) app.UI {
	v := p.desk.view
	words := othersMay(k, v.Org.Name)
	if v.Mine(k.User.ID) {
		words = mayIn(*v.Org, p.desk.rights().Account, k.Role)
		if k.Global() {
			words = mayEverywhere(v.Me, k.Role)
		}
	}
	body := []app.UI{ui.El("h2").Text("What it may do"), soft(words.Summary)}
	if len(words.Acts) > 0 {
		lines := make([]app.UI, len(words.Acts))
		for i, act := range words.Acts {
			lines[i] = ui.El("li").Text(ui.Capital(act))
		}
		body = append(body, ui.El("ul", "class", "names all").Body(lines...))
	}
	return ui.El("section", "class", "card pad", "aria-label", "What it may do").Body(body...)
}
