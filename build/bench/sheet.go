package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// sheet collects what was measured.
type sheet struct {
	loads   []loadLine
	figures []figure
}

// loadLine is a load beside the yardstick.
type loadLine struct {
	what   string
	got    result
	before result // hello
	after  result
	goal   float64 // share of hello's rate, 0 where there is none
	tail   float64 // at most so many times hello's p99, 0 where there is no goal
}

func (l loadLine) share() float64 { return l.got.rate / ((l.before.rate + l.after.rate) / 2) }

// p99 is how many times hello's slow answers took.
func (l loadLine) p99() float64 { return float64(2*l.got.p99) / float64(l.before.p99+l.after.p99) }

func (l loadLine) reached() bool {
	return l.share() >= l.goal && (l.tail == 0 || l.p99() <= l.tail) && l.got.errors == 0
}

// figure is anything else, as it is to be read.
type figure struct {
	what, got, goal string
	ok              bool
}

func (s *sheet) add(what, got, goal string, ok bool) {
	s.figures = append(s.figures, figure{what, got, goal, ok})
}

// tell notes what has no goal.
func (s *sheet) tell(what, got string) { s.add(what, got, "", true) }

func (s *sheet) print(to io.Writer) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "\nload\treq/s\tp50\tp99\tCPU\terrors\thello before\tafter\tCPU\tratio\tp99 ratio\tgoal\t")
	for _, l := range s.loads {
		goal := ""
		if l.goal > 0 {
			goal = fmt.Sprintf("%.2f", l.goal)
		}
		if l.tail > 0 {
			goal += fmt.Sprintf(", p99 %.1f", l.tail)
		}
		_, _ = fmt.Fprintf(w, "%s\t%.0f\t%s\t%s\t%d µs\t%d\t%.0f\t%.0f\t%d µs\t%.3f\t%.2f\t%s\t%s\n",
			l.what, l.got.rate, millis(l.got.p50), millis(l.got.p99), l.got.cpu.Microseconds(), l.got.errors,
			l.before.rate, l.after.rate, l.after.cpu.Microseconds(), l.share(), l.p99(), goal, verdict(goal, l.reached()))
	}
	_, _ = fmt.Fprintln(w)
	if err := w.Flush(); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(w, "figure\tmeasured\tgoal\t")
	for _, f := range s.figures {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.what, f.got, f.goal, verdict(f.goal, f.ok))
	}
	return w.Flush()
}

func verdict(goal string, ok bool) string {
	switch {
	case goal == "":
		return ""
	case ok:
		return "ok"
	}
	return "short"
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}

func megabytes(n int64) string { return fmt.Sprintf("%.2f MB", float64(n)/1e6) }
