package router

import (
	"crypto/tls"
	"io"
	"net"
	"sync"
)

// Newcomers are connections of which it is known whether anything came on them yet.
// Browsers open some in advance, and fasthttp takes each for a request under way until
// its time is over: a stop would wait for those who never meant to ask.
type Newcomers struct {
	net.Listener

	mu     sync.Mutex
	silent map[*newcomer]net.Conn
}

// newcomer is one of them, for its reader.
type newcomer struct {
	of    *Newcomers
	heard bool
}

// Two kinds, since fasthttp finds out about TLS by the methods of a connection.
type (
	plainNewcomer struct {
		net.Conn
		newcomer
	}
	secureNewcomer struct {
		*tls.Conn
		newcomer
	}
)

// Welcome is a listener whose connections may be sent away while they are silent.
func Welcome(listener net.Listener) *Newcomers {
	return &Newcomers{Listener: listener, silent: map[*newcomer]net.Conn{}}
}

// Accept is the next connection.
func (all *Newcomers) Accept() (net.Conn, error) {
	conn, err := all.Listener.Accept()
	if err != nil {
		return nil, err
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	if secure, ok := conn.(*tls.Conn); ok {
		c := &secureNewcomer{secure, newcomer{of: all}}
		all.silent[&c.newcomer] = secure.NetConn() // TLS would say goodbye first, to somebody who may not listen
		return c, nil
	}
	c := &plainNewcomer{conn, newcomer{of: all}}
	all.silent[&c.newcomer] = conn
	return c, nil
}

// SendAway closes the connections on which nothing came.
func (all *Newcomers) SendAway() {
	all.mu.Lock()
	defer all.mu.Unlock()
	for n, conn := range all.silent {
		delete(all.silent, n)
		_ = conn.Close()
	}
}

// leave is when a newcomer is none any more. It is not ok if it was sent away.
func (n *newcomer) leave() (ok bool) {
	n.of.mu.Lock()
	defer n.of.mu.Unlock()
	_, ok = n.of.silent[n]
	delete(n.of.silent, n)
	return ok
}

// read ends as if the client had gone where it was sent away.
func (n *newcomer) read(from io.Reader, b []byte) (int, error) {
	got, err := from.Read(b)
	if n.heard {
		return got, err
	}
	if n.heard = true; !n.leave() {
		return 0, io.EOF
	}
	return got, err
}

func (c *plainNewcomer) Read(b []byte) (int, error)  { return c.read(c.Conn, b) }
func (c *secureNewcomer) Read(b []byte) (int, error) { return c.read(c.Conn, b) }

func (c *plainNewcomer) Close() error  { c.leave(); return c.Conn.Close() }
func (c *secureNewcomer) Close() error { c.leave(); return c.Conn.Close() }

// NetConn is the connection below, as that of TLS has it.
func (c *plainNewcomer) NetConn() net.Conn { return c.Conn }
