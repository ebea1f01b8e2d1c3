package metrics

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// seconds are the bounds of the histograms: a verification takes tenths of a
// millisecond, a password tenths of a second.
var seconds = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .05, .1, .5, 1, 5}

func newRequests() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "keystead_http_request_duration_seconds", Help: "How long requests took, by route and class of status.", Buckets: seconds,
	}, []string{"route", "class"})
}

// classes are those of HTTP's statuses, by the first digit.
var classes = [...]string{1: "1xx", 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx"}

// bound is a histogram whose labels are settled.
type bound struct{ prometheus.Observer }

// Door is who counts the requests of one route. It finds the histogram of a class at
// the first answer of that class and keeps it.
func (m *Metrics) Door(route string) func(status int, took time.Duration) {
	var kept [len(classes)]atomic.Pointer[bound]
	return func(status int, took time.Duration) {
		class := status / 100
		if class < 1 || class >= len(classes) {
			class = len(classes) - 1
		}
		histogram := kept[class].Load()
		if histogram == nil {
			histogram = &bound{m.requests.WithLabelValues(route, classes[class])}
			kept[class].Store(histogram)
		}
		histogram.Observe(took.Seconds())
	}
}
