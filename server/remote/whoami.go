package remote

import (
	"context"
	"flag"
	"fmt"

	"keystead/shared/api"
)

const whoAmIHelp = `
Try it first: if it answers, the server can be reached and the key is good.

  KEYSTEAD_URL=https://keys.example.com KEYSTEAD_KEY=… keystead whoami
`

func whoAmI(*flag.FlagSet) act {
	return func(ctx context.Context, c *call) error {
		me, err := c.me(ctx)
		if err != nil {
			return err
		}
		if c.json {
			return c.print(me)
		}
		rows := [][]string{{"User:", me.User.FirstName + " " + me.User.LastName + " <" + me.User.Email + ">"}}
		if me.Key != nil {
			rows = append(rows, []string{"API key:", fmt.Sprintf("%s (%d, %s)", me.Key.Name, me.Key.ID, me.Key.Role)},
				[]string{"Expires:", day(me.Key.ExpiresAt, "never")})
		}
		if me.AccountRole != nil {
			rows = append(rows, []string{"Account role:", *me.AccountRole})
		}
		if err := c.table(rows...); err != nil || len(me.Organizations) == 0 {
			return err
		}
		if _, err := fmt.Fprintln(c.Out); err != nil {
			return err
		}
		return c.table(organizations(me.Organizations)...)
	}
}

func organizations(orgs []api.MyOrg) [][]string {
	rows := [][]string{{"ORGANIZATION", "NAME", "ROLE", "OWN KEYS"}}
	for _, org := range orgs {
		rows = append(rows, []string{org.ShortName, org.Name, org.Role, fmt.Sprintf("%d of %d", org.Keys.Held, org.Keys.Max)})
	}
	return rows
}

// me is who asks.
func (c *call) me(ctx context.Context) (me api.Me, err error) {
	server, err := c.client()
	if err != nil {
		return me, err
	}
	err = server.ask(ctx, "GET", api.PathMe, nil, &me)
	return me, err
}
