package remote

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"strings"

	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

const verifyHelp = `
The owner of the key to ask with, in KEYSTEAD_KEY, must hold the permission keys:verify, as
the role Verifier does. The key to ask about comes from standard input or a file:

  echo "$PRESENTED" | keystead verify && echo welcome
  keystead verify --presented-file presented.txt --permission devices:read --organization northwind-ops

The exit code is 0 if the key is good, and 3 if it is not; standard output says why.
`

func verify(f *flag.FlagSet) act {
	file := f.String("presented-file", "", "read the key to ask about from this `FILE` in place of standard input")
	permission := f.String("permission", "", "ask whether the key holds this `PERMISSION`")
	organization := f.String("organization", "", "ask for the organization of this short `NAME`")
	ip := f.String("ip", "", "keep this `ADDRESS` as the key’s last one")
	return func(ctx context.Context, c *call) error {
		if c.keyStdin && *file == "" {
			return misuse("standard input holds one key: give the key to ask about by --presented-file")
		}
		if err := filled(f); err != nil {
			return err
		}
		if err := oneOf("permission", *permission); err != nil {
			return err
		}
		if _, err := netip.ParseAddr(*ip); *ip != "" && err != nil {
			return misuse("--ip is an IP address, such as 192.0.2.7 or 2001:db8::7")
		}
		server, err := c.client()
		if err != nil {
			return err
		}
		presented, err := c.presented(*file)
		if err != nil {
			return err
		}
		var verdict api.Verdict
		// The words of [api.Verify], whose secret prints as "[secret]".
		err = server.ask(ctx, "POST", api.PathVerify, struct {
			Key          string          `json:"key"`
			Permission   perm.Permission `json:"permission,omitempty"`
			Organization string          `json:"organization,omitempty"`
			IP           string          `json:"ip,omitempty"`
		}{presented.Reveal(), perm.Permission(*permission), *organization, *ip}, &verdict)
		var no refused
		switch {
		case errors.As(err, &no) && no.fault.Code == fault.NotFound && no.fault.Field == "organization":
			return unknownOrg(*organization)
		case err != nil:
			return err
		}
		return c.tell(verdict)
	}
}

// permissions are the names of all of them.
func permissions() (names []string) {
	for _, p := range perm.All().List() {
		names = append(names, string(p))
	}
	return names
}

func (c *call) presented(file string) (api.Secret, error) {
	if file != "" {
		return secretIn(file)
	}
	return secretFrom(c.In, "standard input")
}

// tell prints a verdict. One that is not valid has its exit code and no more words.
func (c *call) tell(v api.Verdict) error {
	var err error
	switch {
	case c.json:
		err = c.print(v)
	case !v.Valid:
		_, err = fmt.Fprintln(c.Out, plain(string(v.Code)))
	default:
		err = c.table(verdictRows(v)...)
	}
	if err == nil && !v.Valid {
		return exit{"", exitNotValid}
	}
	return err
}

func verdictRows(v api.Verdict) [][]string {
	rows := [][]string{{string(v.Code)}}
	if v.KeyID != nil && v.Name != nil && v.Role != nil {
		rows = append(rows, []string{"API key:", fmt.Sprintf("%s (%d, %s)", *v.Name, *v.KeyID, *v.Role)})
	}
	if v.Owner != nil {
		rows = append(rows, []string{"Owner:", v.Owner.Email})
	}
	if v.Organization != nil {
		rows = append(rows, []string{"Organization:", v.Organization.ShortName})
	}
	var may []string
	for _, p := range v.Permissions {
		may = append(may, string(p))
	}
	return append(rows, []string{"Permissions:", cmp.Or(strings.Join(may, " "), "none")}, []string{"Expires:", day(v.ExpiresAt, "never")})
}
