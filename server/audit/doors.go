package audit

import (
	"net/http"
	"strings"
)

// keyNoun is the target of acts on API keys.
const keyNoun = "api_key"

// nouns are what the words of paths stand for in acts.
var nouns = map[string]string{
	"account": "account", "organizations": "organization", "users": "user", "me": "user", "members": "membership",
	"memberships": "membership", "roles": "role", "api-keys": keyNoun, "keys": keyNoun,
	"agent-access-key": "agent_access_key", "shared-secret": "shared_secret",
	"devices": "device", "agent": "device", "session": "session", "sessions": "session",
	"api_keys": keyNoun, "accounts": "account", "orgs": "organization", "zones": "organization", "invitations": "user", "servers": "device",
	"backup": "backup",
}

// foreign are verbs of other people's paths, in our words.
var foreign = map[string]string{"decrypt": "reveal", "regen": "rotate"}

// verbs are what a method does where the path says no more.
var verbs = map[string]string{http.MethodPost: "add", http.MethodPatch: "edit", http.MethodPut: "edit", http.MethodDelete: "delete"}

// actOf is the act behind a door, read from its path: the last noun in it, and the
// word after that noun or what the method does. So a refusal to reveal is found
// beside the reveals.
func actOf(method, path string) Act {
	noun, verb := "request", ""
	for word := range strings.SplitSeq(strings.TrimPrefix(path, "/v1/"), "/") {
		if known, ok := nouns[word]; ok {
			noun, verb = known, ""
		} else if !strings.HasPrefix(word, ":") {
			verb = strings.ReplaceAll(word, "-", "_")
			if ours, ok := foreign[word]; ok {
				verb = ours
			}
		}
	}
	if verb == "" {
		verb = verbs[method]
	}
	if noun == "backup" {
		verb = "make" // there is no other
	}
	return Act(noun + "." + verb)
}
