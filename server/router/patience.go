package router

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// slack is how much earlier than it was told to a connection may give up.
const slack = time.Second

// Patient are connections that do not move their deadlines with each request. fasthttp
// sets three, each of which takes locks and a timer of Go's, and mostly nobody comes to
// wait for one. Here a deadline is set where somebody is about to wait, and only if the
// one that stands is not as late but for slack.
type Patient struct{ net.Listener }

// Accept is the next connection.
func (l Patient) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &patient{Conn: conn}, nil
}

type patient struct {
	net.Conn
	read, write deadline
	unread      atomic.Bool // see linger

	once sync.Once
	from peer // read once, not with each request
}

// RemoteAddr is where the connection comes from, as a [peer].
func (p *patient) RemoteAddr() net.Addr {
	p.once.Do(func() { p.from = peerAt(p.Conn.RemoteAddr()) })
	return &p.from
}

// deadline is what was asked for, and what was set.
type deadline struct{ wanted, set time.Time }

// stands reports that what was set will do for what is wanted; if not, it is to be set now.
func (d *deadline) stands() bool {
	early := d.wanted.Sub(d.set)
	if d.wanted.IsZero() == d.set.IsZero() && early >= 0 && early < slack {
		return true
	}
	d.set = d.wanted
	return false
}

func (p *patient) SetReadDeadline(t time.Time) error  { p.read.wanted = t; return nil }
func (p *patient) SetWriteDeadline(t time.Time) error { p.write.wanted = t; return nil }

func (p *patient) SetDeadline(t time.Time) error {
	p.read.wanted, p.write.wanted = t, t
	return nil
}

func (p *patient) Read(b []byte) (int, error) {
	if !p.read.stands() {
		if err := p.Conn.SetReadDeadline(p.read.set); err != nil {
			return 0, err
		}
	}
	return p.Conn.Read(b)
}

func (p *patient) Write(b []byte) (int, error) {
	if !p.write.stands() {
		if err := p.Conn.SetWriteDeadline(p.write.set); err != nil {
			return 0, err
		}
	}
	return p.Conn.Write(b)
}
