package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// readWithin bounds what a scrape asks of the database.
const readWithin = 5 * time.Second

// numbers are read at a scrape. One that can't be read is left out.
type numbers []Number

func (n Number) desc() *prometheus.Desc { return prometheus.NewDesc(n.Name, n.Help, nil, nil) }

// Describe tells of every number.
func (all numbers) Describe(to chan<- *prometheus.Desc) {
	for _, n := range all {
		to <- n.desc()
	}
}

// Collect reads every number.
func (all numbers) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	for _, n := range all {
		kind := prometheus.GaugeValue
		if n.Counts {
			kind = prometheus.CounterValue
		}
		value, err := n.Read(ctx)
		if err != nil {
			to <- prometheus.NewInvalidMetric(n.desc(), err)
			continue
		}
		to <- prometheus.MustNewConstMetric(n.desc(), kind, value)
	}
}

// verdicts are counted by the evaluator.
type verdicts struct{ read func() []Verdict }

var verdictsDesc = prometheus.NewDesc("keystead_verdicts_total", "Presented keys that were judged, by the door and by what was found.", []string{"door", "code"}, nil)

// Describe tells of the one number.
func (verdicts) Describe(to chan<- *prometheus.Desc) { to <- verdictsDesc }

// Collect reads the counts.
func (v verdicts) Collect(to chan<- prometheus.Metric) {
	for _, one := range v.read() {
		to <- prometheus.MustNewConstMetric(verdictsDesc, prometheus.CounterValue, float64(one.Times), one.Door, one.Code)
	}
}
