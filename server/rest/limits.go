package rest

import (
	"math"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"keystead/server/caller"
	"keystead/shared/fault"
)

// bound is how many counters are kept at most; see [Limits.sweep].
const bound = 20_000

// Limits counts requests: failed credentials by network, known callers by
// themselves. It forgets what is full again and never grows past its bound.
type Limits struct {
	now func() time.Time

	failed rates
	known  rates
}

// rates are token buckets of one size by name.
type rates struct {
	mu      sync.Mutex
	perSec  float64
	size    float64
	buckets map[string]*tokens
}

type tokens struct {
	left float64
	at   time.Time
}

// NewLimits allows failedPerMinute bad credentials from an address, and perSecond
// requests of each known caller.
func NewLimits(now func() time.Time, failedPerMinute, perSecond int) *Limits {
	return &Limits{
		now:    now,
		failed: rates{perSec: float64(failedPerMinute) / 60, size: float64(failedPerMinute), buckets: map[string]*tokens{}},
		known:  rates{perSec: float64(perSecond), size: float64(perSecond), buckets: map[string]*tokens{}},
	}
}

// Failing is how long an address has to wait after too many bad credentials, or 0.
func (l *Limits) Failing(address string) time.Duration {
	_, wait := l.failed.take(Network(address), l.now(), 0)
	return wait
}

// Failed counts a bad credential from an address.
func (l *Limits) Failed(address string) { l.failed.take(Network(address), l.now(), 1) }

// Network is what one customer has: an IPv4 address, the first half of an IPv6 one.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap()
	if ip.Is4() {
		return ip.String()
	}
	prefix, _ := ip.WithZone("").Prefix(64)
	return prefix.String()
}

// PerSecond is how many requests a second each known caller has.
func (l *Limits) PerSecond() int { return int(l.known.size) }

// Known counts a request of a known caller and says how many are left to it, and how
// long it has to wait, or 0.
func (l *Limits) Known(who caller.Caller) (left float64, wait time.Duration) {
	name := "s"
	var id int64
	switch {
	case who.Key != nil:
		name, id = "k", int64(who.Key.ID)
	case who.ByPassword():
		name, id = "u", int64(who.User.ID)
	case who.Session != nil:
		id = int64(who.Session.ID)
	case who.Agent != nil && who.Agent.Device != 0:
		name, id = "d", int64(who.Agent.Device)
	case who.Agent != nil:
		name, id = "a", who.Agent.Key
	}
	return l.known.take(name+strconv.FormatInt(id, 10), l.now(), 1)
}

// take takes n tokens and says how many are left; where there is none it says how long
// it takes until there is one.
func (r *rates) take(name string, now time.Time, n float64) (left float64, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.buckets[name]
	if t == nil {
		if n == 0 {
			return r.size, 0
		}
		if len(r.buckets) >= bound {
			r.sweep(now)
		}
		t = &tokens{left: r.size, at: now}
		r.buckets[name] = t
	}
	if gone := now.Sub(t.at).Seconds(); gone > 0 {
		t.left, t.at = math.Min(r.size, t.left+gone*r.perSec), now
	}
	if t.left < 1 {
		return 0, time.Duration((1 - t.left) / r.perSec * float64(time.Second))
	}
	t.left -= n
	return t.left, 0
}

// sweep makes room: first what is full again, then those with the most left, so
// that who is being held back stays held back; but whoever has more networks than
// there is room gets none by it.
func (r *rates) sweep(now time.Time) {
	for share := 1.0; share > 0.1 && len(r.buckets) > bound/2; share -= 0.1 {
		for name, t := range r.buckets {
			if t.left+now.Sub(t.at).Seconds()*r.perSec >= r.size*share {
				delete(r.buckets, name)
			}
		}
	}
	for name := range r.buckets {
		if len(r.buckets) <= bound/2 {
			break
		}
		delete(r.buckets, name)
	}
}

func tooMany(wait time.Duration) error {
	return &fault.Error{
		Code: fault.TooManyTries, Detail: "Too many requests. Wait a little.",
		RetryAfter: int(math.Ceil(wait.Seconds())),
	}
}
