package secrets

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Needs is what secrets stand on.
type Needs struct {
	DB    *db.DB
	Seal  *seal.Sealer
	Audit *audit.Log
}

// Secrets does every act on agent access keys and shared secrets.
type Secrets struct {
	db    *db.DB
	seal  *seal.Sealer
	audit *audit.Log
}

// New is secrets over what they need.
func New(n Needs) *Secrets { return &Secrets{db: n.DB, seal: n.Seal, audit: n.Audit} }

// Get is a secret without its value, nil where the organization has none.
// Faults: not_found; permission_required.
func (s *Secrets) Get(ctx context.Context, who caller.Caller, org api.OrgID, kind api.SecretKind) (*api.OrgSecret, error) {
	words, err := wordsOf(kind)
	if err != nil {
		return nil, err
	}
	if who.May(words.manage, org) != nil {
		if err := who.May(words.read, org); err != nil {
			return nil, err
		}
	}
	read := s.db.Read(ctx)
	if _, err := orgUUID(read, org); err != nil {
		return nil, err
	}
	now, err := current(read, org, kind)
	if err != nil || now == nil {
		return nil, err
	}
	before, err := previous(read, *now, s.db.Now())
	if err != nil {
		return nil, err
	}
	return now.shown(before), nil
}

// Add makes the shared secret of an organization that has none.
// Faults: not_found; permission_required; key_too_weak; shared_secret_exists.
func (s *Secrets) Add(ctx context.Context, who caller.Caller, org api.OrgID) (api.AddedOrgSecret, error) {
	var added api.AddedOrgSecret
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := who.Changes(); err != nil {
			return err
		}
		if err := who.May(kinds[api.SharedSecret].manage, org); err != nil {
			return err
		}
		uuid, err := orgUUID(tx, org)
		if err != nil {
			return err
		}
		had, err := current(tx, org, api.SharedSecret)
		if err != nil {
			return err
		}
		if had != nil {
			return fault.New(fault.SecretExists, "This organization has a shared secret already. Rotate it to get a new one.")
		}
		added, err = s.make(tx, who, place{org, uuid, api.SharedSecret}, 1)
		return err
	})
	if err != nil {
		return api.AddedOrgSecret{}, fmt.Errorf("add a shared secret: %w", err)
	}
	return added, nil
}

// AddAgentKey makes the agent access key of a new organization, in the transaction
// that makes the organization.
func (s *Secrets) AddAgentKey(tx *db.Tx, who caller.Caller, org api.OrgID) error {
	uuid, err := orgUUID(tx, org)
	if err != nil {
		return err
	}
	_, err = s.make(tx, who, place{org, uuid, api.AgentKey}, 1)
	return err
}

// place is where a secret belongs.
type place struct {
	org  api.OrgID
	uuid string // the organization's
	kind api.SecretKind
}

// make stores a version, audits it and answers with its value.
func (s *Secrets) make(tx *db.Tx, who caller.Caller, at place, version int) (api.AddedOrgSecret, error) {
	v, value, err := s.mint(tx, at, version)
	if err != nil {
		return api.AddedOrgSecret{}, err
	}
	if err := insert(tx, &v); err != nil {
		return api.AddedOrgSecret{}, err
	}
	if err := s.note(tx, who, kinds[at.kind].add, v, nil); err != nil {
		return api.AddedOrgSecret{}, err
	}
	return api.AddedOrgSecret{Secret: *v.shown(nil), Value: value}, nil
}

// note writes the audit row of an act on a secret.
func (s *Secrets) note(tx *db.Tx, who caller.Caller, act audit.Act, v version, facts audit.Facts) error {
	if facts == nil {
		facts = audit.Facts{}
	}
	facts["version"] = v.Version
	on := audit.Target{Kind: kinds[v.Kind].noun, ID: v.ID, Name: v.Hint, Org: v.OrgID}
	return s.audit.Write(tx, who, act, on, facts)
}
