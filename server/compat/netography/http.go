package netography

import (
	"net/http"

	"keystead/server/keys"
	"keystead/server/rest"
	"keystead/server/sessions"
	"keystead/server/tokens"
)

// Netography are the vendor's doors over our acts.
type Netography struct {
	Keys          *keys.Keys
	Tokens        *tokens.Tokens
	Sessions      *sessions.Sessions
	PasswordGrant bool // people may exchange their password
}

// Routes are the doors of this package.
func (n *Netography) Routes() []rest.Route {
	const list, item = "/api/v1/api-keys", "/api/v1/api-keys/:appname"
	return []rest.Route{
		{Method: rest.Post, Path: "/api/v1/auth/token", Guard: rest.Public.Guessed(), Do: rest.Lenient(n.exchange).Answering(http.StatusOK),
			Summary: "Exchange a token request, signed with the API shared secret, for an access token"},
		{Method: rest.Post, Path: "/api/auth/bearer/token", Guard: rest.Public,
			Do:      lenient(rest.Form(n.password)),
			Summary: "Exchange a person's password for an access token that reads; only where --compat-password-grant is set"},
		{Method: rest.Post, Path: "/api/auth/bearer/refresh", Guard: rest.Public, Do: lenient(rest.Form(n.refresh)),
			Summary: "Exchange a refresh token for its successor and a new access token"},
		{Method: rest.Get, Path: list, Guard: rest.Programs, Do: rest.Lenient(n.list), Summary: "List API keys for Netography clients"},
		{Method: rest.Post, Path: list, Guard: rest.Programs, Do: rest.Lenient(n.add).Answering(http.StatusCreated),
			Summary: "Add an API key for Netography clients"},
		{Method: rest.Get, Path: item, Guard: rest.Programs, Do: rest.Lenient(n.get), Summary: "Get an API key by its name"},
		{Method: rest.Put, Path: item, Guard: rest.Programs, Do: rest.Lenient(n.edit), Summary: "Replace the description and role of an API key"},
		{Method: rest.Put, Path: item + "/regen", Guard: rest.Programs, Do: rest.Lenient(n.regenerate),
			Summary: "Give one's own API key a new value"},
		{Method: rest.Delete, Path: item, Guard: rest.Programs, Do: rest.Lenient(n.remove), Summary: "Delete an API key by its name"},
	}
}

// lenient is a form that is served behind a trailing slash too.
func lenient(form rest.Endpoint) rest.Endpoint {
	form.Lenient = true
	return form
}
