package automox

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Key is an API key of an organization, without its value.
type Key struct {
	ID         api.KeyID `json:"id"`
	Name       string    `json:"name"`
	IsEnabled  bool      `json:"is_enabled"`
	ExpiresAt  *string   `json:"expires_at"`
	CreatedAt  string    `json:"created_at"`
	LastUsedAt *string   `json:"last_used_at"`
	User       Owner     `json:"user"`
}

// Owner is the user to whom a key of an organization belongs.
type Owner struct {
	ID        api.UserID `json:"id"`
	FirstName string     `json:"firstname"`
	LastName  string     `json:"lastname"`
	Email     string     `json:"email"`
}

func keyOf(k api.Key) Key {
	return Key{
		ID: k.ID, Name: k.Name, IsEnabled: k.Enabled,
		ExpiresAt: dateOrNull(k.ExpiresAt), CreatedAt: date(k.CreatedAt), LastUsedAt: dateOrNull(k.LastLoginAt),
		User: Owner{k.User.ID, k.User.FirstName, k.User.LastName, k.User.Email},
	}
}

// AddKey asks for a new key.
type AddKey struct {
	Name      string            `json:"name" required:"true"`
	ExpiresAt api.Maybe[string] `json:"expires_at,omitzero"`
}

func (in AddKey) ask() (api.AddKey, error) {
	ask := api.AddKey{Name: in.Name, Role: api.Admin}
	switch {
	case in.ExpiresAt.Value != nil:
		at, err := ParseDate(*in.ExpiresAt.Value)
		if err != nil {
			return ask, err
		}
		ask.ExpiresAt = api.Just(at)
	case in.ExpiresAt.Set:
		ask.ExpiresAt.Set = true // null: none
	}
	return ask, nil
}

// EditKey switches a key on or off; nothing else is changed here.
type EditKey struct {
	IsEnabled *Flag `json:"is_enabled" required:"true"`
}

func (in EditKey) ask() api.EditKey { return api.EditKey{Enabled: (*bool)(in.IsEnabled)} }

// Decrypted holds the value of a key.
type Decrypted struct {
	APIKey api.Secret `json:"api_key"`
}

// byAge is a page of keys in the order in which they were made.
func byAge(r *rest.Request) api.KeyList {
	l := pageOf(r)
	l.Sort = api.SortCreated
	return api.KeyList{List: l}
}

func (a *Automox) orgKeys(r *rest.Request, _ rest.None) (list Results[Key], err error) {
	org, err := rest.ID[api.OrgID](r, "org")
	if err != nil {
		return list, err
	}
	return a.keys(r, &org, byAge(r))
}

func (a *Automox) userKeys(r *rest.Request, _ rest.None) (list Results[Key], err error) {
	l := byAge(r)
	if l.User, err = rest.ID[api.UserID](r, "user"); err != nil {
		return list, err
	}
	org, err := a.orgOf(r)
	if err != nil {
		return list, err
	}
	return a.keys(r, org, l)
}

func (a *Automox) keys(r *rest.Request, org *api.OrgID, l api.KeyList) (Results[Key], error) {
	page, err := a.Keys.ListLocal(r.Context(), r.Caller, org, l)
	return Results[Key]{each(page.Items, keyOf), page.Total}, err
}

// addKey adds one of the caller's own: there is a user's id in the path, but nobody adds
// a key for another.
func (a *Automox) addKey(r *rest.Request, in AddKey) (key Key, err error) {
	user, err := rest.ID[api.UserID](r, "user")
	if err != nil {
		return key, err
	}
	org, err := a.orgOf(r)
	if err != nil {
		return key, err
	}
	if user != r.Caller.User.ID {
		if _, err := a.Users.Get(r.Context(), r.Caller, user); err != nil {
			return key, err
		}
		return key, fault.New(fault.PermissionRequired, "Everyone adds API keys for themselves.")
	}
	if org == nil {
		return key, fault.At(o.Name, fault.OrgRequired, "A global key says in which organization it adds one.")
	}
	ask, err := in.ask()
	if err != nil {
		return key, err
	}
	added, err := a.Keys.Add(r.Context(), r.Caller, org, ask)
	return keyOf(added.Key), err
}

// keyAt is the key that a path names, if it is that user's and in that organization.
func (a *Automox) keyAt(r *rest.Request) (api.KeyID, error) {
	user, err := rest.ID[api.UserID](r, "user")
	if err != nil {
		return 0, err
	}
	id, err := rest.ID[api.KeyID](r, "id")
	if err != nil {
		return 0, err
	}
	org, err := a.orgOf(r)
	if err != nil {
		return 0, err
	}
	owner, home, err := a.Keys.Home(r.Context(), r.Caller, id)
	if err != nil {
		return 0, err
	}
	if owner != user || home == nil || org != nil && *org != *home {
		return 0, fault.Missing()
	}
	return id, nil
}

// on is an act on the key that a path names; find says which one that is.
func on[In, Out any](find func(*rest.Request) (api.KeyID, error), act func(*rest.Request, api.KeyID, In) (Out, error)) func(*rest.Request, In) (Out, error) {
	return func(r *rest.Request, in In) (out Out, err error) {
		id, err := find(r)
		if err != nil {
			return out, err
		}
		return act(r, id, in)
	}
}

func (a *Automox) getKey(r *rest.Request, id api.KeyID, _ rest.None) (Key, error) {
	got, err := a.Keys.Get(r.Context(), r.Caller, id)
	return keyOf(got), err
}

func (a *Automox) editKey(r *rest.Request, id api.KeyID, in EditKey) (Key, error) {
	edited, err := a.Keys.Edit(r.Context(), r.Caller, id, in.ask())
	return keyOf(edited), err
}

func (a *Automox) deleteKey(r *rest.Request, id api.KeyID, _ rest.None) (none rest.None, err error) {
	return none, a.Keys.Delete(r.Context(), r.Caller, id)
}

func (a *Automox) decryptKey(r *rest.Request, id api.KeyID, _ rest.None) (Decrypted, error) {
	shown, err := a.Keys.Reveal(r.Context(), r.Caller, id, api.Reveal{})
	return Decrypted{shown.Value}, err
}
