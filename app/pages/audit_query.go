package pages

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"keystead/app/ui"
	"keystead/shared/api"
)

// auditRules are the filters of the audit log. It has one order, the newest row first.
var auditRules = listRules{Filters: map[string]func(string) bool{
	"q": anyText, "act": anAct, "user": anID, "key_id": anID, "organization": anID,
	"result": oneOf(api.AuditDone, api.AuditRefused), "since": aDay, "until": aDay,
}}

// anAct accepts a noun, and acts of nouns that are known.
func anAct(s string) bool {
	noun, _, _ := strings.Cut(s, ".")
	return slices.Contains(api.AuditNouns, noun)
}

// aDay accepts days that can have been. What is typed of a year passes 0002 and 0020.
func aDay(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() >= 1970
}

// auditList is what the server is asked: the days are those of the browser's zone, the
// last one included. ends is when a day ends there, see [dayEnd].
func auditList(q url.Values, ends func(string) (time.Time, bool)) api.AuditList {
	l := api.AuditList{
		List: auditRules.list(q), Act: q.Get("act"), User: api.UserID(idIn(q, "user")), Key: api.KeyID(idIn(q, "key_id")),
		Organization: api.OrgID(idIn(q, "organization")), Result: q.Get("result"),
	}
	if day, err := time.Parse(time.DateOnly, q.Get("since")); err == nil {
		if end, ok := ends(day.AddDate(0, 0, -1).Format(time.DateOnly)); ok {
			l.Since = end.Add(time.Second)
		}
	}
	if end, ok := ends(q.Get("until")); ok {
		l.Until = end.Add(time.Second)
	}
	return l
}

// actOptions are what can be asked for: everything of a noun, and the acts that are
// asked for most. A chosen act that is not among them is added.
func actOptions(chosen string) []ui.Option {
	for _, o := range auditActs {
		if o.Value == chosen {
			return auditActs
		}
	}
	label := auditWords(api.AuditRow{Act: chosen, Result: api.AuditDone})
	return append(slices.Clone(auditActs), ui.Option{Value: chosen, Label: label})
}

var auditActs = []ui.Option{
	{Value: "", Label: "Everything"},
	{Value: "api_key", Label: "API keys"},
	{Value: "api_key.reveal", Label: "API keys shown or copied"},
	{Value: "agent_access_key", Label: "Agent access key"},
	{Value: "shared_secret", Label: "API shared secret"},
	{Value: "device", Label: "Devices"},
	{Value: "user", Label: "Users"},
	{Value: "membership", Label: "Memberships"},
	{Value: "role", Label: "Roles"},
	{Value: "organization", Label: "Organizations"},
	{Value: "account", Label: "Account"},
	{Value: "session", Label: "Sign-ins and sessions"},
	{Value: "token", Label: "Tokens"},
	{Value: "setup_token", Label: "Set-up links"},
	{Value: "master_key", Label: "Master key"},
	{Value: "data_key", Label: "Data keys"},
	{Value: "pepper", Label: "Peppers"},
	{Value: "signing_key", Label: "Signing keys of tokens"},
	{Value: "backup", Label: "Backups"},
	{Value: "clock", Label: "The clock"},
	{Value: "anonymous", Label: "Unknown callers"},
	{Value: "request", Label: "Other refusals"},
}

var resultOptions = []ui.Option{
	{Value: "", Label: "Any result"}, {Value: api.AuditDone, Label: "Done"}, {Value: api.AuditRefused, Label: "Refused"},
}
