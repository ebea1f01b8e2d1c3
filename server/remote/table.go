package remote

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// plain drops what would steer a terminal or turn the direction of a line: names come
// from other people.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// table writes rows in columns.
func (c *call) table(rows ...[]string) error {
	w := tabwriter.NewWriter(c.Out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = plain(cell)
		}
		if _, err := fmt.Fprintln(w, strings.Join(cells, "\t")); err != nil {
			return err
		}
	}
	return w.Flush()
}

// day is a moment as people read it in a list, in UTC like every other time on the command
// line, whichever machine it is typed on.
func day(t *time.Time, otherwise string) string {
	if t == nil {
		return otherwise
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}
