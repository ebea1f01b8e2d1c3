package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Number is a reading that is taken at each scrape.
type Number struct {
	Name, Help string
	Counts     bool // it only ever grows
	Read       func(context.Context) (float64, error)
}

// Verdict is how often a door found this.
type Verdict struct {
	Door, Code string
	Times      uint64
}

// Needs is where the numbers come from.
type Needs struct {
	Version  string // of the program
	Verdicts func() []Verdict
	Numbers  []Number
	Log      *slog.Logger
}

// Metrics are all numbers of one installation.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	log      *slog.Logger
}

// New is the numbers of an installation.
func New(n Needs) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), requests: newRequests(), log: n.Log}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "keystead_build_info", Help: "Which Keystead this is; always 1.",
		ConstLabels: prometheus.Labels{"version": n.Version, "go_version": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(
		build, m.requests, verdicts{n.Verdicts}, numbers(n.Numbers),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// Add has another number read.
func (m *Metrics) Add(n Number) { m.registry.MustRegister(numbers{n}) }

// Handler answers GET /metrics, and nothing else.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: complaints{m.log}, ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4,
	}))
	return mux
}

// complaints are what the library could not read, for our log.
type complaints struct{ log *slog.Logger }

func (c complaints) Println(said ...any) {
	for _, one := range said {
		if err, ok := one.(error); ok {
			c.log.Error("could not read a metric", "cause", err.Error())
		}
	}
}
