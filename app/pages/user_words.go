package pages

import (
	"strings"

	"keystead/app/ui"
	"keystead/shared/api"
)

// userName is how a user is called.
func userName(u api.User) string {
	if name := strings.TrimSpace(u.FirstName + " " + u.LastName); name != "" {
		return name
	}
	return u.Email
}

// stateWords are the states of users as people read them.
var stateWords = map[string]string{api.UserInvited: "Invited", api.UserActive: "Active", api.UserDisabled: "Disabled"}

// roleHere is the role of a person in an organization, "" for none.
func roleHere(p api.Person, org api.OrgID) string {
	for _, m := range p.Memberships {
		if m.Organization.ID == org {
			return m.Role.Name
		}
	}
	return ""
}

// elsewhere says in how many other organizations a person has a role.
func elsewhere(p api.Person, org api.OrgID) string {
	n := len(p.Memberships)
	if roleHere(p, org) != "" {
		n--
	}
	switch {
	case n == 0:
		return ""
	case n == len(p.Memberships):
		return "in " + counted(n, "organization", "organizations")
	}
	return "and in " + counted(n, "other", "others")
}

// shutOutWords say what a change of password or address by another does to a user.
func shutOutWords(keys *api.PersonKeys) string {
	const ends = "They are signed out everywhere"
	switch {
	case keys == nil:
		return ends + ", and their keys can’t be shown any more. The keys keep working."
	case keys.Held == 0:
		return ends + ". No key is affected: they have none."
	case keys.Showable == 0:
		return ends + ". Their " + counted(keys.Held, "key keeps", "keys keep") + " working; none could be shown anyway."
	case keys.Showable == 1:
		return ends + ", and the value of one of their keys can’t be shown any more. The keys keep working."
	}
	return ends + ", and the values of " + counted(keys.Showable, "key", "keys") + " of theirs can’t be shown any more. The keys keep working."
}

// disableWords say what disabling a user does.
func disableWords(keys *api.PersonKeys) string {
	const ends = "They are signed out everywhere and can’t sign in"
	if keys == nil || keys.Held == 0 {
		return ends + ", until they are enabled again."
	}
	refused := "their " + counted(keys.Held, "key is", "keys are") + " refused at once"
	return ends + ", and " + refused + ". Enabled again, they and their keys work as before."
}

// deleteWords say what deleting a user does.
func deleteWords(keys *api.PersonKeys) string {
	switch {
	case keys == nil || keys.Held == 0:
		return "They hold no keys. This can’t be undone."
	case keys.Held == 1:
		return "Their key is deleted with them: whatever uses it will be rejected at once. This can’t be undone."
	}
	return "Their " + counted(keys.Held, "key", "keys") + " are deleted with them: whatever uses one will be rejected at once. This can’t be undone."
}

// latelyWords introduce the keys that were used lately.
func latelyWords(keys *api.PersonKeys) string {
	return counted(keys.UsedLately, "key was", "keys were") + " used within the last 7 days."
}

// linkURL is a link as it is handed over. Where the server knows no public URL it
// begins with the path.
func linkURL(url, base string) string {
	if strings.HasPrefix(url, "/") {
		return base + url
	}
	return url
}

// stateTone and stateIcon draw a state.
func stateTone(state string) (ui.Tone, ui.Icon) {
	switch state {
	case api.UserActive:
		return ui.OK, ui.IconCheck
	case api.UserInvited:
		return ui.Info, ui.IconClock
	}
	return ui.Neutral, ui.IconOff
}

// userActs is what may be done with one user.
type userActs struct {
	Manage bool   // may edit and give roles
	Off    string // why not, where the person manages users but not this one
	Self   bool
	Link   api.LinkPurpose // for which there can be one; "" for none
}

// actsOn says which acts are open.
func actsOn(p api.Person, me api.UserID, manages bool) userActs {
	may := userActs{Manage: manages && p.Manageable, Self: p.ID == me}
	if manages && !p.Manageable {
		may.Off = "They hold more than you do."
	}
	switch p.State {
	case api.UserInvited:
		may.Link = api.LinkInvite
	case api.UserActive:
		may.Link = api.LinkReset
	}
	return may
}
