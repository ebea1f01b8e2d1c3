package keys_test

import (
	"fmt"
	"testing"

	"keystead/server/caller"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// TestListLocal: whose keys a list without global ones holds, in an organization and
// in all of them.
func TestListLocal(t *testing.T) {
	h := newHouse(t)
	here, there, far := h.Org("Here"), h.Org("There"), h.Org("Far")
	ada := h.member("Ada", here)
	h.join(ada, there)
	bob := h.member("Bob", here, perm.KeysList)
	h.join(bob, there)
	root := h.admin("Root")
	plain := h.Person("Paul")
	h.Join(plain, 0, h.Role(perm.Account))
	h.join(plain, there, perm.KeysList)
	h.add(ada, &here, "ada-here")
	h.add(ada, &there, "ada-there")
	global := h.add(ada, nil, "ada-global").Key
	key := h.add(bob, &here, "bob-here").Key
	h.add(bob, &there, "bob-there")
	h.add(plain, &far, "paul-far")

	for _, c := range []struct {
		what string
		who  caller.Caller
		org  *api.OrgID
		user api.UserID
		want string
	}{
		{"own", h.As(ada), nil, 0, "ada-here ada-there"},
		{"own of one organization", h.As(ada), &here, 0, "ada-here"},
		{"everyone's where they may", h.As(bob), nil, 0, "ada-here bob-here bob-there"},
		{"of one user", h.As(bob), nil, ada, "ada-here"},
		{"an administrator's", h.As(root), nil, 0, "ada-here ada-there bob-here bob-there paul-far"},
		{"a member of all who lists in one", h.As(plain), nil, 0, "ada-there bob-there paul-far"},
		{"by a key of an organization", h.asKey(key), nil, 0, "ada-here bob-here"},
		{"by a global key", h.asKey(global), nil, 0, "ada-here ada-there"},
		{"a stranger's", h.As(h.Person("Eve")), nil, ada, ""},
	} {
		page, err := h.keys.ListLocal(h.ctx, c.who, c.org, api.KeyList{User: c.user})
		h.refused(c.what, err, "")
		if got := names(page); got != c.want || page.Total != len(page.Items) || page.Items == nil {
			t.Errorf("%s: %q, %d in all, want %q", c.what, got, page.Total, c.want)
		}
	}
	_, err := h.keys.ListLocal(h.ctx, h.As(ada), &far, api.KeyList{})
	h.refused("a foreign organization", err, fault.NotFound)
	h.Exec("DELETE FROM memberships WHERE user_id = ? AND org_id = ?", ada, there)
	page, err := h.keys.ListLocal(h.ctx, h.As(ada), nil, api.KeyList{})
	if h.refused("after leaving", err, ""); names(page) != "ada-here" {
		t.Errorf("after leaving: %q", names(page))
	}
}

func TestPagesOfFiveHundred(t *testing.T) {
	h := newHouse(t)
	h.keys = h.roomy()
	org := h.Org("Here")
	ada := h.member("Ada", org)
	for n := range 7 {
		h.add(ada, &org, fmt.Sprint("key ", n))
	}
	h.Exec(`INSERT INTO api_keys (org_id, owner_id, owner_sort, name, name_folded, description, search, role, created_at, updated_at, public_id, hint, digest, pepper_id)
		WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 600)
		SELECT org_id, owner_id, owner_sort, 'more ' || n, 'more ' || n, '', '', role, 0, 0, 'p' || n, hint, randomblob(32), pepper_id
		  FROM n, (SELECT * FROM api_keys LIMIT 1)`)
	for page, want := range map[int]int{1: 500, 2: 107, 3: 0} {
		got, err := h.keys.ListLocal(h.ctx, h.As(ada), &org, api.KeyList{List: api.List{Page: page, Limit: 500}})
		if err != nil || len(got.Items) != want || got.Total != 607 {
			t.Errorf("page %d has %d of %d: %v", page, len(got.Items), got.Total, err)
		}
	}
}

// TestHome: where a key lives is told to whoever may know of it.
func TestHome(t *testing.T) {
	h := newHouse(t)
	here := h.Org("Here")
	ada := h.member("Ada", here)
	local, global := h.add(ada, &here, "local").Key, h.add(ada, nil, "global").Key
	owner, org, err := h.keys.Home(h.ctx, h.As(h.member("Bob", here, perm.KeysList)), local.ID)
	if err != nil || owner != ada || org == nil || *org != here {
		t.Errorf("a key of the organization is at %v of %d: %v", org, owner, err)
	}
	owner, org, err = h.keys.Home(h.ctx, h.As(ada), global.ID)
	if err != nil || owner != ada || org != nil {
		t.Errorf("a global key is at %v of %d: %v", org, owner, err)
	}
	_, _, err = h.keys.Home(h.ctx, h.As(h.member("Eve", here)), local.ID)
	h.refused("a stranger's key", err, fault.NotFound)
	_, _, err = h.keys.Home(h.ctx, h.asKey(local), global.ID)
	h.refused("beyond a key's reach", err, fault.NotFound)
	_, _, err = h.keys.Home(h.ctx, h.As(ada), 1<<40)
	h.refused("a key that never was", err, fault.NotFound)
}
