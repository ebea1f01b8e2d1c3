package main

import (
	"fmt"
	"io"
	"slices"
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
	rounds []round
	goal   float64 // share of hello's rate, 0 where there is none
	tail   float64 // at most so many times hello's p99, 0 where there is no goal
}

// round is a load between two looks at hello.
type round struct{ before, got, after result }

func (r round) share() float64 { return r.got.rate / ((r.before.rate + r.after.rate) / 2) }

// p99 is how many times hello's slow answers took.
func (r round) p99() float64 { return float64(2*r.got.p99) / float64(r.before.p99+r.after.p99) }

// middle is the median of what the rounds say: one that something else disturbed does
// not count.
func (l loadLine) middle(of func(round) float64) float64 {
	all := l.sorted(of)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

func (l loadLine) sorted(of func(round) float64) []float64 {
	var all []float64
	for _, r := range l.rounds {
		all = append(all, of(r))
	}
	slices.Sort(all)
	return all
}

func (l loadLine) errors() (n int) {
	for _, r := range l.rounds {
		n += r.got.errors
	}
	return n
}

func (l loadLine) reached() bool {
	return l.middle(round.share) >= l.goal && (l.tail == 0 || l.middle(round.p99) <= l.tail) && l.errors() == 0
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
	_, _ = fmt.Fprintln(w, "\nload\treq/s\tp50\tp99\tCPU\terrors\thello\tCPU\tratio\tfrom, to\tp99 ratio\tgoal\t")
	for _, l := range s.loads {
		goal := ""
		if l.goal > 0 {
			goal = fmt.Sprintf("%.2f", l.goal)
		}
		if l.tail > 0 {
			goal += fmt.Sprintf(", p99 %.1f", l.tail)
		}
		shares := l.sorted(round.share)
		_, _ = fmt.Fprintf(w, "%s\t%.0f\t%.2f ms\t%.2f ms\t%.0f µs\t%d\t%.0f\t%.0f µs\t%.3f\t%.2f, %.2f\t%.2f\t%s\t%s\n",
			l.what, l.middle(func(r round) float64 { return r.got.rate }),
			l.middle(func(r round) float64 { return r.got.p50.Seconds() * 1e3 }),
			l.middle(func(r round) float64 { return r.got.p99.Seconds() * 1e3 }),
			l.middle(func(r round) float64 { return r.got.cpu.Seconds() * 1e6 }), l.errors(),
			l.middle(func(r round) float64 { return r.after.rate }),
			l.middle(func(r round) float64 { return r.after.cpu.Seconds() * 1e6 }),
			l.middle(round.share), shares[0], shares[len(shares)-1], l.middle(round.p99), goal, verdict(goal, l.reached()))
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
