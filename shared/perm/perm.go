// Package perm is the permission table: every permission, where it can be given,
// what it implies, and the built-in roles made of them. Both sides read it: the
// server decides by it, the console shows only what it allows.
package perm

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"strings"
)

// Permission is one right, spelled as on the wire: "noun:verb".
type Permission string

// The permissions.
const (
	AccountRead        Permission = "account:read"
	OrgsRead           Permission = "organizations:read"
	OrgsManage         Permission = "organizations:manage"
	KeysList           Permission = "api_keys:list"
	KeysRead           Permission = "api_keys:read"
	KeysModify         Permission = "api_keys:modify"
	KeysDelete         Permission = "api_keys:delete"
	SharedSecretRead   Permission = "shared_secret:read"
	SharedSecretManage Permission = "shared_secret:manage"
	AgentKeyRead       Permission = "agent_key:read"
	AgentKeyManage     Permission = "agent_key:manage"
	DevicesRead        Permission = "devices:read"
	DevicesManage      Permission = "devices:manage"
	UsersRead          Permission = "users:read"
	RolesRead          Permission = "roles:read"
	UsersManage        Permission = "users:manage"
	RolesManage        Permission = "roles:manage"
	AuditRead          Permission = "audit:read"
	KeysVerify         Permission = "keys:verify"
)

// Scope says where a permission can be given or a role is held.
type Scope string

// The scopes. Both is of permissions only.
const (
	Account      Scope = "account"
	Organization Scope = "organization"
	Both         Scope = "both"
)

// Entry is a row of the table.
type Entry struct {
	Permission Permission `json:"permission"`
	Scope      Scope      `json:"scope"`
	Means      string     `json:"means"` // in plain words, continues "may …"
}

// Table lists every permission once, in the order in which people read them.
var Table = []Entry{
	{AccountRead, Account, "see the account’s name and ID"},
	{OrgsRead, Both, "see organizations and their policy"},
	{OrgsManage, Both, "rename organizations and set their policy; on the account also create and delete them"},
	{KeysList, Both, "see other people’s API keys in lists, never their values"},
	{KeysRead, Both, "see the details and history of other people’s API keys"},
	{KeysModify, Both, "enable, disable, rename and restrict other people’s API keys"},
	{KeysDelete, Both, "delete other people’s API keys"},
	{SharedSecretRead, Both, "show and copy the API shared secret"},
	{SharedSecretManage, Both, "create and rotate the API shared secret"},
	{AgentKeyRead, Both, "show and copy the agent access key"},
	{AgentKeyManage, Both, "rotate the agent access key"},
	{DevicesRead, Both, "see devices"},
	{DevicesManage, Both, "delete devices"},
	{UsersRead, Both, "see the members of an organization"},
	{RolesRead, Both, "see roles and what they allow"},
	{UsersManage, Account, "invite, edit, disable and delete users"},
	{RolesManage, Account, "add, edit and delete roles"},
	{AuditRead, Both, "read the audit log"},
	{KeysVerify, Both, "ask whether a presented key is good"},
}

// here is what a permission means to who holds it in one organization, where that is less
// than the table says.
var here = map[Permission]string{
	OrgsRead:   "see the organization and its policy",
	OrgsManage: "rename the organization and set its policy",
	AuditRead:  "read the organization’s audit log",
}

// MeansIn is what a permission means at a scope.
func (e Entry) MeansIn(at Scope) string {
	if less, ok := here[e.Permission]; ok && at == Organization {
		return less
	}
	return e.Means
}

// implied gives what a permission brings along.
var implied = map[Permission][]Permission{
	KeysModify: {KeysRead},
	KeysDelete: {KeysRead},
}

var index = func() map[Permission]int {
	m := make(map[Permission]int, len(Table))
	for i, e := range Table {
		m[e.Permission] = i
	}
	return m
}()

// Known reports whether p is in the table.
func (p Permission) Known() bool { _, ok := index[p]; return ok }

// Set is a set of permissions. The zero value is empty.
type Set uint32

// Of makes a set, with what its members imply. It panics at a name that is not in
// the table: those come from constants; read others by [Parse] or [OfKnown].
func Of(ps ...Permission) Set {
	s, err := Parse(ps)
	if err != nil {
		panic(err)
	}
	return s
}

// Parse makes a set of names that come from outside.
func Parse(ps []Permission) (Set, error) {
	var s Set
	for _, p := range ps {
		one, ok := p.set()
		if !ok {
			return 0, fmt.Errorf("perm: no permission is called %q", p)
		}
		s |= one
	}
	return s, nil
}

// OfKnown makes a set of those names that are in the table: one that only another
// version of this program knows, as a database or a server may hold it, gives nothing.
func OfKnown(ps ...Permission) Set {
	var s Set
	for _, p := range ps {
		one, _ := p.set()
		s |= one
	}
	return s
}

// set is p with what it implies, empty where p is not in the table.
func (p Permission) set() (s Set, known bool) {
	i, known := index[p]
	if !known {
		return 0, false
	}
	s = 1 << i
	for _, more := range implied[p] {
		s |= 1 << index[more]
	}
	return s, true
}

// All holds every permission.
func All() Set { return 1<<len(Table) - 1 }

// Has reports whether p is in the set.
func (s Set) Has(p Permission) bool { i, ok := index[p]; return ok && s&(1<<i) != 0 }

// Holds reports whether all of t is in the set.
func (s Set) Holds(t Set) bool { return s&t == t }

// And is what both sets have.
func (s Set) And(t Set) Set { return s & t }

// Or is what either set has.
func (s Set) Or(t Set) Set { return s | t }

// Len counts the permissions.
func (s Set) Len() int { return bits.OnesCount32(uint32(s)) }

// List names the permissions in the order of the table, never nil.
func (s Set) List() []Permission {
	list := make([]Permission, 0, s.Len())
	for i, e := range Table {
		if s&(1<<i) != 0 {
			list = append(list, e.Permission)
		}
	}
	return list
}

// String joins the names with blanks, as in an OAuth scope (RFC 6749 section 3.3).
func (s Set) String() string {
	names := make([]string, 0, s.Len())
	for _, p := range s.List() {
		names = append(names, string(p))
	}
	return strings.Join(names, " ")
}

// MarshalJSON writes the list of names.
func (s Set) MarshalJSON() ([]byte, error) { return json.Marshal(s.List()) }

// givable holds what can be given at each scope.
var givable = func() map[Scope]Set {
	sets := map[Scope]Set{}
	for _, at := range []Scope{Account, Organization} {
		for i, e := range Table {
			if e.Scope == at || e.Scope == Both {
				sets[at] |= 1 << i
			}
		}
	}
	return sets
}()

// Within keeps what can be given at the scope.
func (s Set) Within(at Scope) Set { return s & givable[at] }

// Givable reports whether all of s can be given at the scope: on the account
// everything, in an organization what concerns one.
func (s Set) Givable(at Scope) bool { return givable[at].Holds(s) }

// ReadOnlyKeys is what a READONLY key keeps of its owner's permissions.
var ReadOnlyKeys = Of(AccountRead, OrgsRead, KeysList, KeysRead, DevicesRead, UsersRead, RolesRead, AuditRead, KeysVerify)

// OfKey is what an API key keeps of its owner's permissions, those on the account and in
// an organization together: local is a key of that organization, which holds nothing of
// the account.
func (s Set) OfKey(local, readOnly bool) Set {
	if local {
		s = s.Within(Organization)
	}
	if readOnly {
		s = s.And(ReadOnlyKeys)
	}
	return s
}
