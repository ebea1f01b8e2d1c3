package pages

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/session"
	"keystead/app/shell"
	"keystead/app/ui"
	"keystead/shared/api"
)

// auditDetails is the dialog about one row of the audit log, all that is known of it,
// and the people whose names its screen knows.
type auditDetails struct {
	People ownerList
	// Only narrows the list to what is alike; nil where the list is about one key.
	Only func(name string, id int64)

	row  api.AuditRow
	open bool
}

func (d *auditDetails) show(r api.AuditRow) { d.row, d.open = r, true }

func (d *auditDetails) close(app.Context) { d.open = false }

// dialog draws it; v is the view of the screen.
func (d *auditDetails) dialog(v session.View) app.UI {
	part := &ui.Dialog{
		ID: "audit-details", Title: "Details", Size: "wide", Open: d.open, OnCancel: d.close, ReturnTo: auditRowID(d.row.ID),
		Body:   func() []app.UI { return d.facts(v) },
		Footer: d.buttons,
	}
	if d.open {
		part.Title = auditSentence(auditWho(d.row, &d.People), d.row)
	}
	return part
}

func (d *auditDetails) facts(v session.View) []app.UI {
	r := d.row
	var list []app.UI
	add := func(name string, value app.UI) {
		list = append(list, ui.El("dt").Text(name), ui.El("dd").Body(value))
	}
	line := func(name, value string) {
		if value != "" {
			add(name, app.Text(value))
		}
	}
	add("When", ui.When(ui.Moment{At: r.At, Exact: true}))
	line("UTC", r.At.UTC().Format("2006-01-02 15:04:05.000"))
	line("Who", d.person())
	d.credential(v, add)
	if r.Result == api.AuditRefused {
		add("Result", ui.Badge(ui.Bad, ui.IconOff, "Refused"))
	} else {
		add("Result", ui.Badge(ui.OK, ui.IconCheck, "Done"))
	}
	if r.Target == keyTarget && r.TargetID != nil {
		add("Key", keyLink(v, *r.TargetID, auditName(r)))
	} else {
		line("What", d.target())
	}
	line("Organization", orgName(v, r.OrganizationID))
	line("Address", r.IP)
	for _, f := range auditFacts(r) {
		line(f.Name, f.Value)
	}
	line("Act", r.Act)
	line("Request", r.RequestID)
	line("Row", ui.Count(int(r.ID)))
	return []app.UI{ui.El("dl", "class", "facts").Body(list...)}
}

// The targets of acts on API keys and on people.
const (
	keyTarget  = "api_key"
	userTarget = "user"
)

func (d *auditDetails) person() string {
	who := auditWho(d.row, &d.People)
	if d.row.UserEmail != nil && *d.row.UserEmail != who {
		who += ", " + *d.row.UserEmail
	}
	return who
}

// credential is what they came with: which session, or which key.
func (d *auditDetails) credential(v session.View, add func(string, app.UI)) {
	r := d.row
	switch {
	case r.KeyID != nil:
		add("Came with", keyLink(v, int64(*r.KeyID), auditKey(r)))
	case r.SessionID != nil:
		add("Came with", app.Text("Session "+strconv.FormatInt(int64(*r.SessionID), 10)))
	}
}

func (d *auditDetails) target() string {
	r := d.row
	if r.TargetName == nil && r.TargetID == nil {
		return ""
	}
	words := ui.Capital(spaced(r.Target)) + " " + auditName(r)
	if r.TargetName != nil && r.TargetID != nil {
		words += ", number " + strconv.FormatInt(*r.TargetID, 10)
	}
	return words
}

// buttons narrow the log to the same person or key.
func (d *auditDetails) buttons() []app.UI {
	var list []app.UI
	only := func(label, name string, id int64) {
		list = append(list, &ui.Button{ID: "audit-only-" + name, Label: label, Icon: ui.IconFilter, OnClick: func(app.Context) {
			d.open = false
			d.Only(name, id)
		}})
	}
	if d.Only != nil {
		switch r := d.row; {
		case r.Target == keyTarget && r.TargetID != nil:
			only("Only this key", "key_id", *r.TargetID)
		case r.KeyID != nil:
			only("Only this key", "key_id", int64(*r.KeyID))
		}
		if id, ok := auditPerson(d.row); ok {
			only("Only this person", "user", id)
		}
	}
	return append(list, &ui.Button{ID: "audit-details-done", Label: "Done", Kind: ui.Primary, OnClick: d.close})
}

// auditPerson is whom a row is about: who did it, or where nobody knows who did, whom it
// was done to.
func auditPerson(r api.AuditRow) (id int64, ok bool) {
	switch {
	case r.UserID != nil:
		return int64(*r.UserID), true
	case r.Target == userTarget && r.TargetID != nil:
		return *r.TargetID, true
	}
	return 0, false
}

// keyLink leads to the page of a key.
func keyLink(v session.View, id int64, words string) app.UI {
	return ui.El("a", "href", v.Link(shell.KeyPath(id))).Text(words)
}

// orgName is what an organization is called, as far as the person belongs to it.
func orgName(v session.View, id *api.OrgID) string {
	if id == nil {
		return "None: of the account"
	}
	for _, org := range v.Me.Organizations {
		if org.ID == *id {
			return org.Name
		}
	}
	return "Organization " + strconv.FormatInt(int64(*id), 10)
}
