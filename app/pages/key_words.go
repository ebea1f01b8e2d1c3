package pages

import (
	"strconv"
	"strings"

	"keystead/app/ui"
	"keystead/shared/api"
)

// counted is a number with its noun: 1 key, 2 keys.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return ui.Count(n) + " " + many
}

// heldHere says how many of the keys allowed in an organization the caller has.
func heldHere(org api.MyOrg) string {
	return held(org.Keys, "keys in "+org.Name)
}

// heldGlobal says the same of their global keys.
func heldGlobal(me api.Me) string { return held(me.GlobalKeys, "global keys") }

func held(c api.KeyCount, what string) string {
	words := "You hold " + strconv.Itoa(c.Held) + " of " + strconv.Itoa(c.Max) + " " + what + "."
	if full(c) {
		words += " Delete one first: disabled and expired ones count too."
	}
	return words
}

// full reports whether no further key fits.
func full(c api.KeyCount) bool { return c.Max > 0 && c.Held >= c.Max }

// joined lists things as a sentence does: a, b and c.
func joined(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// The acts in the past tense, for toasts and summaries.
var bulkPast = map[api.BulkAction]string{
	api.BulkEnable: "Enabled", api.BulkDisable: "Disabled", api.BulkDelete: "Deleted",
}

// bulkSummary says what was done to several keys and what was refused and why.
func bulkSummary(act api.BulkAction, done api.BulkDone, name func(api.KeyID) string) string {
	words := bulkPast[act] + " " + ui.Count(len(done.Done)) + "."
	if len(done.Refused) == 0 {
		return words
	}
	if len(done.Refused) == 1 {
		words += " 1 was refused:"
	} else {
		words += " " + ui.Count(len(done.Refused)) + " were refused:"
	}
	for _, group := range refusals(done.Refused) {
		names := make([]string, len(group.ids))
		for i, id := range group.ids {
			names[i] = quoted(name(id))
		}
		words += " " + joined(names) + ": " + group.detail
	}
	return words
}

type refusal struct {
	detail string
	ids    []api.KeyID
}

// refusals groups the keys by why they were refused, in the order of the answer.
func refusals(list []api.Refusal) []refusal {
	var groups []refusal
next:
	for _, r := range list {
		for i := range groups {
			if groups[i].detail == r.Detail {
				groups[i].ids = append(groups[i].ids, r.ID)
				continue next
			}
		}
		groups = append(groups, refusal{r.Detail, []api.KeyID{r.ID}})
	}
	return groups
}
