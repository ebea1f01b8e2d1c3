package pages

import (
	"sort"
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// filters are who, what, which key, where, how it ended, and when.
func (p *Audit) filters() []app.UI {
	l := &p.list
	me, chosen := l.view.Me.User.ID, api.UserID(idIn(l.query, "user"))
	bar := []app.UI{
		l.filterBy("act", "What", actOptions(l.query.Get("act"))),
		l.filterBy("user", "Who", p.details.People.options("Everyone", me, chosen)),
		l.filterBy("key_id", "Key", p.keys.options(api.KeyID(idIn(l.query, "key_id")))),
	}
	if p.everything() {
		bar = append(bar, l.filterBy("organization", "Organization", p.orgOptions()))
	}
	return append(bar,
		l.filterBy("result", "Result", resultOptions),
		ui.El("div", "class", "row dates").Body(
			p.day("since", "From", p.since, func(day string) { p.since = day }),
			p.day("until", "To", p.until, func(day string) { p.until = day }),
		),
	)
}

// day is a bound in time. What is typed stays in the field until it is a day.
func (p *Audit) day(name, label, typed string, keep func(string)) app.UI {
	return &ui.Field{
		ID: "rows-" + name, Label: label, Type: "date", Value: typed, Max: ui.Today(),
		OnInput: func(_ app.Context, day string) {
			keep(day)
			if day == "" || aDay(day) {
				p.list.set(name, day)
			}
		},
	}
}

func (p *Audit) orgOptions() []ui.Option {
	list := []ui.Option{{Value: "", Label: "All organizations"}}
	chosen := idIn(p.list.query, "organization")
	for _, org := range p.list.view.Me.Organizations {
		list = append(list, ui.Option{Value: strconv.FormatInt(int64(org.ID), 10), Label: org.Name})
		if int64(org.ID) == chosen {
			chosen = 0
		}
	}
	if id := api.OrgID(chosen); id != 0 { // of one that is gone
		list = append(list, ui.Option{Value: strconv.FormatInt(chosen, 10), Label: orgName(p.list.view, &id)})
	}
	return list
}

// meet learns how the members of the organization are called, where the person may
// see them: the log knows e-mails only.
func (d *auditDetails) meet(l *listing) {
	d.People.forget()
	d.People.add(l.view.Me.User.ID, l.view.Name())
	if l.view.Org == nil || !l.view.May(perm.UsersRead) {
		return
	}
	org := l.org
	l.ctx.Async(func() {
		members, err := client.API.Members(l.alive, org)
		l.ctx.Dispatch(ui.Safe(func(app.Context) {
			if err != nil || org != l.org {
				return
			}
			for _, m := range members.Items {
				d.People.add(m.User.ID, ownerName(api.KeyOwner{FirstName: m.User.FirstName, LastName: m.User.LastName, Email: m.User.Email}))
			}
		}))
	})
}

// see remembers the people of rows, by their e-mail where nothing better is known.
func (d *auditDetails) see(rows []api.AuditRow) {
	for _, r := range rows {
		if r.UserID != nil && r.UserEmail != nil && d.People.names[*r.UserID] == "" {
			d.People.add(*r.UserID, *r.UserEmail)
		}
	}
}

// auditKeys are the keys that the log can be filtered by: those of the organization
// that the person sees in lists, the first hundred, and those of the rows so far.
type auditKeys struct{ names map[api.KeyID]string }

func (k *auditKeys) forget() { k.names = map[api.KeyID]string{} }

func (k *auditKeys) load(l *listing) {
	org := l.org
	if org == 0 {
		return
	}
	l.ctx.Async(func() {
		page, err := client.API.Keys(l.alive, org, api.KeyList{List: api.List{Limit: api.MaxLimit, Sort: api.SortName}, Scope: api.ScopeAll})
		l.ctx.Dispatch(ui.Safe(func(app.Context) {
			if err != nil || org != l.org {
				return
			}
			for _, key := range page.Items {
				k.names[key.ID] = key.Name
			}
		}))
	})
}

func (k *auditKeys) see(rows []api.AuditRow) {
	learn := func(id api.KeyID, name string) {
		if k.names[id] == "" {
			k.names[id] = name
		}
	}
	for _, r := range rows {
		if r.Target == keyTarget && r.TargetID != nil && r.TargetName != nil {
			learn(api.KeyID(*r.TargetID), *r.TargetName)
		}
		if r.KeyID != nil && r.KeyName != nil {
			learn(*r.KeyID, *r.KeyName)
		}
	}
}

// options are the lines of the filter, by name; the chosen one is there even if
// nothing is known of it.
func (k *auditKeys) options(chosen api.KeyID) []ui.Option {
	byName := make([]string, 0, len(k.names))
	ids := map[string]api.KeyID{}
	for id, name := range k.names {
		line := name + "\x00" + keyRef(id) // two people may have keys of one name
		byName = append(byName, line)
		ids[line] = id
	}
	sort.Strings(byName)
	list := []ui.Option{{Value: "", Label: "Any key"}}
	for _, line := range byName {
		list = append(list, ui.Option{Value: keyRef(ids[line]), Label: k.names[ids[line]]})
	}
	if chosen != 0 && k.names[chosen] == "" {
		list = append(list, ui.Option{Value: keyRef(chosen), Label: "Key " + keyRef(chosen)})
	}
	return list
}
