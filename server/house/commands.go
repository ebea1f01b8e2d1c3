package house

import (
	"context"
	"fmt"

	"keystead/server/audit"
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
	case "audit verify":
		rows, err := h.Trail.Verify(ctx)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("The audit log holds: %d rows, none changed, none missing.", rows), nil
	}
	return "", fmt.Errorf("there is no command %q", cmd.Name)
}

// sentence is what a person at the command line reads of an error.
func sentence(err error) string {
	if f, ok := fault.From(err); ok {
		return f.Detail
	}
	return err.Error()
}
