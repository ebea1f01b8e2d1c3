// Package metrics is what a Prometheus server reads of Keystead at /metrics, on a
// listener of its own (--metrics-listen). Most numbers are counted where they arise and
// only read here, at a scrape; no label names a key, a person or an organization, and
// nothing secret comes near.
//
// The client library is Prometheus' own: beside the format it brings the readings of
// Go's runtime and of the process, which dashboards know by name, and a histogram that
// counts without a lock. It costs 0.9 MB of binary, since most of what it stands on was
// linked already. On the way of a request its labels are never looked up: every door
// holds its histograms from the first answer on.
package metrics
