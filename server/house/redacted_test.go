package house_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"keystead/server/audit"
	"keystead/server/house"
	"keystead/server/seal"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

// TestP06WhatHoldsASecretPrintsAsRedacted: every type that holds one, in every verb,
// encoder, log and error, by itself and inside others.
func TestP06WhatHoldsASecretPrintsAsRedacted(t *testing.T) {
	k := testkit.New(t, nil)
	const planted = "planted-canary-of-32-characters!"
	parts := seal.New(keyfmt.APIKey)
	master := seal.NewMaster()
	for name, c := range map[string]struct {
		held   any
		secret []byte
	}{
		"a value":              {api.Hide(planted), []byte(planted)},
		"a value's parts":      {parts, []byte(parts.Secret)},
		"a master key":         {master, []byte(master.Text().Reveal())},
		"the sealer":           {k.Seal, k.Seal.SessionKey()},
		"the audit log":        {k.Audit, k.Seal.AuditKey()},
		"the sessions":         {k.Sessions, k.Seal.SessionKey()},
		"another audit log":    {audit.New([]byte(planted), ""), []byte(planted)},
		"a command":            {house.Command{Name: "user create", Args: map[string]string{"password": planted}}, []byte(planted)},
		"the way between keys": {&seal.Bridge{Next: master}, []byte(master.Text().Reveal())},
	} {
		inside := struct{ Held any }{c.held}
		var text bytes.Buffer
		for _, v := range []any{c.held, inside, &inside, []any{c.held}, map[string]any{"x": c.held}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10.3s"} {
				fmt.Fprintf(&text, verb+"\n", v)
			}
			if _, isCommand := c.held.(house.Command); !isCommand { // it goes through the socket as JSON
				if encoded, err := json.Marshal(v); err == nil {
					text.Write(encoded)
				}
				slog.New(slog.NewJSONHandler(&text, nil)).Info("x", "v", v)
			}
			slog.New(slog.NewTextHandler(&text, nil)).Info("x", "v", v)
			text.WriteString(fmt.Errorf("%w: %v", errors.New("x"), v).Error())
		}
		numbers := strings.Trim(fmt.Sprint(c.secret), "[]")
		for _, form := range []string{string(c.secret), fmt.Sprintf("%x", c.secret), fmt.Sprintf("%X", c.secret), numbers, strings.Trim(fmt.Sprintf("%q", c.secret), `"`)} {
			if strings.Contains(text.String(), form) {
				t.Errorf("%s shows what it holds", name)
			}
		}
	}
}
