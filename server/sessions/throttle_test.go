package sessions_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"keystead/build/promises/size"
	"keystead/server/sessions"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// One identity is counted once, whatever spelling, address or parallelism.
func TestP13GuessesAreCounted(t *testing.T) {
	p := withAda(t)
	var spellings []string
	for _, address := range []string{"ada@example.com", "ADA@EXAMPLE.COM", "Ada@Example.Com", "ａｄａ@example.com", "ada＠example.com", "ada@example．com"} {
		spellings = append(spellings, address, " "+address+"\t", "\ufeff"+address, strings.Replace(address, "a", "a\u200b", 1), address+"\u2060\u00a0", "\u00ad"+address+"\n")
	}
	guess := func(n int) {
		var wg sync.WaitGroup
		gate := make(chan struct{}, 200)
		for i := range n {
			gate <- struct{}{}
			wg.Go(func() {
				defer func() { <-gate }()
				from := sessions.Visit{Address: fmt.Sprintf("198.51.%d.%d", i/250%250, i%250), Device: "forged"}
				_, err := p.signIn(spellings[i%len(spellings)], "a wrong password", from)
				if !fault.Is(err, fault.BadCredentials) && !fault.Is(err, fault.TooManyTries) {
					t.Errorf("a guess: %v", err)
				}
			})
		}
		wg.Wait()
	}
	evaluated := func() int { return p.count("SELECT COUNT(*) FROM audit WHERE act = 'session.refuse'") }
	for evaluated() < 20 {
		guess(50)
	}
	guess(size.Of(t, 200, 10_000, "guesses at once"))
	if n := evaluated(); n != 20 {
		t.Fatalf("%d guesses were evaluated at once", n)
	}
	p.restart()
	guess(50)
	if n := evaluated(); n != 20 {
		t.Fatalf("after a restart %d guesses were evaluated", n)
	}
	for range 11 {
		p.clock.pass(5 * time.Minute)
		for before := evaluated(); evaluated() < before+5; {
			guess(20)
		}
	}
	guess(20)
	if n := evaluated(); n > 100 || n < 60 {
		t.Fatalf("in an hour %d guesses were evaluated", n)
	}
	if n := p.count("SELECT COUNT(*) FROM throttle"); n > 20 {
		t.Errorf("the throttle keeps %d rows", n)
	}
}

// A flood on the owner's name does not lock out a browser that they signed in with.
func TestP14KnownDevice(t *testing.T) {
	p := withAda(t)
	known := here
	known.Device = p.ada().Device.Reveal()
	for {
		_, err := p.signIn("ada@example.com", "a wrong password", sessions.Visit{Address: "203.0.113.5"})
		if fault.Is(err, fault.TooManyTries) {
			break
		}
		p.wantFault(err, fault.BadCredentials)
	}
	_, err := p.signIn("ada@example.com", password, here)
	p.wantFault(err, fault.TooManyTries)
	f, _ := fault.From(err)
	if f.RetryAfter < 1 || f.RetryAfter > 60 {
		t.Errorf("retry after %d s", f.RetryAfter)
	}
	for range 3 {
		o, err := p.signIn("ada@example.com", password, known)
		p.must(err)
		if !o.Device.Empty() {
			t.Error("a known browser was given another device cookie")
		}
	}
	// Somebody else's device cookie opens nothing here, nor does one that is too old.
	p.add("eve@example.com", perm.FullAdministrator)
	eve, err := p.signIn("eve@example.com", password, sessions.Visit{Address: "192.0.2.99"})
	p.must(err)
	_, err = p.signIn("ada@example.com", password, sessions.Visit{Address: "192.0.2.99", Device: eve.Device.Reveal()})
	p.wantFault(err, fault.TooManyTries)
	// A known device has no endless guesses either.
	evaluated := 0
	for {
		_, err := p.signIn("ada@example.com", "a wrong password", known)
		if fault.Is(err, fault.TooManyTries) {
			break
		}
		if evaluated++; evaluated > 20 {
			t.Fatal("a known browser may guess for ever")
		}
	}
	p.clock.pass(181 * 24 * time.Hour)
	o, err := p.signIn("ada@example.com", password, known)
	p.must(err)
	if o.Device.Empty() {
		t.Error("an expired device cookie is not replaced")
	}
}

