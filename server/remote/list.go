package remote

import (
	"cmp"
	"context"
	"flag"
	"strconv"
	"strings"
	"time"

	"keystead/shared/api"
)

const listHelp = `
No list holds a value. The other commands take the id in the first column.

  keystead key list --organization northwind-ops
  keystead key list --json --state expired | jq '.[].id'
`

func listKeys(f *flag.FlagSet) act {
	in := scopeFlags(f)
	state := f.String("state", "", "only keys of this `STATE`: enabled, disabled or expired")
	role := f.String("role", "", "only keys of this `ROLE`: READONLY or ADMIN")
	use := f.String("use", "", "only keys of this `USE`: never, or idle_30, idle_90 or idle_365 for not used for so many days")
	words := f.String("search", "", "only keys that match these `WORDS`")
	review := f.Bool("review", false, "only keys that deserve a look")
	return func(ctx context.Context, c *call) error {
		if err := cmp.Or(
			oneOf("state", *state),
			oneOf("use", *use),
			oneOf("role", strings.ToUpper(*role)),
		); err != nil {
			return err
		}
		server, err := c.client()
		if err != nil {
			return err
		}
		path, err := in.path(ctx, server)
		if err != nil {
			return err
		}
		keys, err := everyPage(ctx, server, path, api.KeyList{
			List: api.List{Limit: api.MaxLimit, Q: *words},
			Role: api.KeyRole(strings.ToUpper(*role)), Use: *use, State: *state, Review: *review,
		})
		if err != nil {
			return err
		}
		if c.json {
			return c.print(keys)
		}
		if len(keys) == 0 {
			c.note("There are no such keys.")
			return nil
		}
		return c.table(keyRows(keys, time.Now())...)
	}
}

// everyPage reads a list to its end. Keys that come or go meanwhile may be missed, as
// on any list of pages.
func everyPage(ctx context.Context, server *client, path string, list api.KeyList) ([]api.Key, error) {
	keys := []api.Key{}
	for list.Page = 1; ; list.Page++ {
		var page api.Page[api.Key]
		if err := server.ask(ctx, "GET", path+"?"+list.Query().Encode(), nil, &page); err != nil {
			return nil, err
		}
		keys = append(keys, page.Items...)
		if len(page.Items) == 0 || len(keys) >= page.Total {
			return keys, nil
		}
	}
}

func keyRows(keys []api.Key, now time.Time) [][]string {
	rows := [][]string{{"ID", "NAME", "ROLE", "STATE", "SCOPE", "USER", "EXPIRES", "LAST USED", "KEY"}}
	for _, k := range keys {
		scope := api.ScopeOrganization
		if k.Global() {
			scope = api.ScopeGlobal
		}
		rows = append(rows, []string{strconv.FormatInt(int64(k.ID), 10), k.Name, string(k.Role), state(k, now), scope,
			k.User.Email, day(k.ExpiresAt, "never"), day(k.LastLoginAt, "never"), k.Hint})
	}
	return rows
}

func state(k api.Key, now time.Time) string {
	switch {
	case !k.Enabled:
		return api.StateDisabled
	case k.Expired(now):
		return api.StateExpired
	}
	return api.StateEnabled
}
