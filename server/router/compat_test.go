package router_test

import (
	"fmt"
	"strconv"
	"strings"

	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// compatPath fills in what the paths of other people's clients name besides devices: a
// fresh person of X with a key there and a global one, the account, and UUIDs.
func (s *stage) compatPath(path string) string {
	s.T.Helper()
	s.victim++
	owner := s.Person(fmt.Sprintf("Victim%d", s.victim))
	s.Join(owner, s.X, s.Role(perm.Organization)) // holds nothing that a caller could lack
	org, uuid := s.X, s.As(owner).User.UUID
	switch {
	case strings.HasPrefix(path, "/api/global/"):
		org = 0
	case strings.Contains(path, "/zones/"):
		got, err := s.Orgs.Get(s.T.Context(), s.As(s.Admin), s.X)
		s.Must(err)
		uuid = got.UUID
	}
	if strings.Contains(path, "/api_keys/:id") {
		key, _ := s.Key(owner, org, api.Admin, "victim")
		path = strings.ReplaceAll(path, ":id", strconv.FormatInt(int64(key), 10))
	}
	if name := fmt.Sprintf("victim-%d", s.victim); strings.Contains(path, ":appname") {
		s.Key(owner, s.X, api.Admin, name)
		path = strings.ReplaceAll(path, ":appname", name)
	}
	account, err := s.Orgs.Account(s.T.Context(), s.As(s.Admin))
	s.Must(err)
	return strings.NewReplacer(":user", strconv.FormatInt(int64(owner), 10), ":account", account.ID, ":uuid", uuid).Replace(path)
}

// compatAboutX reports a door of theirs that leads to something in organization X. The
// list of a user's keys does not: of strangers it is empty.
func compatAboutX(route rest.Route) bool {
	name := route.Method + " " + route.Path
	for _, noun := range []string{"/api/users/:user", "/api/servers/:id", "/api/accounts/:account/users/", "/api/accounts/:account/zones/"} {
		if strings.HasPrefix(route.Path, noun) {
			return name != "GET /api/users/:user/api_keys"
		}
	}
	return false
}
