package pages

import (
	"strconv"

	"keystead/shared/api"
	"keystead/shared/perm"
)

// keyMay says in plain words what a new key will be allowed to do.
type keyMay struct {
	Summary string
	Acts    []string // each continues "It may …"
}

// mayIn describes a key that works in one organization.
func mayIn(org api.MyOrg, account perm.Set, role api.KeyRole) keyMay {
	set := keeps(setOf(org.Permissions).Or(account), role)
	acts := []string{ownKeys(role, org.Policy.KeysManageKeys, "in "+org.Name)}
	for _, e := range perm.Table {
		if set.Has(e.Permission) {
			acts = append(acts, e.Means)
		}
	}
	return keyMay{summary(role, "in "+org.Name), acts}
}

// mayEverywhere describes a global key: what it may do in every organization, and
// what in some only.
func mayEverywhere(me api.Me, role api.KeyRole) keyMay {
	account := setOf(me.AccountPermissions)
	const where = "in each of your organizations"
	acts := []string{ownKeys(role, me.KeyPolicy.KeysManageKeys, "everywhere, global ones too")}
	for _, e := range perm.Table {
		held, last := 0, ""
		for _, org := range me.Organizations {
			if keeps(setOf(org.Permissions).Or(account), role).Has(e.Permission) {
				held, last = held+1, org.Name
			}
		}
		switch {
		case held == 0:
		case held == len(me.Organizations):
			acts = append(acts, e.Means)
		case held == 1:
			acts = append(acts, e.Means+", in "+last+" only")
		default:
			acts = append(acts, e.Means+", in "+strconv.Itoa(held)+" of your organizations")
		}
	}
	return keyMay{summary(role, where), acts}
}

// keeps is what a key of that role has of its owner's permissions.
func keeps(owner perm.Set, role api.KeyRole) perm.Set {
	if role == api.Admin {
		return owner
	}
	return owner.And(perm.ReadOnlyKeys)
}

func summary(role api.KeyRole, where string) string {
	if role == api.Admin {
		return "It does what you may do " + where + ", and loses what you lose."
	}
	return "It reads what you may read " + where + ". It changes nothing and never shows a value."
}

func ownKeys(role api.KeyRole, manage bool, where string) string {
	if role == api.Admin && manage {
		return "add, show, edit, rotate and delete your own keys " + where
	}
	return "list your own keys " + where
}
