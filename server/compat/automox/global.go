package automox

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// GlobalKey is a global API key, without its value: the same as [Key], with dates and
// owner spelled in another way.
type GlobalKey struct {
	ID         api.KeyID   `json:"id"`
	Name       string      `json:"name"`
	IsEnabled  bool        `json:"is_enabled"`
	ExpiresAt  *string     `json:"expires_at"`
	CreatedAt  string      `json:"created_at"`
	LastUsedAt *string     `json:"last_used_at"`
	User       GlobalOwner `json:"user"`
}

// GlobalOwner is the user to whom a global key belongs.
type GlobalOwner struct {
	ID        string `json:"id"` // a UUID
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
}

func globalOf(k api.Key) GlobalKey {
	return GlobalKey{
		ID: k.ID, Name: k.Name, IsEnabled: k.Enabled,
		ExpiresAt: spelled(k.ExpiresAt, colons), CreatedAt: *spelled(&k.CreatedAt, colons), LastUsedAt: spelled(k.LastLoginAt, colons),
		User: GlobalOwner{k.User.UUID, k.User.FirstName, k.User.LastName, k.User.Email},
	}
}

func (a *Automox) globalKeys(r *rest.Request, _ rest.None) (Results[GlobalKey], error) {
	page, err := a.Keys.List(r.Context(), r.Caller, nil, byAge(r))
	return Results[GlobalKey]{each(page.Items, globalOf), page.Total}, err
}

func (a *Automox) addGlobalKey(r *rest.Request, in AddKey) (key GlobalKey, err error) {
	ask, err := in.ask()
	if err != nil {
		return key, err
	}
	added, err := a.Keys.Add(r.Context(), r.Caller, nil, ask)
	return globalOf(added.Key), err
}

// globalAt is the global key that a path names.
func (a *Automox) globalAt(r *rest.Request) (api.KeyID, error) {
	id, err := rest.ID[api.KeyID](r, "id")
	if err != nil {
		return 0, err
	}
	_, home, err := a.Keys.Home(r.Context(), r.Caller, id)
	if err == nil && home != nil {
		err = fault.Missing()
	}
	return id, err
}

func (a *Automox) editGlobalKey(r *rest.Request, id api.KeyID, in EditKey) (GlobalKey, error) {
	edited, err := a.Keys.Edit(r.Context(), r.Caller, id, in.ask())
	return globalOf(edited), err
}
