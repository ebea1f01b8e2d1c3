package db_test

import (
	"runtime"
	"testing"
	"weak"

	"keystead/server/db"
)

func TestP59ACacheHoldsWithinItsEpoch(t *testing.T) {
	c := db.NewCache[string, int](2)
	c.Put("a", 1, 10)
	has := func(by string, epoch uint64, want int) {
		t.Helper()
		if got, ok := c.Get(by, epoch); ok != (want != 0) || got != want {
			t.Errorf("%s in epoch %d is %d %v, want %d", by, epoch, got, ok, want)
		}
	}
	has("a", 1, 10)
	has("a", 2, 0) // something changed
	has("b", 1, 0)
	c.Put("b", 2, 20)
	has("a", 2, 0)
	has("b", 2, 20)
	c.Put("b", 1, 11) // read before the change
	has("b", 2, 20)
	has("b", 1, 0)
}

// What can't be had any more takes no memory.
func TestP72ACacheForgetsWhatIsStale(t *testing.T) {
	c := db.NewCache[int, *[1024]byte](1000)
	kept := new([1024]byte)
	is := weak.Make(kept)
	c.Put(1, 1, kept)
	kept = nil
	if runtime.GC(); is.Value() == nil {
		t.Fatal("it is gone while it is good")
	}
	c.Put(2, 2, new([1024]byte))
	if runtime.GC(); is.Value() != nil {
		t.Error("it is kept in the next epoch")
	}
	if _, ok := c.Get(2, 2); !ok {
		t.Error("the cache is empty")
	}
}

func TestP51ACacheIsBounded(t *testing.T) {
	const most = 3
	c := db.NewCache[int, int](most)
	for i := range 100 {
		c.Put(i, 1, i)
	}
	held := 0
	for i := range 100 {
		if _, ok := c.Get(i, 1); ok {
			held++
		}
	}
	if held == 0 || held > most {
		t.Errorf("it holds %d of at most %d", held, most)
	}
}
