package tokens

import (
	"keystead/server/rest"
	"keystead/shared/api"
)

// Routes are the doors of this package. Token requests have theirs where the clients
// look that send them: package compat/netography.
func (t *Tokens) Routes() []rest.Route {
	return []rest.Route{
		{Method: rest.Get, Path: api.PathKeySet, Guard: rest.Public, Do: rest.Do(t.keySet),
			Summary: "The public keys that access tokens are signed with: they prove where a token comes from, not that it is still good"},
	}
}

func (t *Tokens) keySet(*rest.Request, rest.None) (api.KeySet, error) { return t.KeySet(), nil }
