package api_test

import (
	"encoding/json"
	"testing"
	"time"

	"keystead/shared/api"
	"keystead/shared/fault"
)

func TestTimesAreThoseOfRFC3339(t *testing.T) {
	at := time.Date(2030, 12, 31, 3, 59, 59, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2030-12-31T03:59:59Z":          at,
		"2030-12-31t03:59:59z":          at,
		"2030-12-31T03:59:59.5Z":        at.Add(time.Second / 2),
		"2030-12-31T05:59:59+02:00":     at,
		"2030-12-30t23:59:59.000-04:00": at,
		"2030-12-31T03:59:59-00:00":     at,
		"2030-12-31T3:59:59Z":           {},
		"2030-12-31T3:59:59.25Z":        {},
		"2030-12-31T03:59:59,5Z":        {},
		"2030-12-31T03:59:59+24:00":     {},
		"2030-12-31T03:59:59+02:60":     {},
		"2030-12-31T03:59:59+0200":      {},
		"2030-12-31T03:59:59":           {},
		"2030-12-31 03:59:59Z":          {},
		"2030-12-31":                    {},
		"2030-02-30T03:59:59Z":          {},
		"2030-12-31T24:00:00Z":          {},
		" 2030-12-31T03:59:59Z":         {},
		"2030-12-31T03:59:59\u017a":     {},
		"tomorrow":                      {},
		"":                              {},
	} {
		got, err := api.ParseTime(text)
		if !got.Equal(want) || fault.Is(err, fault.InvalidValue) != want.IsZero() {
			t.Errorf("%q: %v, %v", text, got, err)
		}
		var m api.Maybe[time.Time]
		quoted, _ := json.Marshal(text)
		if err := json.Unmarshal(quoted, &m); !m.Set || !m.Value.Equal(want) || (err != nil) != want.IsZero() {
			t.Errorf("the member %q: %+v, %v", text, m, err)
		}
	}
}
