package router_test

import (
	"log/slog"
	"testing"
	"time"

	"keystead/server/rest"
	"keystead/server/router"
)

// TestP18ARouteThatNobodyGuardsStopsTheStart: to forget the guard is no way in.
func TestP18ARouteThatNobodyGuardsStopsTheStart(t *testing.T) {
	do := rest.Do(func(*rest.Request, rest.None) (rest.None, error) { return rest.None{}, nil })
	good := rest.Route{Method: rest.Get, Path: "/v1/x", Guard: rest.Public, Do: do, Summary: "x"}
	unguarded, twice, mute := good, good, good
	unguarded.Guard, twice.Path, mute.Summary = rest.Guard{}, "/healthz", ""
	for what, row := range map[string]struct {
		route rest.Route
		ok    bool
	}{"a route": {good, true}, "one without a guard": {unguarded, false}, "one that is there": {twice, false}, "one without a summary": {mute, false}} {
		log := slog.New(slog.DiscardHandler)
		_, err := router.New(router.Map{Routes: []rest.Route{row.route}, Gate: &rest.Gate{Limits: rest.NewLimits(time.Now, 1, 1)}, Log: log})
		if (err == nil) != row.ok {
			t.Errorf("%s: %v", what, err)
		}
	}
}
