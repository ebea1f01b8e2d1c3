package pages

import (
	"keystead/app/session"
	"keystead/shared/api"
)

// belongs reports whether a key works in an organization: a global one in each.
func belongs(k api.Key, org api.OrgID) bool { return k.Global() || *k.OrganizationID == org }

// worksIn says where a key acts.
func worksIn(k api.Key, v session.View) string {
	if !k.Global() {
		return orgName(v, k.OrganizationID)
	}
	if v.Mine(k.User.ID) {
		return "All of your organizations"
	}
	return "All organizations of " + ownerName(k.User)
}

// othersMay describes another person's key. What they may do is not ours to know, so
// it is said by what the key's role leaves of it.
func othersMay(k api.Key, org string) keyMay {
	who, where := ownerName(k.User), "in "+org
	if k.Global() {
		where = "in each of their organizations"
	}
	if k.Role == api.Admin {
		return keyMay{Summary: "It does what " + who + " may do " + where + ", and loses what they lose."}
	}
	return keyMay{Summary: "It reads what " + who + " may read " + where + ". It changes nothing and never shows a value."}
}
