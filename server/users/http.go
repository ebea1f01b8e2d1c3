package users

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Routes are the doors of me and of users. Those where passwords are set are among
// those of sessions.
func (u *Users) Routes() []rest.Route {
	return []rest.Route{
		{Method: rest.Get, Path: api.PathMe, Guard: rest.Callers, Do: rest.Do(u.getMe), Summary: "Say who the caller is and what they may do, where"},
		{Method: rest.Patch, Path: api.PathMe, Guard: rest.Sessions, Do: rest.Do(u.patchMe), Summary: "Change the caller's own name"},
		{Method: rest.Get, Path: api.PathUsers, Guard: rest.Callers.With(perm.UsersRead), Do: rest.Do(u.list),
			Summary: "List the users that the caller may see", Query: listed},
		{Method: rest.Post, Path: api.PathUsers, Guard: rest.Keepers.With(perm.UsersManage).Elevated(), Do: rest.Make(u.post),
			Summary: "Invite a user by a link"},
		{Method: rest.Get, Path: "/v1/users/:id", Guard: rest.Callers.With(perm.UsersRead), Do: rest.Do(u.get),
			Summary: "Get a user, with what disabling or deleting them does"},
		{Method: rest.Patch, Path: "/v1/users/:id", Guard: rest.Keepers.With(perm.UsersManage), Do: rest.Do(u.patch),
			Summary: "Edit, enable or disable a user; a session needs a fresh proof of identity for address and roles"},
		{Method: rest.Delete, Path: "/v1/users/:id", Guard: rest.Keepers.With(perm.UsersManage), Do: rest.Do(u.remove),
			Summary: "Delete a user and their API keys"},
		{Method: rest.Post, Path: "/v1/users/:id/link", Guard: rest.Keepers.With(perm.UsersManage).Elevated(), Do: rest.Make(u.postLink),
			Summary: "Make a single-use link by which a user comes in or sets a new password"},
	}
}

var listed = rest.Paged([]string{api.SortName, api.SortEmail, api.SortState, api.SortRole, api.SortLastActive, api.SortCreated},
	rest.Param{Name: "state", Means: "only users in this state", Enum: []string{api.UserInvited, api.UserActive, api.UserDisabled}},
	rest.Param{Name: "org", Means: "only members of the organization with this id", Min: 1, Max: api.MaxID},
	rest.Param{Name: "role", Means: "only holders of the role with this id", Min: 1, Max: api.MaxID},
)

func (u *Users) getMe(r *rest.Request, _ rest.None) (api.Me, error) {
	return u.Me(r.Context(), r.Caller)
}

func (u *Users) patchMe(r *rest.Request, in api.EditMe) (api.Me, error) {
	return u.EditMe(r.Context(), r.Caller, in)
}

func (u *Users) list(r *rest.Request, _ rest.None) (api.Page[api.Person], error) {
	return u.List(r.Context(), r.Caller, api.UserList{
		List: r.List(), State: r.Text("state"), Org: api.OrgID(r.Number("org")), Role: api.RoleID(r.Number("role")),
	})
}

func (u *Users) post(r *rest.Request, in api.AddUser) (api.AddedUser, error) {
	return u.Add(r.Context(), r.Caller, in)
}

func (u *Users) get(r *rest.Request, _ rest.None) (user api.PersonDetail, err error) {
	id, err := rest.ID[api.UserID](r, "id")
	if err != nil {
		return user, err
	}
	return u.Get(r.Context(), r.Caller, id)
}

func (u *Users) patch(r *rest.Request, in api.EditUser) (user api.PersonDetail, err error) {
	id, err := rest.ID[api.UserID](r, "id")
	if err != nil {
		return user, err
	}
	return u.Edit(r.Context(), r.Caller, id, in)
}

func (u *Users) remove(r *rest.Request, _ rest.None) (none rest.None, err error) {
	id, err := rest.ID[api.UserID](r, "id")
	if err != nil {
		return none, err
	}
	return none, u.Delete(r.Context(), r.Caller, id)
}

func (u *Users) postLink(r *rest.Request, in api.AddLink) (link api.Link, err error) {
	id, err := rest.ID[api.UserID](r, "id")
	if err != nil {
		return link, err
	}
	return u.Link(r.Context(), r.Caller, id, in)
}
