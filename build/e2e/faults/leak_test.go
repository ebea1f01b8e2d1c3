package faults_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
)

// Work leaves nothing open: after many rounds of it, each over connections of their own,
// the server has as many descriptors and threads as after the first ones.
func TestP72DescriptorsStayFlat(t *testing.T) {
	rounds := size.Of(t, 10, 500, "rounds of work")
	server := binary.StartIn(t, t.TempDir(), roomy...)
	c := hire(t, server)
	round := func() {
		for _, w := range c.workers {
			w.client = w.client.At(server.URL(), &http.Transport{DisableCompression: true, DisableKeepAlives: true})
		}
		c.work(10)
	}
	for range 3 {
		round()
	}
	before := held(t, server)
	for range rounds {
		round()
	}
	// The kernel closes what clients have closed a moment later. The database's readers
	// open as they are needed, four at most; each connection of the work that stayed open
	// would be one more.
	const readers = 4 * 3
	soon(t, "no more descriptors than before", func() bool { return held(t, server) <= before+readers })
	t.Logf("%d descriptors before, %d after", before, held(t, server))
	if got := server.Command("", "audit", "verify"); got.Code != 0 || !strings.Contains(got.Out, "none changed") {
		t.Errorf("%+v", got)
	}
}

// held is how many descriptors the server has.
func held(t *testing.T, server *binary.Server) int {
	t.Helper()
	list, err := os.ReadDir(server.Proc("fd"))
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}
