package house

import (
	"context"
	"errors"
	"fmt"

	"keystead/server/audit"
	"keystead/server/config"
	"keystead/server/seal"
	"keystead/server/users"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Do does a command on the open house.
func (h *House) Do(ctx context.Context, cmd Command) (string, error) {
	who := audit.Console()
	a := cmd.Args
	switch cmd.Name {
	case "setup-token":
		token, err := h.Sessions.NewSetupToken(ctx)
		return token.Reveal(), err
	case "user create":
		user, err := h.Users.Create(ctx, who, users.NewUser{
			Email: a["email"], FirstName: a["first-name"], LastName: a["last-name"],
			Role: a["role"], Organization: a["organization"], Password: api.Hide(a["password"]),
		})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("Added %s.", user.Email), nil
	case "user disable":
		return "Disabled " + a["email"] + ".", h.Users.Disable(ctx, who, a["email"])
	case "user reset-password":
		return "The password of " + a["email"] + " is set; their sessions ended, their keys work on but can’t be shown.",
			h.Users.ResetPassword(ctx, who, a["email"], api.Hide(a["password"]))
	case "clock follow":
		return h.followClock(ctx)
	case "signing-key rotate":
		kid, err := h.Tokens.RotateKey(ctx, who)
		return "The signing key of access tokens is new: " + kid + ". The one before stays in the key set for as long as its tokens last.", err
	case "audit verify":
		rows, err := h.Trail.Verify(ctx)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("The audit log holds: %d rows, none changed, none missing.", rows), nil
	case "backup":
		recipients, err := config.Recipients(a["recipient"])
		if err != nil {
			return "", err
		}
		made, err := h.Backups.Make(ctx, who, a["file"], recipients)
		if err != nil {
			return "", err
		}
		return made.Brief(), nil
	}
	if answer, known, err := h.doKeys(ctx, cmd); known {
		return answer, err
	}
	return "", fmt.Errorf("there is no command %q", cmd.Name)
}

// doKeys does the commands on the keys under everything.
func (h *House) doKeys(ctx context.Context, cmd Command) (answer string, known bool, err error) {
	switch cmd.Name {
	case "master-key rotate":
		var next *seal.Master
		if text, given := cmd.Args["new"]; given {
			m, ok := seal.ParseMaster(text)
			if !ok {
				return "", true, errors.New("that is no master key: expected 32 bytes in base64")
			}
			next = &m
		}
		answer, err = h.Rekey.RotateMaster(ctx, next)
	case "master-key status":
		answer, err = h.Rekey.MasterStatus(ctx)
	case "pepper rotate":
		answer, err = h.Rekey.RotatePepper(ctx)
	case "pepper status":
		answer, err = h.Rekey.PepperStatus(ctx)
	default:
		return "", false, nil
	}
	return answer, true, err
}

// sentence is what a person at the command line reads of an error.
func sentence(err error) string {
	if f, ok := fault.From(err); ok {
		return f.Detail
	}
	return err.Error()
}
