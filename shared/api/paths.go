package api

import (
	"strconv"
	"strings"
)

// ServerPaths are the paths that the server answers itself: the worker leaves
// them to the network, the client router does not take their links, and what is
// unknown below them is a 404, not the console's page.
var ServerPaths = []string{
	"/v1", "/api", "/.well-known", "/healthz", "/readyz", "/openapi.json",
	"/sign-in", "/setup", "/invite", "/sw.js",
}

// ServerOwned reports whether the server answers path itself: it equals one of
// ServerPaths or lies below one.
func ServerOwned(path string) bool {
	for _, own := range ServerPaths {
		rest, ok := strings.CutPrefix(path, own)
		if ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

// The fixed paths of the native API, and functions for those that carry an id.
const (
	PathSetup      = "/v1/setup"
	PathSession    = "/v1/session"
	PathElevate    = "/v1/session/elevate"
	PathSessions   = "/v1/sessions"
	PathMe         = "/v1/me"
	PathMyPassword = "/v1/me/password"
	PathAccount    = "/v1/account"
	PathOrgs       = "/v1/organizations"
	PathGlobalKeys = "/v1/global/api-keys"
	PathKeys       = "/v1/api-keys"
	PathKeysBulk   = "/v1/api-keys/bulk"
	PathVerify     = "/v1/keys/verify"
	PathPerms      = "/v1/permissions"

	PathIntrospect  = "/v1/oauth/introspect"
	PathRevoke      = "/v1/oauth/revoke"
	PathForwardAuth = "/v1/forward-auth"
	PathKeySet      = "/.well-known/jwks.json"
)

func number[T ~int64](id T) string { return strconv.FormatInt(int64(id), 10) }

// PathOneSession is one session of the caller.
func PathOneSession(id SessionID) string { return PathSessions + "/" + number(id) }

// PathOrg is one organization.
func PathOrg(org OrgID) string { return PathOrgs + "/" + number(org) }

// PathMembers lists the members of an organization.
func PathMembers(org OrgID) string { return PathOrg(org) + "/members" }

// PathOrgKeys lists and adds the API keys of an organization.
func PathOrgKeys(org OrgID) string { return PathOrg(org) + "/api-keys" }

// PathKey is one API key.
func PathKey(id KeyID) string { return PathKeys + "/" + number(id) }

// PathKeyReveal shows one API key's value to its owner.
func PathKeyReveal(id KeyID) string { return PathKey(id) + "/reveal" }

// PathKeyRotate replaces one API key's value.
func PathKeyRotate(id KeyID) string { return PathKey(id) + "/rotate" }

// PathSecret is the agent access key or the shared secret of an organization;
// PathSecretReveal and PathSecretRotate are its acts.
func PathSecret(org OrgID, kind SecretKind) string { return PathOrg(org) + "/" + string(kind) }

// PathSecretReveal shows the current value.
func PathSecretReveal(org OrgID, kind SecretKind) string { return PathSecret(org, kind) + "/reveal" }

// PathSecretRotate replaces the value.
func PathSecretRotate(org OrgID, kind SecretKind) string { return PathSecret(org, kind) + "/rotate" }
