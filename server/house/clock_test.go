package house_test

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keystead/server/config"
	"keystead/server/house"
)

// A clock that was set back over a restart is said in the log and in the metrics, and
// followed where an operator says so, which the audit log remembers.
func TestP62TheSkewAlarm(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	cfg := config.Default()
	cfg.Data = filepath.Join(t.TempDir(), "data")
	var log bytes.Buffer
	with := func(act func(h *house.House)) {
		t.Helper()
		log.Reset()
		h, err := house.Open(t.Context(), cfg, house.Options{Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(&log, nil)), Version: "test"})
		if err != nil {
			t.Fatal(err)
		}
		act(h)
		if err := h.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	ahead := func(h *house.House, want string) {
		t.Helper()
		got := httptest.NewRecorder()
		h.Metrics.Handler().ServeHTTP(got, httptest.NewRequest("GET", "/metrics", nil))
		if !strings.Contains(got.Body.String(), "\nkeystead_clock_ahead_seconds "+want+"\n") {
			t.Errorf("keystead_clock_ahead_seconds is not %s", want)
		}
		if said := strings.Contains(log.String(), "level=ERROR") && strings.Contains(log.String(), "keystead clock follow"); said != (want != "0" && want != "2") {
			t.Errorf("ahead by %s, the log says %q", want, log.String())
		}
	}
	do := func(h *house.House, want string) {
		t.Helper()
		if got, err := h.Do(t.Context(), house.Command{Name: "clock follow"}); err != nil || !strings.Contains(got, want) {
			t.Errorf("clock follow says %q, %v", got, err)
		}
	}
	with(func(h *house.House) { ahead(h, "0"); do(h, "already") })
	now = now.Add(-2 * time.Second)
	with(func(h *house.House) { ahead(h, "2") })
	now = now.Add(2*time.Second - time.Hour)
	with(func(h *house.House) { ahead(h, "3600") })
	with(func(h *house.House) {
		ahead(h, "3600")
		do(h, "1h0m0s back")
		log.Reset()
		ahead(h, "0")
		var seconds int64
		if err := h.DB.Read(t.Context()).Get(&seconds, "SELECT facts ->> 'seconds_back' FROM audit WHERE act = 'clock.follow'"); err != nil || seconds != 3600 {
			t.Errorf("the audit log has %d, %v", seconds, err)
		}
	})
	with(func(h *house.House) { ahead(h, "0") })
}
