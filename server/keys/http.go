package keys

import (
	"keystead/server/rest"
	"keystead/shared/api"
)

// Routes are the doors to API keys.
func (k *Keys) Routes() []rest.Route {
	return []rest.Route{
		{Method: rest.Get, Path: "/v1/organizations/:org/api-keys", Guard: rest.Callers, Do: rest.Do(k.list),
			Summary: "List the API keys of an organization, with the caller's own global ones", Query: listed(scope)},
		{Method: rest.Post, Path: "/v1/organizations/:org/api-keys", Guard: rest.Keepers, Do: rest.Make(k.add),
			Summary: "Add an API key in an organization"},
		{Method: rest.Get, Path: "/v1/global/api-keys", Guard: rest.Callers, Do: rest.Do(k.listGlobal),
			Summary: "List global API keys", Query: listed()},
		{Method: rest.Post, Path: "/v1/global/api-keys", Guard: rest.Keepers, Do: rest.Make(k.addGlobal),
			Summary: "Add a global API key"},
		{Method: rest.Post, Path: "/v1/api-keys/bulk", Guard: rest.Callers, Do: rest.Do(k.bulk),
			Summary: "Enable, disable or delete many API keys"},
		{Method: rest.Get, Path: "/v1/api-keys/:id", Guard: rest.Callers, Do: rest.Do(k.get),
			Summary: "Get an API key"},
		{Method: rest.Patch, Path: "/v1/api-keys/:id", Guard: rest.Callers, Do: rest.Do(k.patch),
			Summary: "Edit an API key"},
		{Method: rest.Delete, Path: "/v1/api-keys/:id", Guard: rest.Callers, Do: rest.Do(k.remove),
			Summary: "Delete an API key"},
		{Method: rest.Post, Path: "/v1/api-keys/:id/reveal", Guard: rest.Keepers.Elevated(), Do: rest.Do(k.reveal),
			Summary: "Show the value of one's own API key"},
		{Method: rest.Post, Path: "/v1/api-keys/:id/rotate", Guard: rest.Keepers.Elevated(), Do: rest.Do(k.rotate),
			Summary: "Give one's own API key a new value"},
	}
}

// scope is the filter of an organization's list.
var scope = rest.Param{Name: "scope", Means: "of the organization with one's own global ones (default), global ones, or all",
	Enum: []string{api.ScopeOrganization, api.ScopeGlobal, api.ScopeAll}}

// listed are the parameters of a list of keys.
func listed(more ...rest.Param) []rest.Param {
	sorts := []string{api.SortName, api.SortUser, api.SortRole, api.SortExpires, api.SortLastLogin, api.SortEnabled, api.SortCreated}
	return rest.Paged(sorts, append([]rest.Param{
		{Name: "user", Means: "only the keys of the user with this id", Min: 1, Max: 1<<53 - 1},
		{Name: "role", Means: "only keys of this role", Enum: []string{string(api.Admin), string(api.ReadOnly)}},
		{Name: "use", Means: "only keys never used, or not for so many days", Enum: []string{api.UseNever, api.UseIdle30, api.UseIdle90, api.UseIdle365}},
		{Name: "state", Means: "only keys in this state", Enum: []string{api.StateEnabled, api.StateDisabled, api.StateExpired}},
		{Name: "review", Means: "only keys that deserve a look", Enum: []string{"true", "false"}},
	}, more...)...)
}

func listOf(r *rest.Request) api.KeyList {
	return api.KeyList{
		List: r.List(), User: api.UserID(r.Number("user")), Role: api.KeyRole(r.Text("role")),
		Use: r.Text("use"), State: r.Text("state"), Scope: r.Text("scope"), Review: r.Text("review") == "true",
	}
}

func (k *Keys) list(r *rest.Request, _ rest.None) (page api.Page[api.Key], err error) {
	org, err := rest.ID[api.OrgID](r, "org")
	if err != nil {
		return page, err
	}
	return k.List(r.Context(), r.Caller, &org, listOf(r))
}

func (k *Keys) listGlobal(r *rest.Request, _ rest.None) (api.Page[api.Key], error) {
	return k.List(r.Context(), r.Caller, nil, listOf(r))
}

func (k *Keys) add(r *rest.Request, in api.AddKey) (added api.AddedKey, err error) {
	org, err := rest.ID[api.OrgID](r, "org")
	if err != nil {
		return added, err
	}
	return k.Add(r.Context(), r.Caller, &org, in)
}

func (k *Keys) addGlobal(r *rest.Request, in api.AddKey) (api.AddedKey, error) {
	return k.Add(r.Context(), r.Caller, nil, in)
}

func (k *Keys) bulk(r *rest.Request, in api.Bulk) (api.BulkDone, error) {
	return k.Bulk(r.Context(), r.Caller, in)
}

func (k *Keys) get(r *rest.Request, _ rest.None) (key api.Key, err error) {
	id, err := rest.ID[api.KeyID](r, "id")
	if err != nil {
		return key, err
	}
	return k.Get(r.Context(), r.Caller, id)
}

func (k *Keys) patch(r *rest.Request, in api.EditKey) (key api.Key, err error) {
	id, err := rest.ID[api.KeyID](r, "id")
	if err != nil {
		return key, err
	}
	return k.Edit(r.Context(), r.Caller, id, in)
}

func (k *Keys) remove(r *rest.Request, _ rest.None) (none rest.None, err error) {
	id, err := rest.ID[api.KeyID](r, "id")
	if err != nil {
		return none, err
	}
	return none, k.Delete(r.Context(), r.Caller, id)
}

func (k *Keys) reveal(r *rest.Request, in api.Reveal) (value api.Revealed, err error) {
	id, err := rest.ID[api.KeyID](r, "id")
	if err != nil {
		return value, err
	}
	return k.Reveal(r.Context(), r.Caller, id, in)
}

func (k *Keys) rotate(r *rest.Request, in api.Rotate) (rotated api.AddedKey, err error) {
	id, err := rest.ID[api.KeyID](r, "id")
	if err != nil {
		return rotated, err
	}
	return k.Rotate(r.Context(), r.Caller, id, in)
}
