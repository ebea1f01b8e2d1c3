package rest_test

import (
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"keystead/build/promises/size"
	"keystead/server/rest"
)

// However many addresses fail, and however often each, what is kept of them is bounded,
// and so is the time to find room.
func TestP51CountersOfAddressesAreBounded(t *testing.T) {
	now := time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)
	names := size.Of(t, 200_000, 5_000_000, "addresses")
	for _, perMinute := range []int{1, 30} { // one failure empties a counter, or hardly shows
		limits := rest.NewLimits(func() time.Time { return now }, perMinute, 1000)
		heap := inUse()
		for i := range names {
			limits.Failed(netip.AddrFrom4([4]byte{byte(10 + i>>24), byte(i >> 16), byte(i >> 8), byte(i)}).String())
		}
		if grown := int64(inUse()) - int64(heap); grown > 8<<20 {
			t.Errorf("%d a minute: %d bytes are kept", perMinute, grown)
		}
		runtime.KeepAlive(limits)
	}
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Who has a whole network of addresses has the failures of one.
func TestP13FailuresOfANetworkAreOnes(t *testing.T) {
	now := time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)
	limits := rest.NewLimits(func() time.Time { return now }, 5, 1000)
	for i := range 5 {
		limits.Failed(fmt.Sprintf("2001:db8::%x", i))
	}
	for address, held := range map[string]bool{"2001:db8::ffff": true, "2001:db8:0:1::1": false, "192.0.2.1": false, "::ffff:192.0.2.1": false, "unknown": false} {
		if got := limits.Failing(address) > 0; got != held {
			t.Errorf("%s is held back: %v", address, got)
		}
	}
}
