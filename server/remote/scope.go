package remote

import (
	"context"
	"flag"
	"strconv"
	"strings"

	"keystead/shared/api"
)

// scope is where a key is listed or created: an organization, or the global keys.
type scope struct {
	organization *string
	global       *bool
}

func scopeFlags(f *flag.FlagSet) scope {
	return scope{
		f.String("organization", "", "the short `NAME` or the id of the organization; needed if you belong to several"),
		f.Bool("global", false, "global keys, which act in all of their owner’s organizations, in place of an organization’s"),
	}
}

// path is where the server has the scope's keys. Without a flag they are those of the
// organization of the key that asks, or of its owner's only one.
func (s scope) path(ctx context.Context, server *client) (string, error) {
	if *s.global {
		if *s.organization != "" {
			return "", misuse("--organization and --global exclude each other")
		}
		return api.PathGlobalKeys, nil
	}
	if id, err := strconv.ParseInt(*s.organization, 10, 64); err == nil {
		return api.PathOrgKeys(api.OrgID(id)), nil
	}
	var me api.Me
	if err := server.ask(ctx, "GET", api.PathMe, nil, &me); err != nil {
		return "", err
	}
	if *s.organization == "" {
		switch {
		case me.Key != nil && me.Key.OrganizationID != nil:
			return api.PathOrgKeys(*me.Key.OrganizationID), nil
		case len(me.Organizations) == 1:
			return api.PathOrgKeys(me.Organizations[0].ID), nil
		}
		return "", misuse("which organization? Give --organization or --global; keystead whoami lists them")
	}
	for _, org := range me.Organizations {
		if strings.EqualFold(org.ShortName, *s.organization) {
			return api.PathOrgKeys(org.ID), nil
		}
	}
	return "", unknownOrg(*s.organization)
}

// unknownOrg refuses an organization that there is not, or that the key may not know of.
func unknownOrg(name string) error {
	return misuse("this key knows no organization of the short name %q: keystead whoami lists them", name)
}