// While strangers fill the line and are turned away from its end, a known browser
// comes through each time.
func TestP14FullLine(t *testing.T) {
	p := withAda(t)
	known := here
	known.Device = p.ada().Device.Reveal()
	stop, full := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				email := "someone" + string(rune('a'+i%26)) + "@example.com"
				_, err := p.signIn(email, "a wrong password", sessions.Visit{Address: "2001:db8:0:" + string(rune('a'+i%6)) + "::1"})
				if fault.Is(err, fault.TooManyTries) {
					once.Do(func() { close(full) })
				}
			}
		})
	}
	<-full
	for range 5 {
		_, err := p.signIn("ada@example.com", password, known)
		p.must(err)
	}
	close(stop)
	wg.Wait()
}

func TestThrottleByAddress(t *testing.T) {
	p := withAda(t)
	// One customer's IPv6 addresses are one address.
	for i := range 30 {
		_, err := p.signIn("x"+string(rune('a'+i))+"@example.com", "a wrong password", sessions.Visit{Address: "2001:db8::" + string(rune('1'+i%9))})
		p.wantFault(err, fault.BadCredentials)
	}
	_, err := p.signIn("ada@example.com", password, sessions.Visit{Address: "2001:db8::ffff"})
	p.wantFault(err, fault.TooManyTries)
	if _, err := p.signIn("ada@example.com", password, sessions.Visit{Address: "2001:db8:0:1::1"}); err != nil {
		t.Errorf("another customer: %v", err)
	}
	p.clock.pass(2 * time.Second)
	if _, err := p.signIn("ada@example.com", password, sessions.Visit{Address: "2001:db8::ffff"}); err != nil {
		t.Errorf("after a while: %v", err)
	}
}

func TestRightPasswordsAreNotCounted(t *testing.T) {
	p := withAda(t)
	for range 25 {
		p.ada()
	}
	if n := p.count("SELECT COUNT(*) FROM throttle WHERE full_at > ?", p.clock.now().UnixMilli()); n != 0 {
		t.Errorf("%d buckets are not full", n)
	}
}

func TestAnonymousRefusalsAreCounted(t *testing.T) {
	p := withAda(t)
	for range 3 {
		_, err := p.signIn("nobody@example.com", "a wrong password", here)
		p.wantFault(err, fault.BadCredentials)
	}
	for range 300 {
		p.CountRefusal("bearer")
	}
	p.must(p.Flush(t.Context()))
	if n := p.count("SELECT json_extract(facts, '$.count') FROM audit WHERE act = 'anonymous.refuse' AND ip = ?", here.Address); n != 3 {
		t.Errorf("%d counted", n)
	}
	if n := p.count("SELECT COUNT(*) FROM audit WHERE act = 'anonymous.refuse'"); n != 2 {
		t.Errorf("%d rows", n)
	}
	commits := p.db.Commits()
	p.must(p.Flush(t.Context()))
	if p.db.Commits() != commits {
		t.Error("nothing was written, at the price of a commit")
	}
	for i := range 1000 {
		p.CountRefusal(strings.Repeat("x", i))
	}
	p.must(p.Flush(t.Context()))
	if n := p.count("SELECT COUNT(*) FROM audit WHERE act = 'anonymous.refuse'"); n > 2+101 {
		t.Errorf("%d rows: the log can be filled by addresses", n)
	}
	if _, err := p.audit.Verify(t.Context(), p.db); err != nil {
		t.Error(err)
	}
}
