package pages

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/shell"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// SecretsKeys is the screen Settings → Secrets & Keys: the account's ID, the two
// credentials of the organization, and the API keys that the person may see.
type SecretsKeys struct {
	app.Compo
	desk      keyDesk
	rotate    rotating
	account   api.Account
	unknown   error // why there is no account to show
	listeners ui.Listeners
}

// rotating is what the dialog of an organization's secret is about.
type rotating struct {
	kind     secretKind
	has      bool
	previous *api.Previous
	turns    map[api.SecretKind]int // counts what was made, so that the cards ask again
}

// about opens the dialog about a secret.
func (r *rotating) about(d *keyDesk, kind secretKind) func(bool, *api.Previous) {
	return func(has bool, previous *api.Previous) {
		r.kind, r.has, r.previous = kind, has, previous
		d.open(dialogSecretRotate, api.Key{})
	}
}

func (r *rotating) made() {
	if r.turns == nil {
		r.turns = map[api.SecretKind]int{}
	}
	r.turns[r.kind.Kind]++
}

// OnInit knows the session, and the list where it came, before the first draw.
func (p *SecretsKeys) OnInit() { p.desk.begin() }

// OnMount follows the session.
func (p *SecretsKeys) OnMount(ctx app.Context) {
	p.desk.mount(ctx, shell.PathSecretsKeys)
	session.Observe(ctx, &p.desk.view).OnChange(func() {
		back := p.desk.wasOffline && !p.desk.view.Offline
		p.desk.followed()
		if back && p.unknown != nil {
			p.loadAccount(ctx)
		}
	})
	p.listeners.Every(ctx, time.Minute, func(app.Context) {})
}

// OnDismount ends what is under way.
func (p *SecretsKeys) OnDismount() {
	p.listeners.Release()
	p.desk.unmount()
}

// OnNav reads the address.
func (p *SecretsKeys) OnNav(ctx app.Context) {
	defer ui.Rescue(ctx)
	p.desk.arrive()
	if p.desk.view.MayOnAccount(perm.AccountRead) && p.account.ID == "" {
		p.loadAccount(ctx)
	}
}

func (p *SecretsKeys) loadAccount(ctx app.Context) {
	ctx.Async(func() {
		account, err := client.API.Account(context.Background())
		ctx.Dispatch(ui.Safe(func(app.Context) {
			p.account, p.unknown = account, err
		}))
	})
}

// Render is the page.
func (p *SecretsKeys) Render() app.UI {
	d := &p.desk
	if d.view.Org == nil {
		return shell.Frame("Secrets & Keys")
	}
	cards := p.cards()
	content := []app.UI{
		ui.PageHead("Secrets & Keys", "Credentials of "+d.view.Org.Name+". A key carries its owner’s permissions: "+
			"never e‑mail it or write it down, and keep it out of code and out of the source tree."),
	}
	content = append(content, d.dialogs()...)
	content = append(content,
		p.rotate.dialog(d),
		ui.El("section", "class", "cards", "aria-label", "Account and organization", "hidden", yesNo(len(cards) == 0)).Body(cards...),
		ui.El("section", "class", "card keys-card", "aria-labelledby", "keys-heading").Body(
			p.toolbar(),
			d.filterBar(),
			d.table(&ui.Table{ID: "keys", Label: "API keys", Columns: secretsKeysColumns, Rows: p.rows()}),
			d.pager(),
		),
	)
	return shell.Frame("Secrets & Keys", content...)
}

func (p *SecretsKeys) toolbar() app.UI {
	d := &p.desk
	return ui.El("div", "class", "toolbar").Body(
		ui.El("h2", "id", "keys-heading").Text("API keys"),
		ui.El("span", "class", "badge", "hidden", yesNo(!d.list.loaded)).Text(ui.Count(d.list.total)),
		d.asOf(),
		ui.El("span", "class", "grow"),
		d.searchField("keys-search", "Search name, user or hint"),
		d.filterButton(),
		d.addButton("keys-add"),
	)
}

