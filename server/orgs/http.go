package orgs

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Routes are the doors to the account and its organizations.
func (o *Orgs) Routes() []rest.Route {
	return []rest.Route{
		{Method: rest.Get, Path: "/v1/account", Guard: rest.Callers.With(perm.AccountRead), Do: rest.Do(o.account),
			Summary: "Get the account's id and name"},
		{Method: rest.Patch, Path: "/v1/account", Guard: rest.Callers.With(perm.OrgsManage), Do: rest.Do(o.patchAccount),
			Summary: "Rename the account"},
		{Method: rest.Get, Path: "/v1/organizations", Guard: rest.Callers, Do: rest.Do(o.list),
			Summary: "List the organizations that the caller may see", Query: rest.Paged([]string{sortName, api.SortCreated})},
		{Method: rest.Post, Path: "/v1/organizations", Guard: rest.Keepers.With(perm.OrgsManage), Do: rest.Make(o.post),
			Summary: "Add an organization with its agent access key"},
		{Method: rest.Get, Path: "/v1/organizations/:org", Guard: rest.Callers.With(perm.OrgsRead), Do: rest.Do(o.get),
			Summary: "Get an organization"},
		{Method: rest.Patch, Path: "/v1/organizations/:org", Guard: rest.Callers.With(perm.OrgsManage), Do: rest.Do(o.patch),
			Summary: "Edit an organization's names and policy"},
		{Method: rest.Delete, Path: "/v1/organizations/:org", Guard: rest.Keepers.With(perm.OrgsManage), Do: rest.Do(o.remove),
			Summary: "Delete an organization with everything in it"},
		{Method: rest.Get, Path: "/v1/organizations/:org/members", Guard: rest.Callers.With(perm.UsersRead), Do: rest.Do(o.members),
			Summary: "List the members of an organization", Query: rest.Paged([]string{sortName, sortEmail, sortRole})},
	}
}

func (o *Orgs) account(r *rest.Request, _ rest.None) (api.Account, error) {
	return o.Account(r.Context(), r.Caller)
}

func (o *Orgs) patchAccount(r *rest.Request, in api.EditAccount) (api.Account, error) {
	return o.EditAccount(r.Context(), r.Caller, in)
}

func (o *Orgs) list(r *rest.Request, _ rest.None) (api.Page[api.Org], error) {
	return o.List(r.Context(), r.Caller, r.List())
}

func (o *Orgs) post(r *rest.Request, in api.AddOrg) (api.Org, error) {
	return o.Add(r.Context(), r.Caller, in)
}

func (o *Orgs) get(r *rest.Request, _ rest.None) (org api.OrgDetail, err error) {
	id, err := rest.ID[api.OrgID](r, "org")
	if err != nil {
		return org, err
	}
	return o.Get(r.Context(), r.Caller, id)
}

func (o *Orgs) patch(r *rest.Request, in api.EditOrg) (org api.Org, err error) {
	id, err := rest.ID[api.OrgID](r, "org")
	if err != nil {
		return org, err
	}
	return o.Edit(r.Context(), r.Caller, id, in)
}

func (o *Orgs) remove(r *rest.Request, in api.DeleteOrg) (none rest.None, err error) {
	id, err := rest.ID[api.OrgID](r, "org")
	if err != nil {
		return none, err
	}
	return none, o.Delete(r.Context(), r.Caller, id, in)
}

func (o *Orgs) members(r *rest.Request, _ rest.None) (page api.Page[api.Member], err error) {
	id, err := rest.ID[api.OrgID](r, "org")
	if err != nil {
		return page, err
	}
	return o.Members(r.Context(), r.Caller, id, r.List())
}
