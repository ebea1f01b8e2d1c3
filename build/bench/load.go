package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"keystead/shared/api"
)

// What a load should reach, as shares of hello's rate.
const (
	goalFirstPage = 0.10
	goalFarPage   = 0.06
	goalAdd       = 0.12
)

var columns = []string{api.SortName, api.SortUser, api.SortRole, api.SortExpires, api.SortLastLogin, api.SortEnabled, api.SortCreated}

// load measures the API under load, each part between two looks at hello.
func (b *bench) load(ctx context.Context, home *installation) error {
	t, end, err := b.track(ctx, home)
	if err != nil {
		return err
	}
	defer end()
	if err := b.idle(ctx, t.server); err != nil {
		return err
	}
	for _, measure := range []func(context.Context) error{t.lists, t.busyList, t.adds} {
		if err := measure(ctx); err != nil {
			return err
		}
	}
	now, peak, err := t.server.memory()
	if err != nil {
		return err
	}
	b.sheet.add("memory after load (peak "+megabytes(peak)+")", megabytes(now), "< 120 MB", now < 120e6)
	return nil
}

// track is a row of loads with hello between them.
type track struct {
	bench   *bench
	hello   *process
	server  *process
	home    *installation
	last    result // of hello
	clients int    // whose answers those were
}

// track starts hello and an installation; end stops both.
func (b *bench) track(ctx context.Context, home *installation) (t *track, end func(), err error) {
	t = &track{bench: b, home: home}
	end = func() {
		for _, p := range []*process{t.hello, t.server} {
			if p != nil {
				_ = p.stop()
			}
		}
	}
	if t.hello, err = b.spawn("hello", b.hello, "{address}", home.many); err == nil {
		_, err = t.hello.answers(ctx, "/")
	}
	if err == nil {
		t.server, err = b.serve(ctx, home)
	}
	if err == nil {
		err = t.yardstick(ctx, 0)
	}
	if err != nil {
		end()
	}
	return t, end, err
}

// yardstick is a look at hello, by as many clients as send what is measured by it.
func (t *track) yardstick(ctx context.Context, clients int) (err error) {
	t.last, err = t.bench.wrk(ctx, t.hello, request{url: t.hello.url("/"), clients: clients}, time.Second)
	t.clients = clients
	return err
}

func (t *track) measure(ctx context.Context, what string, r request, goal float64) error {
	return t.measureOn(ctx, t.server, loadLine{what: what, goal: goal}, r)
}

// measureOn measures a load on either server, in rounds of a second between looks at
// hello: a machine that slows down or speeds up does so for both.
func (t *track) measureOn(ctx context.Context, server *process, line loadLine, r request) error {
	for n := range max(1, int(t.bench.seconds.Seconds())) {
		r.round = n
		if err := t.round(ctx, server, &line, r, time.Second); err != nil {
			return err
		}
	}
	t.bench.sheet.loads = append(t.bench.sheet.loads, line)
	return nil
}

// measureOnce is measure for a load of which no part can be sent a second time.
func (t *track) measureOnce(ctx context.Context, what string, r request) error {
	line := loadLine{what: what}
	if err := t.round(ctx, t.server, &line, r, t.bench.seconds); err != nil {
		return err
	}
	t.bench.sheet.loads = append(t.bench.sheet.loads, line)
	return nil
}

func (t *track) round(ctx context.Context, server *process, line *loadLine, r request, length time.Duration) error {
	if t.clients != r.clients {
		if err := t.yardstick(ctx, r.clients); err != nil {
			return err
		}
	}
	before := t.last
	got, err := t.bench.wrk(ctx, server, r, length)
	if err != nil {
		return err
	}
	if err := t.yardstick(ctx, r.clients); err != nil {
		return err
	}
	line.rounds = append(line.rounds, round{before, got, t.last})
	return nil
}

func (t *track) lists(ctx context.Context) error {
	for _, page := range []struct {
		number string
		goal   float64
	}{{"1", goalFirstPage}, {"200", goalFarPage}} {
		for _, column := range columns {
			for _, order := range []string{api.Ascending, api.Descending} {
				what := fmt.Sprintf("page %s by %s, %s", page.number, strings.ReplaceAll(column, "_", " "), order)
				if err := t.measure(ctx, what, t.list(column, order, page.number), page.goal); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// list is a request for a page of the organization's keys.
func (t *track) list(column, order, page string) request {
	query := url.Values{"sort": {column}, "order": {order}, "page": {page}}
	return request{url: t.server.url(api.PathOrgKeys(t.home.org) + "?" + query.Encode()), key: t.home.key}
}

// busyList is a list that changes meanwhile: nothing that was read before a write may
// answer after it.
func (t *track) busyList(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- t.home.addSome(ctx, t.server, 100*time.Millisecond) }()
	err := t.measure(ctx, "page 1 by name while ten keys a second are added", t.list(api.SortName, api.Ascending, "1"), 0)
	cancel()
	if added := <-ended; err == nil {
		err = added
	}
	return err
}

func (t *track) adds(ctx context.Context) error {
	add := request{
		url: t.server.url(api.PathOrgKeys(t.home.org)), keys: t.home.keys,
		body: `{"name":"load # @","description":"Runs on host 7","role":"READONLY"}`,
	}
	if err := t.measure(ctx, "add a key, a thousand people", add, goalAdd); err != nil {
		return err
	}
	many := add // of those who come at a time more share a commit
	many.clients, many.body = 4*connections, strings.Replace(add.body, "load", "loads", 1)
	if err := t.measure(ctx, fmt.Sprintf("the same, %d at a time", many.clients), many, goalAdd); err != nil {
		return err
	}
	add.key, add.keys = t.home.key, ""
	return t.measure(ctx, "add a key, one person who soon holds thousands", add, 0)
}

// idle is the memory of a server that has answered and now waits.
func (b *bench) idle(ctx context.Context, server *process) error {
	select {
	case <-time.After(3 * time.Second): // nothing happens at its end: that it is quiet is what is measured
	case <-ctx.Done():
		return ctx.Err()
	}
	now, _, err := server.memory()
	if err != nil {
		return err
	}
	b.sheet.add("memory idle", megabytes(now), "< 30 MB", now < 30e6)
	return nil
}
