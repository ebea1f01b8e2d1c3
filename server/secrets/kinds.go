package secrets

import (
	"keystead/server/audit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// words are what differs between the kinds.
type words struct {
	noun                string
	prefix              keyfmt.Kind
	read, manage        perm.Permission
	add, reveal, rotate audit.Act
	overlapOpens        bool // the older value is needed itself while it overlaps
}

var kinds = map[api.SecretKind]words{
	api.AgentKey: {
		noun: "agent_access_key", prefix: keyfmt.AgentKey,
		read: perm.AgentKeyRead, manage: perm.AgentKeyManage,
		add: audit.AgentKeyAdd, reveal: audit.AgentKeyReveal, rotate: audit.AgentKeyRotate,
	},
	// Signatures are checked with the shared secret, so its digest is not enough.
	api.SharedSecret: {
		noun: "shared_secret", prefix: keyfmt.SharedSecret,
		read: perm.SharedSecretRead, manage: perm.SharedSecretManage,
		add: audit.SecretAdd, reveal: audit.SecretReveal, rotate: audit.SecretRotate,
		overlapOpens: true,
	},
}

// wordsOf refuses a kind that there is not.
func wordsOf(kind api.SecretKind) (words, error) {
	w, ok := kinds[kind]
	if !ok {
		return words{}, fault.Missing()
	}
	return w, nil
}
