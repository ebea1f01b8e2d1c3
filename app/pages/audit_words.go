package pages

import (
	"strings"

	"keystead/app/ui"
	"keystead/shared/api"
)

// phrase is an act in words: what was done, and after "Tried to" where it was refused.
// Its %s is the name of what it was done to.
type phrase struct{ did, try string }

// phrases are the acts that are said in words of their own.
var phrases = map[string]phrase{
	"account.set_up":    {"Set up the account", "set up the account"},
	"api_key.bulk":      {"Changed several keys at once", "change several keys at once"},
	"api_key.verify":    {"Asked whether a key is good", "ask whether a key is good"},
	"user.password":     {"Changed the password of %s", "change the password of %s"},
	"user.link":         {"Made a link for %s", "make a link for %s"},
	"membership.add":    {"Added %s to the organization", "add %s to the organization"},
	"membership.edit":   {"Gave %s another role", "give %s another role"},
	"membership.delete": {"Took %s out of the organization", "take %s out of the organization"},
	"device.enroll":     {"Enrolled device %s", "enroll a device"},
	"device.check_in":   {"Checked in device %s", "check in a device"},
	"session.add":       {"Signed in", "sign in"},
	"session.refuse":    {"Gave a wrong password for %s", "sign in as %s with a wrong password"},
	"session.elevate":   {"Confirmed who they are", "confirm who they are"},
	"session.end":       {"Signed out", "sign out"},
	"setup_token.add":   {"Made a set-up link", "make a set-up link"},
	"master_key.rotate": {"Replaced the master key", "replace the master key"},
	"master_key.delete": {"Ended the old master key", "end the old master key"},
	"data_key.delete":   {"Ended the old data key", "end the old data key"},
	"pepper.rotate":     {"Replaced the pepper", "replace the pepper"},
	"pepper.delete":     {"Ended an old pepper", "end an old pepper"},
	"backup.make":       {"Made a backup, %s", "make a backup"},
	"backup.restore":    {"Restored the backup %s", "restore a backup"},
	"clock.follow":      {"Set the clock back", "set the clock back"},
	"request.refuse":    {"Was refused", "do more that they may not"},
	"anonymous.refuse":  {"Was refused", "get in without a good credential"},

	"token.add":          {"Exchanged %s for a token", "exchange %s for a token"},
	"token.refresh":      {"Refreshed a token of %s", "refresh a token of %s"},
	"token.end":          {"Ended a token of %s", "end a token of %s"},
	"signing_key.rotate": {"Rotated the signing key of tokens", "rotate the signing key of tokens"},
}

// verbs and things are what the other acts are put together from.
var verbs = map[string]phrase{
	"add": {"Added", "add"}, "edit": {"Edited", "edit"}, "delete": {"Deleted", "delete"},
	"enable": {"Enabled", "enable"}, "disable": {"Disabled", "disable"},
	"reveal": {"Showed", "show"}, "rotate": {"Rotated", "rotate"},
}

var things = map[string]string{
	"api_key": "key %s", "agent_access_key": "the agent access key", "shared_secret": "the API shared secret",
	"device": "device %s", "user": "user %s", "role": "role %s", "organization": "organization %s", "account": "the account",
}

// auditWords says what was done, or tried: Showed key "ci-runner" (copy).
func auditWords(r api.AuditRow) string {
	p := phraseOf(r.Act)
	if auditAlarm(r) {
		p.did = "A refresh token of %s came a second time: its tokens were ended"
	}
	words := p.did
	if r.Result == api.AuditRefused {
		words = "Tried to " + p.try
	}
	words = strings.Replace(words, "%s", auditName(r), 1)
	return strings.Join(strings.Fields(words+auditMore(r)), " ")
}

// auditAlarm reports whether the row says that somebody may have a credential that is
// not theirs: a refresh token is used once, and who sent this one again is not known.
func auditAlarm(r api.AuditRow) bool { return r.Act == "token.end" && r.Facts["reused"] == true }

// auditSentence is the same with who did it in front.
func auditSentence(who string, r api.AuditRow) string {
	words := auditWords(r)
	if auditAlarm(r) {
		return words // whoever it was
	}
	return who + " " + strings.ToLower(words[:1]) + words[1:]
}

func phraseOf(act string) phrase {
	if p, ok := phrases[act]; ok {
		return p
	}
	noun, verb, _ := strings.Cut(act, ".")
	thing, known := things[noun]
	if !known {
		thing = spaced(noun) + " %s"
	}
	p, known := verbs[verb]
	if !known { // of a newer server
		p = phrase{"Did “" + spaced(verb) + "” to", "do “" + spaced(verb) + "” to"}
	}
	return phrase{p.did + " " + thing, p.try + " " + thing}
}

// auditName is what it was done to, by its name then, else by its number.
func auditName(r api.AuditRow) string {
	switch {
	case r.TargetName != nil && *r.TargetName != "":
		return quoted(*r.TargetName)
	case r.TargetID != nil:
		return ui.Count(int(*r.TargetID))
	}
	return ""
}

// auditMore is what belongs into the same line: a purpose, a role, how often.
func auditMore(r api.AuditRow) string {
	text := func(name string) string { s, _ := r.Facts[name].(string); return s }
	more := ""
	if purpose := text("purpose"); purpose != "" && purpose != string(api.PurposeShow) {
		more += " (" + purpose + ")"
	}
	if role := text("role"); role != "" && r.Target == "membership" {
		more += ": " + role
	}
	if r.Act == "session.end" && r.Target == "user" {
		more += " everywhere else"
	}
	if n, ok := r.Facts["count"].(float64); ok && n > 1 {
		more += ", " + ui.Count(int(n)) + " times"
	}
	return more
}

// Who a row is about where it is no person.
const (
	byCommandLine = "The command line"
	byItself      = "Keystead"
	byAgent       = "A machine"
	byNobody      = "Somebody unknown"
)

// auditWho names who did it: by the name that is known of them, else by their e-mail then.
func auditWho(r api.AuditRow, people *ownerList) string {
	switch {
	case r.UserID != nil && people.names[*r.UserID] != "":
		return people.names[*r.UserID]
	case r.UserEmail != nil:
		return *r.UserEmail
	case r.UserID != nil:
		return people.name(*r.UserID)
	case r.Caller == api.AuditCommandLine:
		return byCommandLine
	case r.Caller == api.AuditItself:
		return byItself
	case r.Caller == string(api.CallerAgent):
		return byAgent
	}
	return byNobody
}

// auditWith says by which credential they came, "" for a signed-in browser.
func auditWith(r api.AuditRow) string {
	switch kind := api.CallerKind(r.Caller); {
	case kind == api.CallerKey && r.KeyName != nil:
		return "with the API key " + quoted(*r.KeyName)
	case kind == api.CallerKey:
		return "with an API key"
	case kind == api.CallerToken && r.KeyName != nil:
		return "with an access token of " + quoted(*r.KeyName)
	case kind == api.CallerToken:
		return "with an access token"
	}
	return ""
}

// auditKey is the API key that they came with, as it was called then.
func auditKey(r api.AuditRow) string {
	if r.KeyName != nil {
		return "API key " + quoted(*r.KeyName)
	}
	return "API key " + keyRef(*r.KeyID)
}

// spaced writes a snake_case name as words.
func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }
