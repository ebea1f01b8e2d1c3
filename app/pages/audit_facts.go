package pages

import (
	"sort"
	"strings"
	"time"

	"keystead/app/ui"
	"keystead/shared/api"
)

// fact is a line of a row's details.
type fact struct{ Name, Value string }

// auditFacts are the facts of a row for the eyes, by name.
func auditFacts(r api.AuditRow) []fact {
	names := make([]string, 0, len(r.Facts))
	for name := range r.Facts {
		names = append(names, name)
	}
	sort.Strings(names)
	facts := make([]fact, len(names))
	for i, name := range names {
		facts[i] = fact{ui.Capital(spaced(name)), factValue(name, r.Facts[name])}
		if name == overlapFact {
			facts[i].Name = "Overlap"
		}
	}
	return facts
}

// overlapFact is how long the value before a rotation works on, in seconds.
const overlapFact = "overlap_seconds"

// factValue writes what JSON gave.
func factValue(name string, v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case string:
		if v == "" {
			return "empty"
		}
		return v
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case float64:
		if name == overlapFact {
			return span(time.Duration(v) * time.Second)
		}
		return ui.Count(int(v))
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = factValue("", part)
			if name == "changed" {
				parts[i] = spaced(parts[i])
			}
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for _, f := range auditFacts(api.AuditRow{Facts: v}) {
			parts = append(parts, f.Name+": "+f.Value)
		}
		return strings.Join(parts, ", ")
	}
	return ""
}

// span is a length of time in the largest unit that fits.
func span(d time.Duration) string {
	switch {
	case d <= 0:
		return "none"
	case d%(24*time.Hour) == 0:
		return counted(int(d/(24*time.Hour)), "day", "days")
	case d%time.Hour == 0:
		return counted(int(d/time.Hour), "hour", "hours")
	}
	return counted(int(d/time.Second), "second", "seconds")
}
