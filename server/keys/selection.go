package keys

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"keystead/server/caller"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// selection says which keys in which order, with all that the answer depends on
// besides the database: two equal ones select the same while nothing is committed.
type selection struct {
	me         api.UserID
	org        api.OrgID // 0: of the account
	local      whose     // of the keys in the organization
	global     whose     // of the global keys
	everywhere reaches   // of the keys in all organizations

	user   api.UserID
	role   api.KeyRole
	use    string
	state  string
	review bool
	words  string // folded, a blank between them

	sort  string
	order string
	now   int64 // Unix milliseconds, 0 where the time does not matter
}

// whose keys are selected of a place.
type whose int

const (
	nobodys whose = iota
	own
	everyones
)

// reaches says whose keys are selected of which organizations. The lists are JSON, so
// that two of them can be compared.
type reaches struct {
	any    bool   // the caller's own in any organization
	own    string // else their own in these
	all    bool   // everyone's in any organization
	others string // else everyone's in these
}

// everywhere is what the caller may list of the organizations they belong to.
func everywhere(who caller.Caller) reaches {
	own, others := []api.OrgID{}, []api.OrgID{}
	for org := range who.Orgs {
		own = append(own, org)
		if listable(who, &org) == everyones {
			others = append(others, org)
		}
	}
	return reaches{
		any: who.EveryOrg, own: list(own),
		all: who.EveryOrg && who.Account.Has(perm.KeysList), others: list(others),
	}
}

func list(orgs []api.OrgID) string {
	slices.Sort(orgs)
	text, err := json.Marshal(orgs)
	if err != nil {
		panic(err) // of numbers
	}
	return string(text)
}

func selectionOf(who caller.Caller, org *api.OrgID, l api.KeyList, now time.Time) selection {
	s := selection{
		me: who.User.ID, user: l.User, role: l.Role, use: l.Use, state: l.State, review: l.Review,
		words: words(l.Q), sort: l.Sort, order: l.Order,
	}
	if org == nil {
		l.Scope = api.ScopeGlobal
	} else {
		s.org = *org
	}
	if l.Scope != api.ScopeGlobal {
		s.local = listable(who, org)
	}
	s.global = listable(who, nil)
	if l.Scope != api.ScopeGlobal && l.Scope != api.ScopeAll {
		s.global = min(s.global, own)
	}
	if s.use != "" && s.use != api.UseNever || s.state != "" && s.state != api.StateDisabled || s.review {
		s.now = now.Truncate(time.Second).UnixMilli() // so that a busy second shares one list
	}
	return s
}

// listable is whose keys the caller lists in an organization, or of the global ones
// where org is nil.
func listable(who caller.Caller, org *api.OrgID) whose {
	switch {
	case !who.ReachesKeys(org):
		return nobodys
	case who.OnKeys(org).Has(perm.KeysList):
		return everyones
	}
	return own
}

// words is what is searched for: folded, without what only decorates a hint.
func words(q string) string {
	fields := strings.Fields(strings.ReplaceAll(fold.Text(q), "…", " "))
	for i, word := range fields {
		fields[i] = strings.TrimPrefix(word, "ks_")
	}
	return strings.Join(fields, " ")
}
