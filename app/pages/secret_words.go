package pages

import (
	"keystead/shared/api"
	"keystead/shared/perm"
)

// secretKind is what the console says about one of the two credentials that an
// organization has besides its keys.
type secretKind struct {
	Kind         api.SecretKind
	Name         string // API shared secret
	the          string // the API shared secret
	means        string
	users        string // what stops when it is rotated at once
	read, manage perm.Permission
}

var agentKey = secretKind{
	Kind: api.AgentKey, Name: "Agent access key", the: "the agent access key",
	means: "Devices are added to this organization with it.",
	users: "Every installer",
	read:  perm.AgentKeyRead, manage: perm.AgentKeyManage,
}

var sharedSecret = secretKind{
	Kind: api.SharedSecret, Name: "API shared secret", the: "the API shared secret",
	means: "Integrations sign their token requests with it.",
	users: "Every integration",
	read:  perm.SharedSecretRead, manage: perm.SharedSecretManage,
}

// may reports what a holder of that set may do with it: see and copy, make and rotate.
func (k secretKind) may(set perm.Set) (read, manage bool) {
	return set.Has(k.read), set.Has(k.manage)
}

// stops says what a rotation without overlap does.
func (k secretKind) stops() string { return k.users + " stops until it has the new one." }
