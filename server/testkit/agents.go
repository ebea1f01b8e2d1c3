package testkit

import (
	"context"

	"keystead/server/caller"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// everyone is a caller with every permission everywhere.
func everyone() caller.Caller {
	return caller.Caller{Kind: api.CallerSession, EveryOrg: true, Account: perm.All(), Address: "192.0.2.7"}
}

// AgentKey is the agent access key of an organization as a credential.
func (k *Kit) AgentKey(org api.OrgID) Credential {
	k.T.Helper()
	shown, err := k.Secrets.Reveal(context.Background(), everyone(), org, api.AgentKey, api.Reveal{})
	k.Must(err)
	return Bearer(shown.Value)
}

// RotateAgentKey gives the agent access key a new value, the old one good for the
// overlap in seconds.
func (k *Kit) RotateAgentKey(org api.OrgID, overlap int64) {
	k.T.Helper()
	_, err := k.Secrets.Rotate(context.Background(), everyone(), org, api.AgentKey, api.Rotate{OverlapSeconds: overlap})
	k.Must(err)
}

// Device enrolls a machine and is its id and token.
func (k *Kit) Device(org api.OrgID, hostname string) (api.DeviceID, Credential) {
	k.T.Helper()
	return k.Enroll(k.AgentKey(org), hostname)
}

// Enroll enrolls a machine with an agent access key.
func (k *Kit) Enroll(as Credential, hostname string) (api.DeviceID, Credential) {
	k.T.Helper()
	got := k.Send(as, "POST "+api.PathAgentEnroll, `{"hostname":"`+hostname+`","os":"Linux 6.1","agent_version":"1.0"}`)
	enrolled := Read[api.Enrolled](k, got, 201)
	return enrolled.Device.ID, Bearer(enrolled.Token)
}
