package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"keystead/shared/api"
)

// What keys at work should reach: shares of hello's rate, the tail of a known key in
// hello's, and what is left of the rate while passwords are tried.
const (
	goalKnown      = 0.65
	goalKnownTail  = 1.5
	goalFirstSeen  = 0.25
	goalUnderFlood = 0.5
)

// keysAtWork measures what other services ask for, with a thousand keys and with a
// million.
func (b *bench) keysAtWork(ctx context.Context, _ *installation) error {
	for _, size := range []struct {
		what string
		crowd
		lookUp float64 // of hello, that a look-up among as many reached where goalKnown was set
	}{{"1,000", crowd{100, 10}, 0.84}, {"1,000,000", crowd{1000, 1000}, 0.74}} {
		home, err := b.install(ctx, "keys-"+strings.ReplaceAll(size.what, ",", ""), size.crowd)
		if err != nil {
			return fmt.Errorf("make %s keys: %w", size.what, err)
		}
		// A trusted proxy can say that it asks for anyone, as a flood from everywhere does.
		home.args = append(home.args, "--trusted-proxies", "127.0.0.1", "--public-url", "http://{address}")
		if err := b.atWork(ctx, home, size.what+" keys", goalKnown/size.lookUp); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) atWork(ctx context.Context, home *installation, size string, ofLookUp float64) error {
	t, end, err := b.track(ctx, home)
	if err != nil {
		return err
	}
	defer end()
	known := fmt.Sprintf(`{"key":%q}`, home.known)
	verify := request{url: t.server.url(api.PathVerify), key: home.key, body: known}
	first := verify
	first.body, first.many = `{"key":"@"}`, home.many
	introspect := request{url: t.server.url(api.PathIntrospect), key: home.key, body: "token=" + home.known, form: true}
	proxy := request{url: t.server.url(api.PathForwardAuth), key: home.known, line: "X-Keystead-Proxy: " + home.key}
	before := len(t.bench.sheet.loads)
	for _, load := range []struct {
		loadLine
		server *process
		request
	}{
		{loadLine{what: "Fiber, HMAC and a map of "}, t.hello, request{url: t.hello.url("/look-up"), body: known}},
		{loadLine{what: "verify a known key of ", goal: goalKnown, tail: goalKnownTail}, t.server, verify},
		{loadLine{what: "verify each key for the first time of ", goal: goalFirstSeen}, t.server, first},
		{loadLine{what: "introspect a known key of "}, t.server, introspect},
		{loadLine{what: "forward-auth, a known key of "}, t.server, proxy},
	} {
		load.what += size
		if err := t.measureOn(ctx, load.server, load.loadLine, load.request); err != nil {
			return err
		}
	}
	t.besideLookUp(t.bench.sheet.loads[before], t.bench.sheet.loads[before+1], ofLookUp)
	if err := t.exchange(ctx, size); err != nil {
		return err
	}
	return t.flood(ctx, verify, size)
}

// besideLookUp is a load's share of hello by that of the least that verification takes, a
// look-up in a map: how much of hello's rate either reaches depends on the machine and on
// who sends the load.
func (t *track) besideLookUp(lookUp, load loadLine, goal float64) {
	share := load.middle(round.share) / lookUp.middle(round.share)
	t.bench.sheet.add(load.what+", of what a look-up reaches", fmt.Sprintf("%.2f", share), fmt.Sprintf("≥ %.2f", goal), share >= goal)
}

// flood is verification while sign-ins are tried as fast as they come, each for
// somebody else from somewhere else: what a throttle can't refuse. The rate before and
// after it is what there would be without.
func (t *track) flood(ctx context.Context, verify request, size string) error {
	calm, err := t.bench.wrk(ctx, t.server, verify, t.bench.seconds)
	if err != nil {
		return err
	}
	flooding, stop := context.WithCancel(ctx)
	var tries atomic.Int64
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for flooding.Err() == nil {
				if signIn(flooding, t.server) == nil {
					tries.Add(1)
				}
			}
		})
	}
	busy, err := t.bench.wrk(ctx, t.server, verify, t.bench.seconds)
	stop()
	wait.Wait()
	if err != nil {
		return err
	}
	after, err := t.bench.wrk(ctx, t.server, verify, t.bench.seconds)
	if err != nil {
		return err
	}
	left := 2 * busy.rate / (calm.rate + after.rate)
	t.bench.sheet.add(fmt.Sprintf("verify while sign-ins are tried, %s: p99 %s, %d tries", size, millis(busy.p99), tries.Load()),
		fmt.Sprintf("%.2f of its rate", left), fmt.Sprintf("≥ %.2f", goalUnderFlood), left >= goalUnderFlood && busy.errors == 0)
	return nil
}

// signIn tries a password for nobody.
func signIn(ctx context.Context, server *process) error {
	body := fmt.Sprintf(`{"email":"nobody-%d@example.com","password":"not the password of anyone"}`, rand.Uint64())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.url(api.PathSession), strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Forwarded-For", fmt.Sprintf("2001:db8:%x:%x::1", rand.N(1<<16), rand.N(1<<16)))
	answer, err := (&http.Client{Timeout: patience}).Do(request)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}