var secretsKeysColumns = []ui.Column{
	{ID: api.SortName, Title: "Name", Sort: true},
	{ID: api.SortUser, Title: "User", Holds: ui.HoldsPerson, Sort: true},
	{ID: "key", Title: "Key", Holds: ui.HoldsValue},
	{ID: api.SortRole, Title: "Role", Holds: ui.HoldsBadge, Sort: true},
	{ID: api.SortExpires, Title: "Expires", Holds: ui.HoldsDay, Sort: true},
	{ID: api.SortLastLogin, Title: "Last used", Holds: ui.HoldsDay, Sort: true},
	{ID: api.SortEnabled, Title: "Enabled", Holds: ui.HoldsSwitch, Sort: true},
	{ID: "manage", Title: "Manage", Holds: ui.HoldsActs, End: true},
}

func (p *SecretsKeys) rows() []app.UI {
	d, rights := &p.desk, p.desk.rights()
	rows := make([]app.UI, len(d.list.rows))
	for i, k := range d.list.rows {
		rows[i] = &keyRow{Desk: d, Key: k, May: rights.On(k), Pending: d.list.pending[k.ID], Offline: d.view.Offline, Minute: minute()}
	}
	return rows
}

// cards are the account's ID and the secrets, each for whom it is.
func (p *SecretsKeys) cards() []app.UI {
	v := p.desk.view
	var cards []app.UI
	if v.MayOnAccount(perm.AccountRead) {
		cards = append(cards, p.accountCard())
	}
	for _, kind := range []secretKind{agentKey, sharedSecret} {
		if read, manage := kind.may(p.desk.rights().Here); read || manage {
			cards = append(cards, p.rotate.card(&p.desk, kind, read, manage))
		}
	}
	return cards
}

// card is a secret on a screen.
func (r *rotating) card(d *keyDesk, kind secretKind, read, manage bool) *orgSecret {
	return &orgSecret{
		Kind: kind, Org: d.view.Org.ID, MayRead: read, MayManage: manage, Offline: d.view.Offline, Turn: r.turns[kind.Kind],
		OnRotate: r.about(d, kind), OnFail: d.complain,
		OnCopied: func(what string) { d.toast("Copied " + what + ".") },
	}
}

// accountCard names the installation.
func (p *SecretsKeys) accountCard() app.UI {
	value := app.UI(ui.Skeleton(2))
	switch {
	case p.unknown != nil && p.desk.view.Offline:
		value = notKept()
	case p.unknown != nil:
		value = ui.El("div", "role", "alert").Body(ui.Notice(ui.Bad, "Couldn’t load it.", client.Sentence(p.unknown),
			&ui.Button{ID: "account-retry", Label: "Retry", OnClick: p.loadAccount}))
	case p.account.ID != "":
		value = ui.El("div", "class", "secret", "data-state", "plain").Body(
			ui.El("code", "id", "account-id").Text(p.account.ID),
			&ui.CopyButton{ID: "account-id-copy", Label: "Copy account ID", Value: p.account.ID, Done: "Copied the account ID."},
		)
	}
	return ui.El("div", "class", "card pad", "role", "group", "aria-label", "Account ID").Body(
		ui.El("div", "class", "spread").Body(ui.El("h2").Text("Account ID")),
		value,
		ui.El("p", "class", "hint").Text("Names this installation in API calls and support requests. Not a secret."),
	)
}

// notKept stands for what is never on this device. The banner says that the server is
// away and has the Retry.
func notKept() app.UI {
	return ui.El("p", "class", "never").Text("Not kept for offline use.")
}

// dialog rotates or creates a secret.
func (r *rotating) dialog(d *keyDesk) app.UI {
	return &secretRotate{Desk: d, Open: d.dialog == dialogSecretRotate, Kind: r.kind, Has: r.has, Previous: r.previous, OnDone: r.made}
}
