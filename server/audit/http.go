package audit

import (
	"time"

	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Routes are the doors to the log.
func (t *Trail) Routes() []rest.Route {
	return []rest.Route{
		{Method: rest.Get, Path: api.PathAudit, Guard: rest.Callers.With(perm.AuditRead),
			Do:      rest.Do(t.list).Streaming(t.export, api.TypeCSV, api.TypeJSONL),
			Summary: "Read the audit log, the newest row first; as text/csv or application/jsonl all of it", Query: listed},
		{Method: rest.Get, Path: api.PathKeys + "/:id/history", Guard: rest.Callers, Do: rest.Do(t.history),
			Summary: "Read what was done to an API key, the newest first", Query: rest.Pages()},
	}
}

// The filter of a key is key_id: "key" in a URL is refused, whatever it holds.
var listed = rest.Pages(
	rest.Param{Name: "q", Means: "words to search for in acts, e-mails, names, facts, addresses and request ids"},
	rest.Param{Name: "act", Means: "only this act, as api_key.reveal, or all of a noun, as api_key", Enum: choices()},
	rest.Param{Name: "user", Means: "only what the user with this id did, or what was done to them", Min: 1, Max: api.MaxID},
	rest.Param{Name: "key_id", Means: "only what was done with, or to, the API key with this id", Min: 1, Max: api.MaxID},
	rest.Param{Name: "organization", Means: "only rows of the organization with this id", Min: 1, Max: api.MaxID},
	rest.Param{Name: "result", Means: "only acts with this result", Enum: []string{api.AuditDone, api.AuditRefused}},
	rest.Param{Name: "since", Means: "only rows from this time on (RFC 3339)"},
	rest.Param{Name: "until", Means: "only rows before this time (RFC 3339)"},
)

func listOf(r *rest.Request) (l api.AuditList, err error) {
	l = api.AuditList{
		List: r.List(), Act: r.Text("act"), User: api.UserID(r.Number("user")), Key: api.KeyID(r.Number("key_id")),
		Organization: api.OrgID(r.Number("organization")), Result: r.Text("result"),
	}
	if l.Since, err = moment(r, "since"); err != nil {
		return l, err
	}
	l.Until, err = moment(r, "until")
	return l, err
}

func moment(r *rest.Request, name string) (t time.Time, err error) {
	if r.Text(name) == "" {
		return t, nil
	}
	if t, err = api.ParseTime(r.Text(name)); err != nil {
		return t, fault.At(name, fault.BadRequest, "A date and time is expected as in RFC 3339, such as 2027-01-31T12:00:00Z.")
	}
	return t, nil
}

func (t *Trail) list(r *rest.Request, _ rest.None) (page api.Page[api.AuditRow], err error) {
	l, err := listOf(r)
	if err != nil {
		return page, err
	}
	return t.List(r.Context(), r.Caller, l)
}

func (t *Trail) export(r *rest.Request, as string) (stream rest.Stream, err error) {
	l, err := listOf(r)
	if err != nil {
		return stream, err
	}
	return t.Export(r.Context(), r.Caller, l, as)
}

func (t *Trail) history(r *rest.Request, _ rest.None) (page api.Page[api.AuditRow], err error) {
	id, err := rest.ID[api.KeyID](r, "id")
	if err != nil {
		return page, err
	}
	return t.History(r.Context(), r.Caller, id, r.List())
}
