package netography

import (
	"net/http"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// AddKey is the body of create.
type AddKey struct {
	AppName     string   `json:"appname" required:"true"`
	Roles       []string `json:"roles" required:"true"`
	Description string   `json:"description,omitempty"`
}

// EditKey is the body of update and of regenerate.
type EditKey struct {
	Description *string  `json:"description,omitempty"`
	Roles       []string `json:"roles,omitempty"`
}

// orgOf is the organization that a caller speaks of: that of their token or key.
// Fault: organization_required.
func orgOf(who caller.Caller) (api.OrgID, error) {
	if who.Key != nil && who.Key.Org != nil {
		return *who.Key.Org, nil
	}
	if who.ByPassword() {
		for org := range who.Orgs {
			return org, nil // there is one
		}
	}
	return 0, fault.New(fault.OrgRequired, "A global key does not say which organization is meant: exchange it for a token of one.")
}

// named finds the key that the path names.
func (n *Netography) named(r *rest.Request) (key api.Key, err error) {
	org, err := orgOf(r.Caller)
	if err != nil {
		return key, err
	}
	name, err := r.Path("appname")
	if err != nil {
		return key, err
	}
	return n.Keys.Named(r.Context(), r.Caller, org, name)
}

// list answers all there are: the vendor's lists have no pages.
func (n *Netography) list(r *rest.Request, _ rest.None) (List, error) {
	out := List{Meta: Meta{Code: http.StatusOK}, Data: []Record{}}
	org, err := orgOf(r.Caller)
	if err != nil {
		return out, err
	}
	ask := api.KeyList{List: api.List{Page: 1, Limit: api.MaxLimit, Sort: api.SortName}}
	for {
		page, err := n.Keys.List(r.Context(), r.Caller, &org, ask)
		if err != nil {
			return out, err
		}
		for _, key := range page.Items {
			out.Data = append(out.Data, recordOf(key))
		}
		if len(page.Items) < ask.Limit {
			out.Meta.Count = len(out.Data)
			return out, nil
		}
		ask.Page++
	}
}

func (n *Netography) add(r *rest.Request, in AddKey) (out Answer, err error) {
	org, err := orgOf(r.Caller)
	if err != nil {
		return out, err
	}
	role, err := roleOf(in.Roles)
	if err != nil {
		return out, err
	}
	added, err := n.Keys.Add(r.Context(), r.Caller, &org, api.AddKey{Name: in.AppName, Description: in.Description, Role: *role})
	return answerWith(http.StatusCreated, added, err)
}

func (n *Netography) get(r *rest.Request, _ rest.None) (out Answer, err error) {
	key, err := n.named(r)
	if err != nil {
		return out, err
	}
	key, err = n.Keys.Get(r.Context(), r.Caller, key.ID)
	return answer(http.StatusOK, key, err)
}

func (n *Netography) edit(r *rest.Request, in EditKey) (out Answer, err error) {
	key, err := n.named(r)
	if err != nil {
		return out, err
	}
	if in.Description == nil {
		in.Description = new(string) // an update replaces the whole
	}
	key, err = n.change(r, key, in)
	return answer(http.StatusOK, key, err)
}

// change edits what is set.
func (n *Netography) change(r *rest.Request, key api.Key, in EditKey) (api.Key, error) {
	role, err := roleOf(in.Roles)
	if err != nil {
		return key, err
	}
	return n.Keys.Edit(r.Context(), r.Caller, key.ID, api.EditKey{Description: in.Description, Role: role})
}

// regenerate gives a key a new value at once. Only its owner does: that is asked before
// anything is edited.
func (n *Netography) regenerate(r *rest.Request, in EditKey) (out Answer, err error) {
	key, err := n.named(r)
	if err != nil {
		return out, err
	}
	if key.User.ID == r.Caller.User.ID && (in.Description != nil || in.Roles != nil) {
		if _, err := n.change(r, key, in); err != nil {
			return out, err
		}
	}
	rotated, err := n.Keys.Rotate(r.Context(), r.Caller, key.ID, api.Rotate{})
	return answerWith(http.StatusOK, rotated, err)
}

func (n *Netography) remove(r *rest.Request, _ rest.None) (none rest.None, err error) {
	key, err := n.named(r)
	if err != nil {
		return none, err
	}
	return none, n.Keys.Delete(r.Context(), r.Caller, key.ID)
}
