package remote

import (
	"context"
	"flag"
	"strings"
	"time"

	"keystead/shared/api"
)

const createHelp = `
The value is all that is printed on standard output, so that it can go where it is needed
without being seen; the rest is said on standard error. If the command is refused, nothing
is printed, but the shell has made an empty file by then: delete it, as here.

  (umask 077 && keystead key create --name ci-runner --expires-in 30d > ci-runner.key) || rm ci-runner.key

A READONLY key (the default) can only read; an ADMIN key may do what its owner may. Without
--expires-in or --no-expiry the organization’s policy decides when the key ends. No key makes
one that outlives it: the new one ends with the key in KEYSTEAD_KEY at the latest.
`

func createKey(f *flag.FlagSet) act {
	in := scopeFlags(f)
	name := f.String("name", "", "the key’s `NAME`; needed")
	description := f.String("description", "", "a `TEXT` that says what it is for")
	role := f.String("role", string(api.ReadOnly), "its `ROLE`: READONLY (default) or ADMIN")
	var lifetime span
	f.Var(&lifetime, "expires-in", "when it ends, from now: a `TIME` such as 90d or 12h")
	forever := f.Bool("no-expiry", false, "it never ends")
	return func(ctx context.Context, c *call) error {
		switch {
		case *name == "":
			return misuse("keystead key create takes --name NAME: keystead key create --help shows how")
		case *forever && lifetime != 0:
			return misuse("--expires-in and --no-expiry exclude each other")
		}
		if err := oneOf("role", strings.ToUpper(*role)); err != nil {
			return err
		}
		ask := api.AddKey{Name: *name, Description: *description, Role: api.KeyRole(strings.ToUpper(*role))}
		if *forever {
			ask.ExpiresAt = api.Null[time.Time]()
		} else if lifetime != 0 {
			ask.ExpiresAt = api.Just(time.Now().Add(time.Duration(lifetime)).UTC().Truncate(time.Second))
		}
		server, err := c.client()
		if err != nil {
			return err
		}
		path, err := in.path(ctx, server)
		if err != nil {
			return err
		}
		var added api.AddedKey
		if err := server.ask(ctx, "POST", path, ask, &added); err != nil {
			return err
		}
		c.note("Created %s (%d, %s), which expires: %s.", added.Key.Name, added.Key.ID, added.Key.Role, day(added.Key.ExpiresAt, "never"))
		return c.printValue(&added.Key, added.Value)
	}
}

const revealHelp = `
Only the owner can do this, with an ADMIN key, and the audit log has every look. Take the
value to where it is needed without showing it:

  export API_KEY="$(keystead key reveal 7)"
`

func revealKey(*flag.FlagSet) act {
	return func(ctx context.Context, c *call) error {
		var shown api.Revealed
		if _, err := c.onKey(ctx, "POST", api.PathKeyReveal, api.Reveal{Purpose: api.PurposeShow}, &shown); err != nil {
			return err
		}
		return c.printValue(nil, shown.Value)
	}
}

const rotateHelp = `
The new value is all that is printed on standard output. With --overlap the old one stays
good for a while, so that nothing breaks while you hand the new one out. Without it the old
one is refused at once.

  (umask 077 && keystead key rotate 7 --overlap 24h > ci-runner.key)
`

func rotateKey(f *flag.FlagSet) act {
	var overlap span
	f.Var(&overlap, "overlap", "how long the old value stays good: a `TIME` such as 24h, up to 30d")
	return func(ctx context.Context, c *call) error {
		var rotated api.AddedKey
		ask := api.Rotate{OverlapSeconds: int64(time.Duration(overlap) / time.Second)}
		id, err := c.onKey(ctx, "POST", api.PathKeyRotate, ask, &rotated)
		if err != nil {
			return err
		}
		if p := rotated.Key.Previous; p != nil {
			c.note("Rotated key %d; the old value is good until %s.", id, day(&p.ValidUntil, ""))
		} else {
			c.note("Rotated key %d; the old value is refused from now on.", id)
		}
		return c.printValue(&rotated.Key, rotated.Value)
	}
}

const enableHelp = `
A key that was disabled works again, with the value that it had.

  keystead key enable 7
`

const disableHelp = `
The next request with the key is refused. Nothing is lost: enable makes it work again.

  keystead key disable 7
`

func enableKey(enabled bool) func(*flag.FlagSet) act {
	done := map[bool]string{true: "Enabled", false: "Disabled"}[enabled]
	return func(*flag.FlagSet) act {
		return func(ctx context.Context, c *call) error {
			var key api.Key
			if _, err := c.onKey(ctx, "PATCH", api.PathKey, api.EditKey{Enabled: &enabled}, &key); err != nil {
				return err
			}
			if c.json {
				return c.print(key)
			}
			c.note("%s %s (%d).", done, key.Name, key.ID)
			return nil
		}
	}
}

const deleteHelp = `
It can’t be undone. Where you are not sure, disable the key first and see who calls.

  keystead key delete 7
`

func deleteKey(*flag.FlagSet) act {
	return func(ctx context.Context, c *call) error {
		id, err := c.onKey(ctx, "DELETE", api.PathKey, nil, nil)
		if err != nil {
			return err
		}
		if c.json {
			return c.print(map[string]api.KeyID{"deleted": id})
		}
		c.note("Deleted key %d.", id)
		return nil
	}
}

// onKey asks for one act on the key that the command line names.
func (c *call) onKey(ctx context.Context, method string, path func(api.KeyID) string, in, out any) (api.KeyID, error) {
	id, err := c.id()
	if err != nil {
		return 0, err
	}
	server, err := c.client()
	if err != nil {
		return 0, err
	}
	return id, server.ask(ctx, method, path(id), in, out)
}
