package router_test

import (
	"math/rand/v2"
	"net"
	"testing"
	"time"

	"keystead/server/router"
)

// still is a connection that knows its deadlines and how often they were set.
type still struct {
	net.Conn
	read, write time.Time
	times       int
}

func (s *still) Accept() (net.Conn, error)         { return s, nil }
func (s *still) Addr() net.Addr                    { return nil }
func (s *still) Close() error                      { return nil }
func (s *still) SetReadDeadline(t time.Time) error { s.times++; s.read = t; return nil }
func (s *still) SetWriteDeadline(t time.Time) error {
	s.times++
	s.write = t
	return nil
}
func (s *still) Read(b []byte) (int, error)  { return len(b), nil }
func (s *still) Write(b []byte) (int, error) { return len(b), nil }

// Whatever was asked for before, who waits does so until the deadline, or up to a second
// less; never longer.
func TestP50DeadlinesHoldWhereSomebodyWaits(t *testing.T) {
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	check := func(what string, set, wanted time.Time) {
		t.Helper()
		if early := wanted.Sub(set); wanted.IsZero() != set.IsZero() || early < 0 || early >= time.Second {
			t.Fatalf("%s: %v was asked for, %v is set", what, wanted, set)
		}
	}
	inner := &still{}
	conn, err := router.Patient{Listener: inner}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	var read, write time.Time
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		next := at.Add(time.Duration(r.IntN(4000)) * time.Millisecond)
		if r.IntN(20) == 0 {
			next = time.Time{}
		}
		switch r.IntN(5) {
		case 0:
			read, err = next, conn.SetReadDeadline(next)
		case 1:
			write, err = next, conn.SetWriteDeadline(next)
		case 2:
			read, write, err = next, next, conn.SetDeadline(next)
		case 3:
			_, err = conn.Read(make([]byte, 1))
			check("read", inner.read, read)
		case 4:
			_, err = conn.Write(make([]byte, 1))
			check("write", inner.write, write)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A thousand requests within a second set two deadlines.
func TestDeadlinesAreSetSeldom(t *testing.T) {
	inner := &still{}
	conn, err := router.Patient{Listener: inner}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	for at := time.Unix(1_800_000_000, 0); at.Before(time.Unix(1_800_000_001, 0)); at = at.Add(time.Millisecond) {
		_ = conn.SetReadDeadline(at.Add(time.Minute))
		_, _ = conn.Read(make([]byte, 1))
		_ = conn.SetReadDeadline(at.Add(10 * time.Second)) // it is all there already
		_ = conn.SetWriteDeadline(at.Add(30 * time.Second))
		_, _ = conn.Write(make([]byte, 1))
	}
	if inner.times != 2 {
		t.Errorf("%d deadlines were set", inner.times)
	}
}
