package verify_test

import (
	"fmt"
	"math"
	"testing"

	"keystead/server/config"
	"keystead/server/db"
	"keystead/server/testkit"
	"keystead/server/verify"
	"keystead/shared/api"
)

// Of a known key the evaluator leaves no garbage: what it allocated would be paid with
// every request of every service.
func TestAKnownKeyCostsNoAllocation(t *testing.T) {
	s := newStage(t)
	_, key := s.Key(s.Member, s.X, api.Admin, "known")
	presented := value(key)
	least := math.Inf(1) // the kept MACs go now and then, under the race detector often
	for range 100 {
		least = min(least, testing.AllocsPerRun(1, func() {
			if verdict, err := s.Verify.Check(t.Context(), presented, verify.Target{Org: s.X}); err != nil || !verdict.Valid() {
				t.Error(verdict.Code, err)
			}
		}))
	}
	if least > 0 {
		t.Errorf("%v allocations", least)
	}
}

// BenchmarkCheckFirstSeen presents a key that the evaluator has forgotten, with its owner.
func BenchmarkCheckFirstSeen(b *testing.B) {
	c := testkit.NewCast(testkit.New(b, nil))
	_, key := c.Key(c.Member, c.X, api.Admin, "forgotten")
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		c.Must(c.DB.Write(b.Context(), func(*db.Tx) error { return nil })) // moves the epoch
		b.StartTimer()
		if verdict, err := c.Verify.Check(b.Context(), value(key), verify.Target{}); err != nil || !verdict.Valid() {
			b.Fatal(verdict.Code, err)
		}
	}
}

// BenchmarkCheckUnknown presents keys that nobody has: nothing is kept of them.
func BenchmarkCheckUnknown(b *testing.B) {
	c := testkit.NewCast(testkit.New(b, nil))
	_, key := c.Key(c.Member, c.X, api.Admin, "deleted")
	c.Exec("UPDATE api_keys SET deleted_at = 1, digest = NULL, pepper_id = NULL, ciphertext = NULL WHERE name = 'deleted'")
	b.ReportAllocs()
	for b.Loop() {
		if verdict, err := c.Verify.Check(b.Context(), value(key), verify.Target{}); err != nil || verdict.Code != api.NotFound {
			b.Fatal(verdict.Code, err)
		}
	}
}

// BenchmarkCheckManyKnown presents a thousand keys from all cores.
func BenchmarkCheckManyKnown(b *testing.B) {
	c := testkit.NewCast(testkit.New(b, func(cfg *config.Config) { cfg.MaxKeysPerUser = 1000 }))
	keys := make([]string, 1000)
	for i := range keys {
		_, key := c.Key(c.Member, c.X, api.Admin, fmt.Sprint("key ", i))
		keys[i] = value(key)
	}
	check(b, c, keys)
}

func check(b *testing.B, c *testkit.Cast, keys []string) {
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for i := 0; p.Next(); i++ {
			if verdict, err := c.Verify.Check(b.Context(), keys[i%len(keys)], verify.Target{Org: c.X}); err != nil || !verdict.Valid() {
				b.Error(verdict.Code, err)
			}
		}
	})
}
