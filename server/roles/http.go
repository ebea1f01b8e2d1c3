package roles

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Routes are the doors of roles.
func (s *Roles) Routes() []rest.Route {
	return []rest.Route{
		{Method: rest.Get, Path: api.PathPerms, Guard: rest.Callers, Do: rest.Do(getPermissions),
			Summary: "List the permissions and what they mean"},
		{Method: rest.Get, Path: "/v1/roles", Guard: rest.Callers.With(perm.RolesRead), Do: rest.Do(s.list),
			Summary: "List roles and what they allow", Query: listed},
		{Method: rest.Post, Path: "/v1/roles", Guard: rest.Keepers.With(perm.RolesManage).Elevated(), Do: rest.Make(s.post),
			Summary: "Add a role of permissions that the caller holds"},
		{Method: rest.Get, Path: "/v1/roles/:id", Guard: rest.Callers.With(perm.RolesRead), Do: rest.Do(s.get),
			Summary: "Get a role"},
		{Method: rest.Patch, Path: "/v1/roles/:id", Guard: rest.Keepers.With(perm.RolesManage).Elevated(), Do: rest.Do(s.patch),
			Summary: "Edit a custom role; it acts at the next request of everyone who has it"},
		{Method: rest.Delete, Path: "/v1/roles/:id", Guard: rest.Keepers.With(perm.RolesManage).Elevated(), Do: rest.Do(s.remove),
			Summary: "Delete a custom role that nobody holds"},
	}
}

var listed = rest.Paged([]string{api.SortName, api.SortScope, api.SortHolders, api.SortCreated},
	rest.Param{Name: "scope", Means: "only roles given there", Enum: []string{string(perm.Account), string(perm.Organization)}},
	rest.Param{Name: "org", Means: "only roles that can be given in the organization with this id", Min: 1, Max: api.MaxID},
)

// getPermissions is the table, which is the same for everyone.
func getPermissions(*rest.Request, rest.None) (api.Page[perm.Entry], error) {
	return api.Page[perm.Entry]{Items: perm.Table, Total: len(perm.Table), Page: 1, Limit: api.DefaultLimit}, nil
}

func (s *Roles) list(r *rest.Request, _ rest.None) (api.Page[api.Role], error) {
	return s.List(r.Context(), r.Caller, api.RoleList{List: r.List(), Scope: perm.Scope(r.Text("scope")), Org: api.OrgID(r.Number("org"))})
}

func (s *Roles) post(r *rest.Request, in api.AddRole) (api.Role, error) {
	return s.Add(r.Context(), r.Caller, in)
}

func (s *Roles) get(r *rest.Request, _ rest.None) (role api.Role, err error) {
	id, err := rest.ID[api.RoleID](r, "id")
	if err != nil {
		return role, err
	}
	return s.Get(r.Context(), r.Caller, id)
}

func (s *Roles) patch(r *rest.Request, in api.EditRole) (role api.Role, err error) {
	id, err := rest.ID[api.RoleID](r, "id")
	if err != nil {
		return role, err
	}
	return s.Edit(r.Context(), r.Caller, id, in)
}

func (s *Roles) remove(r *rest.Request, _ rest.None) (none rest.None, err error) {
	id, err := rest.ID[api.RoleID](r, "id")
	if err != nil {
		return none, err
	}
	return none, s.Delete(r.Context(), r.Caller, id)
}
