package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"keystead/server/house"
	"keystead/server/metrics"
)

// serveMetrics serves the numbers on their own listener, where one is set. They stay
// readable while the server stops; stop ends it.
func serveMetrics(h *house.House, pair *certificate) (stop func(), err error) {
	if h.Config.MetricsListen == "" {
		return func() {}, nil
	}
	listener, err := take(h.Config.MetricsListen, "--metrics-listen")
	if err != nil {
		return nil, err
	}
	if pair != nil {
		h.Metrics.Add(metrics.Number{Name: "keystead_tls_certificate_expires_seconds", Help: "When the certificate ends, in Unix time.",
			Read: func(context.Context) (float64, error) { return float64(pair.expires()), nil }})
	}
	if h.Config.MetricsTLS() {
		listener = tls.NewListener(listener, pair.config())
	}
	server := &http.Server{
		Handler: h.Metrics.Handler(), ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(h.Log.Handler(), slog.LevelWarn),
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			h.Log.Error("the metrics are no longer served", "cause", err.Error())
		}
	}()
	h.Log.Info("serving metrics", "address", listener.Addr().String())
	return func() { _ = server.Close() }, nil
}
