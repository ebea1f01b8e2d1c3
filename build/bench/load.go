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
	goalAdd       = 0.04
)

var columns = []string{api.SortName, api.SortUser, api.SortRole, api.SortExpires, api.SortLastLogin, api.SortEnabled, api.SortCreated}

// load measures the API under load, each part between two looks at hello.
func (b *bench) load(ctx context.Context, home *installation) error {
	hello, err := b.spawn("hello", b.hello, "{address}")
	if err != nil {
		return err
	}
	defer func() { _ = hello.stop() }()
	if _, err := hello.answers(ctx, "/"); err != nil {
		return err
	}
	server, err := b.serve(ctx, home)
	if err != nil {
		return err
	}
	defer func() { _ = server.stop() }()
	if err := b.idle(ctx, server); err != nil {
		return err
	}
	t := &track{bench: b, hello: request{url: hello.url("/")}}
	if err := t.yardstick(ctx); err != nil {
		return err
	}
	for _, measure := range []func(context.Context, *track, *process, *installation) error{lists, verify, busyList, adds} {
		if err := measure(ctx, t, server, home); err != nil {
			return err
		}
	}
	now, peak, err := server.memory()
	if err != nil {
		return err
	}
	b.sheet.add("memory after load (peak "+megabytes(peak)+")", megabytes(now), "< 120 MB", now < 120e6)
	return nil
}

// track is a row of loads with hello between them.
type track struct {
	bench *bench
	hello request
	last  result // of hello
}

func (t *track) yardstick(ctx context.Context) (err error) {
	t.last, err = t.bench.wrk(ctx, t.hello, t.bench.seconds/2)
	return err
}

func (t *track) measure(ctx context.Context, what string, r request, goal float64) error {
	line := loadLine{what: what, before: t.last, goal: goal}
	var err error
	if line.got, err = t.bench.wrk(ctx, r, t.bench.seconds); err != nil {
		return err
	}
	if err := t.yardstick(ctx); err != nil {
		return err
	}
	line.after = t.last
	t.bench.sheet.loads = append(t.bench.sheet.loads, line)
	return nil
}

func lists(ctx context.Context, t *track, server *process, home *installation) error {
	for _, page := range []struct {
		number string
		goal   float64
	}{{"1", goalFirstPage}, {"200", goalFarPage}} {
		for _, column := range columns {
			for _, order := range []string{api.Ascending, api.Descending} {
				what := fmt.Sprintf("page %s by %s, %s", page.number, strings.ReplaceAll(column, "_", " "), order)
				if err := t.measure(ctx, what, home.list(server, column, order, page.number), page.goal); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// list is a request for a page of the organization's keys.
func (home *installation) list(server *process, column, order, page string) request {
	query := url.Values{"sort": {column}, "order": {order}, "page": {page}}
	return request{url: server.url(api.PathOrgKeys(home.org) + "?" + query.Encode()), key: home.key}
}

func verify(ctx context.Context, t *track, server *process, home *installation) error {
	body := fmt.Sprintf(`{"key":%q}`, home.known)
	return t.measure(ctx, "verify a known key", request{url: server.url(api.PathVerify), key: home.key, body: body}, 0)
}

// busyList is a list that changes meanwhile: nothing that was read before a write may
// answer after it.
func busyList(ctx context.Context, t *track, server *process, home *installation) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- home.addSome(ctx, server, 100*time.Millisecond) }()
	err := t.measure(ctx, "page 1 by name while ten keys a second are added", home.list(server, api.SortName, api.Ascending, "1"), 0)
	cancel()
	if added := <-ended; err == nil {
		err = added
	}
	return err
}

func adds(ctx context.Context, t *track, server *process, home *installation) error {
	body := `{"name":"load @","role":"READONLY"}`
	return t.measure(ctx, "add a key", request{url: server.url(api.PathOrgKeys(home.org)), key: home.key, body: body}, goalAdd)
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
