package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// visits is of how many the middle one counts.
const visits = 5

// rounds is how often a person who works here comes by each page before they are back.
const rounds = 10

// compiling is how long a browser is left to compile what ran often, and to keep it.
const compiling = 10 * time.Second

// keysPage is the screen that a person comes back to.
const keysPage = "/settings/user-management/api-keys"

// pages measures the front end in a browser.
func (b *bench) pages(ctx context.Context, home *installation) error {
	server, err := b.serve(ctx, home)
	if err != nil {
		return err
	}
	defer func() { _ = server.stop() }()
	relay, err := relayTo(server.address)
	if err != nil {
		return err
	}
	defer relay.close()
	browser, err := launch(ctx, filepath.Join(b.folder, "profile"))
	if err != nil {
		return err
	}
	defer browser.close()

	for _, way := range []struct {
		what, path string
		slow       bool
		goal       time.Duration
	}{
		{"sign-in usable, cold", "/sign-in", false, 400 * time.Millisecond},
		{"sign-in usable, cold, by way of /", "/", false, 400 * time.Millisecond},
		{"sign-in usable, cold, 1.6 Mbit/s, 150 ms, CPU ×4", "/sign-in", true, 1500 * time.Millisecond},
		{"sign-in usable, cold, 1.6 Mbit/s, 150 ms, CPU ×4, by way of /", "/", true, 1500 * time.Millisecond},
	} {
		took, err := cold(browser, relay.site(way.path), way.slow)
		if err != nil {
			return err
		}
		b.sheet.add(way.what, millis(took), fmt.Sprintf("≤ %d ms", way.goal.Milliseconds()), took <= way.goal)
	}
	if err := b.signIn(browser, relay); err != nil {
		return err
	}
	if err := b.warm(browser, relay, "the day after"); err != nil {
		return err
	}
	if err := b.work(browser, relay); err != nil {
		return err
	}
	return b.warm(browser, relay, "after an hour’s work")
}

// cold is how long a stranger waits for the form.
func cold(browser *chromium, address string, slow bool) (time.Duration, error) {
	var took []time.Duration
	for range visits {
		t, err := browser.stranger()
		if err != nil {
			return 0, err
		}
		if slow {
			err = t.slow()
		}
		if err == nil {
			err = t.visit(address)
		}
		var one time.Duration
		if err == nil {
			one, err = t.usable(theForm)
		}
		t.end()
		if err != nil {
			return 0, err
		}
		took = append(took, one)
	}
	return median(took), nil
}

// signIn is a person's first session: the form, the console, until its worker is in
// charge. The program is a million and a half bytes, so it should come once.
func (b *bench) signIn(browser *chromium, relay *relay) error {
	t, err := browser.open()
	if err != nil {
		return err
	}
	defer t.end()
	relay.forget()
	if err := t.visit(relay.site("/sign-in?next=" + keysPage)); err != nil {
		return err
	}
	if _, err := t.usable(theForm); err != nil {
		return err
	}
	if err := t.write("email", email); err != nil {
		return err
	}
	if err := t.write("password", password); err != nil {
		return err
	}
	t.left = time.Now()
	var yes bool
	if err := t.until("(document.forms[0].requestSubmit(), true)", &yes); err != nil {
		return err
	}
	took, err := t.usable(theTable)
	if err != nil {
		return err
	}
	b.sheet.tell("first sign-in to the list of keys, password hash included", millis(took))
	if err := t.until("navigator.serviceWorker.ready.then((r) => r.active?.state === 'activated')", &yes); err != nil {
		return err
	}
	settle(relay)
	paths, bytes, _ := relay.seen()
	fetched := 0
	for _, path := range paths {
		if strings.HasSuffix(path, ".wasm") {
			fetched++
		}
	}
	b.sheet.add("WASM fetched in a first session", fmt.Sprintf("%d×", fetched), "1×", fetched == 1)
	b.sheet.tell("a first session transfers", fmt.Sprintf("%d requests, %s", len(paths), megabytes(bytes)))
	return nil
}

// everyPage follows each link of the navigation and waits for its list.
const everyPage = `(async () => {
	for (const link of document.querySelectorAll("nav .nav-group a")) {
		link.click();
		do await new Promise((done) => setTimeout(done, 100));
		while (!document.querySelector("main h1") || document.querySelector("table[aria-busy=true]"));
	}
	return true;
})()`

// work is what a person did at an earlier visit, behind the worker: every page again and
// again. Without it no visit is as warm as theirs: a browser keeps compiled code once it
// has made a megabyte of it, and opening one page makes less.
func (b *bench) work(browser *chromium, relay *relay) error {
	t, err := browser.open()
	if err != nil {
		return err
	}
	defer t.end()
	if err := t.visit(relay.site(keysPage)); err != nil {
		return err
	}
	if _, err := t.usable(theTable); err != nil {
		return err
	}
	var yes bool
	for range rounds {
		if err := t.until(everyPage, &yes); err != nil {
			return err
		}
	}
	time.Sleep(compiling)
	return nil
}

// warm is the next visit: nothing but answers of the API and the worker's look for an
// update.
func (b *bench) warm(browser *chromium, relay *relay, when string) error {
	var took []time.Duration
	var paths []string
	var bytes int64
	for range visits {
		t, err := browser.open()
		if err != nil {
			return err
		}
		relay.forget()
		err = t.visit(relay.site(keysPage))
		var one time.Duration
		if err == nil {
			one, err = t.usable(theTable)
		}
		if err == nil {
			settle(relay)
		}
		t.end()
		if err != nil {
			return err
		}
		took = append(took, one)
		paths, bytes, _ = relay.seen()
	}
	middle := median(took)
	b.sheet.add("warm visit usable, "+when+": the list of keys", millis(middle), "≤ 600 ms", middle <= 600*time.Millisecond)
	other := slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
		return strings.HasPrefix(path, "GET /v1/") || path == "GET /sw.js"
	})
	got := fmt.Sprintf("%d of %d requests, %s in all", len(other), len(paths), megabytes(bytes))
	b.sheet.add("which asks for more than the API and the worker", strings.Join(append([]string{got}, other...), ", "), "0", len(other) == 0)
	return nil
}

// settle waits until nothing was asked for a while: a browser checks its worker some
// time after the page.
func settle(relay *relay) {
	for {
		_, _, quiet := relay.seen()
		if quiet > 1500*time.Millisecond {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}
