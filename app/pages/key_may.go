package pages

import (
	"strconv"
	"strings"

	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// keyMay says in plain words what a new key will be allowed to do.
type keyMay struct {
	Summary string
	Acts    []string // each continues "It may …"
}

// mayIn describes a key that works in one organization, with nothing of the account.
func mayIn(org api.MyOrg, account perm.Set, role api.KeyRole) keyMay {
	set := perm.OfKnown(org.Permissions...).Or(account).OfKey(true, role != api.Admin)
	acts := []string{ownKeys(role, org.Policy.KeysManageKeys, "in "+org.Name)}
	for _, e := range perm.Table {
		if set.Has(e.Permission) {
			acts = append(acts, e.MeansIn(perm.Organization))
		}
	}
	return keyMay{summary(role, "in "+org.Name), acts}
}

// mayEverywhere describes a global key: what it may do in every organization, and
// what in some only.
func mayEverywhere(me api.Me, role api.KeyRole) keyMay {
	account := perm.OfKnown(me.AccountPermissions...)
	const where = "in each of your organizations"
	acts := []string{ownKeys(role, me.KeyPolicy.KeysManageKeys, "everywhere, global ones too")}
	for _, e := range perm.Table {
		held, last, means := 0, "", e.Means
		if !account.Has(e.Permission) {
			means, _, _ = strings.Cut(means, ";") // what comes after it is on the account
		}
		for _, org := range me.Organizations {
			if perm.OfKnown(org.Permissions...).Or(account).OfKey(false, role != api.Admin).Has(e.Permission) {
				held, last = held+1, org.Name
			}
		}
		switch {
		case held == 0:
		case held == len(me.Organizations):
			acts = append(acts, means)
		case held == 1:
			acts = append(acts, means+", in "+last+" only")
		default:
			acts = append(acts, means+", in "+strconv.Itoa(held)+" of your organizations")
		}
	}
	return keyMay{summary(role, where), acts}
}

func summary(role api.KeyRole, where string) string {
	if role == api.Admin {
		return "It does what you may do " + where + ", and loses what you lose."
	}
	return "It reads what you may read " + where + ". It changes nothing and never shows a value."
}

// roleChoices say what each role leaves of what the owner may do in an organization, or
// in all where it is "".
func roleChoices(owner, org string) []ui.Option {
	if org != "" {
		org = " in " + org
	}
	return []ui.Option{
		{Value: string(api.ReadOnly), Label: "READONLY", Note: "Reads whatever " + owner + " can read" + org + "."},
		{Value: string(api.Admin), Label: "ADMIN", Note: "Does whatever " + owner + " can do" + org + "."},
	}
}

func ownKeys(role api.KeyRole, manage bool, where string) string {
	if role == api.Admin && manage {
		return "add, show, edit, rotate and delete your own keys " + where
	}
	return "list your own keys " + where
}
