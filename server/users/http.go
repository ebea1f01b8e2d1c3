package users

import (
	"keystead/server/rest"
	"keystead/shared/api"
)

// Routes are the doors of me. The password's is among those of sessions.
func (u *Users) Routes() []rest.Route {
	return []rest.Route{
		{Method: rest.Get, Path: api.PathMe, Guard: rest.Callers, Do: rest.Do(u.getMe), Summary: "Say who the caller is and what they may do, where"},
		{Method: rest.Patch, Path: api.PathMe, Guard: rest.Sessions, Do: rest.Do(u.patchMe), Summary: "Change the caller's own name"},
	}
}

func (u *Users) getMe(r *rest.Request, _ rest.None) (api.Me, error) {
	return u.Me(r.Context(), r.Caller)
}

func (u *Users) patchMe(r *rest.Request, in api.EditMe) (api.Me, error) {
	return u.EditMe(r.Context(), r.Caller, in)
}
