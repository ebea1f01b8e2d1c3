package secrets

import (
	"keystead/server/rest"
	"keystead/shared/api"
)

// Routes are the doors to both kinds.
func (s *Secrets) Routes() []rest.Route {
	agent, shared := kinds[api.AgentKey], kinds[api.SharedSecret]
	const agentPath, sharedPath = "/v1/organizations/:org/agent-access-key", "/v1/organizations/:org/shared-secret"
	return []rest.Route{
		{Method: rest.Get, Path: agentPath, Guard: rest.Callers.With(agent.read), Do: rest.Do(s.get(api.AgentKey)),
			Summary: "Get the agent access key, without its value"},
		{Method: rest.Post, Path: agentPath + "/reveal", Guard: rest.Keepers.With(agent.read).Elevated(), Do: rest.Do(s.reveal(api.AgentKey)),
			Summary: "Show the agent access key"},
		{Method: rest.Post, Path: agentPath + "/rotate", Guard: rest.Keepers.With(agent.manage).Elevated(), Do: rest.Do(s.rotate(api.AgentKey)),
			Summary: "Give the agent access key a new value"},
		{Method: rest.Get, Path: sharedPath, Guard: rest.Callers.With(shared.read), Do: rest.Do(s.get(api.SharedSecret)),
			Summary: "Get the shared secret, without its value; null where there is none"},
		{Method: rest.Post, Path: sharedPath, Guard: rest.Keepers.With(shared.manage), Do: rest.Make(s.add),
			Summary: "Add the shared secret"},
		{Method: rest.Post, Path: sharedPath + "/reveal", Guard: rest.Keepers.With(shared.read).Elevated(), Do: rest.Do(s.reveal(api.SharedSecret)),
			Summary: "Show the shared secret"},
		{Method: rest.Post, Path: sharedPath + "/rotate", Guard: rest.Keepers.With(shared.manage).Elevated(), Do: rest.Do(s.rotate(api.SharedSecret)),
			Summary: "Give the shared secret a new value"},
	}
}

func (s *Secrets) get(kind api.SecretKind) func(*rest.Request, rest.None) (*api.OrgSecret, error) {
	return func(r *rest.Request, _ rest.None) (*api.OrgSecret, error) {
		org, err := rest.ID[api.OrgID](r, "org")
		if err != nil {
			return nil, err
		}
		return s.Get(r.Context(), r.Caller, org, kind)
	}
}

func (s *Secrets) add(r *rest.Request, _ rest.None) (added api.AddedOrgSecret, err error) {
	org, err := rest.ID[api.OrgID](r, "org")
	if err != nil {
		return added, err
	}
	return s.Add(r.Context(), r.Caller, org)
}

func (s *Secrets) reveal(kind api.SecretKind) func(*rest.Request, api.Reveal) (api.Revealed, error) {
	return func(r *rest.Request, in api.Reveal) (value api.Revealed, err error) {
		org, err := rest.ID[api.OrgID](r, "org")
		if err != nil {
			return value, err
		}
		return s.Reveal(r.Context(), r.Caller, org, kind, in)
	}
}

func (s *Secrets) rotate(kind api.SecretKind) func(*rest.Request, api.Rotate) (api.AddedOrgSecret, error) {
	return func(r *rest.Request, in api.Rotate) (rotated api.AddedOrgSecret, err error) {
		org, err := rest.ID[api.OrgID](r, "org")
		if err != nil {
			return rotated, err
		}
		return s.Rotate(r.Context(), r.Caller, org, kind, in)
	}
}
