package devices

import (
	"context"
	"time"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
)

// Caller is who came with an agent access key or a device token, or the one refusal
// that every bad one gets.
func (d *Devices) Caller(ctx context.Context, presented string, at rest.Arrival) (caller.Caller, error) {
	parts, ok := keyfmt.Parse(presented)
	if !ok {
		return caller.Caller{}, badCredentials()
	}
	var agent *caller.Agent
	var err error
	switch parts.Kind {
	case keyfmt.AgentKey:
		agent, err = d.byAgentKey(ctx, presented)
	case keyfmt.DeviceToken:
		agent, err = d.byToken(ctx, presented)
	}
	if err != nil {
		return caller.Caller{}, err
	}
	if agent == nil {
		return caller.Caller{}, badCredentials()
	}
	return caller.Caller{Kind: api.CallerAgent, Agent: agent, Address: at.Address, RequestID: at.RequestID}, nil
}

func (d *Devices) byAgentKey(ctx context.Context, presented string) (*caller.Agent, error) {
	var key *key
	err := d.seal.Find(presented, func(digest seal.Digest) (found bool, err error) {
		key, err = agentKeyBy(d.db.Read(ctx), digest)
		return key != nil, err
	})
	if err != nil || key == nil || !key.good(d.db.Now()) {
		return nil, err
	}
	return &caller.Agent{Org: key.OrgID, Key: key.ID, KeyVersion: key.Version}, nil
}

func (d *Devices) byToken(ctx context.Context, presented string) (*caller.Agent, error) {
	var agent *caller.Agent
	err := d.seal.Find(presented, func(digest seal.Digest) (found bool, err error) {
		agent, err = deviceBy(d.db.Read(ctx), digest)
		return agent != nil, err
	})
	return agent, err
}

// good reports whether a version of an agent access key may still be used.
func (k key) good(now time.Time) bool { return k.ValidUntil == nil || now.Before(k.ValidUntil.Time) }

func badCredentials() error {
	return fault.New(fault.BadCredentials, "This credential is not good here.")
}
