package faults_test

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
	"keystead/shared/api"
)

// TestP72MemoryStaysFlat: a server that does everything again and again, and has as many
// things after it as before, takes no more memory than after the first rounds. At full
// size that is two hours by the clock, after as much work as fills the database's caches.
func TestP72MemoryStaysFlat(t *testing.T) {
	rounds := size.Of(t, few, 7200, "rounds of mixed work")
	w := newToil(t, "")
	if !size.Full() {
		w.rounds(warm, rounds)
		if grown := w.perRequest(); grown > leak/2 {
			t.Errorf("it keeps %.0f bytes of each request", grown)
		}
		return
	}
	aLeakShows(t)
	w.burst, w.shift, w.pause, w.pages = 50, 60, time.Second, 300
	w.rounds(15000, rounds)
	if grown := w.perHour(); grown > 1<<20 {
		t.Errorf("it takes %.2f MiB more an hour", grown/(1<<20))
	}
}

// A leak of so many bytes of each request shows within a few rounds, after some to get
// warm.
const warm, few, leak = 10, 20, 1024

// aLeakShows looks at a server that keeps something of each request: a test that did not
// find it out would find nothing else either.
func aLeakShows(t *testing.T) {
	t.Helper()
	const call = "\te.call = func(r *Request) (any, error) {\n"
	w := newToil(t, binary.Changed(t, "server/rest/route.go", call+"\t\tvar in In\n",
		fmt.Sprintf("\tvar kept [][]byte\n%s\t\tkept = append(kept, make([]byte, %d))\n\t\tvar in In\n", call, leak)))
	w.rounds(warm, few)
	if grown := w.perRequest(); grown <= leak/2 {
		t.Errorf("a leak of %d bytes of each request looks like one of %.0f", leak, grown)
	}
	w.server.Stop()
}

// toil asks the same things of a server again and again.
type toil struct {
	t      *testing.T
	server *binary.Server
	org    api.MyOrg
	secret api.Secret // with which requests for tokens are signed
	burst  int        // how many keys are verified in a round
	shift  int        // how many rounds are made with one session
	pages  int        // how many of the audit log are read in a shift
	pause  time.Duration

	person   *binary.Client
	made     int // rounds
	requests int
	low      int // the least memory in this shift, in bytes
	seen     []seen
}

// seen is what a look at the server shows.
type seen struct {
	since       time.Duration
	requests    int
	memory      int // bytes
	descriptors int
}

func newToil(t *testing.T, path string) *toil {
	t.Helper()
	w := &toil{t: t, server: binary.Prepare(t, path, t.TempDir(), roomy...), burst: 1000, shift: 1}
	w.server.Run()
	admin := w.server.SetUp()
	w.org = admin.Org()
	w.secret = binary.Post[api.AddedOrgSecret](admin, api.PathSecret(w.org.ID, api.SharedSecret), nil, http.StatusCreated).Value
	return w
}

// rounds works some rounds until the server is warm, and then so many at a bounded rate,
// while it looks at the server. What a sign-in takes to hash the password is more than all
// else together, and Go collects it when as much again has been asked for, which pages of
// the log see to: so the least counts that is seen from the middle of a shift on.
func (w *toil) rounds(warm, n int) {
	w.t.Helper()
	var began time.Time
	for i := range warm + n {
		if i == warm {
			began = time.Now()
		}
		if i >= warm {
			time.Sleep(time.Until(began.Add(time.Duration(i-warm) * w.pause)))
		}
		if i%w.shift == 0 {
			w.begin()
		}
		w.round()
		if i%w.shift == w.shift/2 {
			w.read()
		}
		if i%w.shift >= w.shift/2 {
			w.low = min(w.low, own(w.t, w.server))
		}
		if i%w.shift == w.shift-1 {
			w.end()
			if i >= warm {
				w.look(began)
			}
		}
	}
	first, last := w.seen[0], w.seen[len(w.seen)-1]
	w.t.Logf("%d requests in %v, then %d KiB and %d descriptors; %d requests and %v later %d KiB and %d descriptors", first.requests,
		first.since.Round(time.Second), first.memory>>10, first.descriptors, last.requests-first.requests, (last.since - first.since).Round(time.Second), last.memory>>10, last.descriptors)
}

// stranger has connections of their own, one for each request.
func (w *toil) stranger() *binary.Client {
	return w.server.Client().At(w.server.URL(), &http.Transport{DisableCompression: true, DisableKeepAlives: true})
}

// begin signs in, and makes a backup now and then.
func (w *toil) begin() {
	w.t.Helper()
	if w.made/w.shift%5 == 0 {
		w.backUp()
	}
	w.person = w.stranger()
	binary.Post[api.Session](w.person, api.PathSession, binary.JSON{"email": binary.Email, "password": binary.Password}, http.StatusOK)
	w.requests++
}

// read reads pages of the audit log.
func (w *toil) read() {
	w.t.Helper()
	for range w.pages {
		w.person.Send(http.MethodGet, api.PathAudit+"?limit=100", nil).Is(http.StatusOK)
		w.requests++
	}
	w.low = math.MaxInt
}

func (w *toil) end() {
	w.t.Helper()
	w.person.Send(http.MethodDelete, api.PathSession, nil).Is(http.StatusNoContent)
	w.requests++
}

// round is what a person and an integration do.
func (w *toil) round() {
	w.t.Helper()
	w.made++
	name := fmt.Sprintf("round %d", w.made)
	key := binary.Post[api.AddedKey](w.person, api.PathOrgKeys(w.org.ID), binary.JSON{"name": name, "role": "READONLY"}, http.StatusCreated)
	binary.Get[api.Page[api.Key]](w.person, api.PathOrgKeys(w.org.ID)+"?q=round")
	w.verify(key.Value, w.burst/2)
	value := binary.Post[api.AddedKey](w.person, api.PathKeyRotate(key.Key.ID), nil, http.StatusOK).Value
	if got := binary.Post[api.Revealed](w.person, api.PathKeyReveal(key.Key.ID), nil, http.StatusOK).Value; got.Reveal() != value.Reveal() {
		w.t.Error("another value is shown than was given")
	}
	w.verify(value, w.burst/2)
	w.exchange(name, value)
	w.person.Send(http.MethodDelete, api.PathKey(key.Key.ID), nil).Is(http.StatusNoContent)
	w.requests += 7
}

// verify presents a key many times on one connection.
func (w *toil) verify(key api.Secret, times int) {
	w.t.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort(w.server.Host, w.server.Port))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(binary.Patience))
	body := fmt.Sprintf(`{"key":%q}`, key.Reveal())
	request := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		api.PathVerify, key.Reveal(), len(body), body)
	go func() { _, _ = io.WriteString(conn, strings.Repeat(request, times)) }()
	answers := bufio.NewReader(conn)
	for range times {
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
			w.t.Fatalf("verify: %d %v", answer.StatusCode, err)
		}
	}
	w.requests += times
}

// exchange gets a token for a key and uses it.
func (w *toil) exchange(name string, key api.Secret) {
	w.t.Helper()
	request, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iat": time.Now().Unix(), "jti": strconv.Itoa(w.made), "appname": name, "appkey": key.Reveal(), "shortname": w.org.ShortName,
	}).SignedString([]byte(w.secret.Reveal()))
	if err != nil {
		w.t.Fatal(err)
	}
	c := w.stranger()
	token := regexp.MustCompile(`"access_token":"([^"]+)"`).FindSubmatch(c.Send(http.MethodPost, "/api/v1/auth/token", binary.JSON{"jwt": request}).Is(http.StatusOK).Body)
	if token == nil {
		w.t.Fatal("there is no token")
	}
	c.With("Authorization", "Bearer "+string(token[1])).Send(http.MethodGet, api.PathMe, nil).Is(http.StatusOK)
}

func (w *toil) backUp() {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "backup")
	if got := w.server.Command("", "backup", path); got.Code != 0 {
		w.t.Errorf("%+v", got)
	}
	if err := os.Remove(path); err != nil {
		w.t.Error(err)
	}
}

// look is one look at the server.
func (w *toil) look(began time.Time) {
	w.t.Helper()
	now := seen{time.Since(began), w.requests, w.low, held(w.t, w.server)}
	w.seen = append(w.seen, now)
	if size.Full() && len(w.seen)%10 == 0 {
		w.t.Logf("%d requests in %v: %d KiB, %.2f MiB more an hour", now.requests, now.since.Round(time.Second), now.memory>>10, w.perHour()/(1<<20))
	}
	// The database's readers open as they are needed, four at most, and one for checkpoints.
	if before := w.seen[0].descriptors; now.descriptors > before+5*3 {
		w.t.Errorf("%d descriptors, %d before", now.descriptors, before)
	}
	if wal, err := os.Stat(filepath.Join(w.server.Data, "keystead.db-wal")); err != nil || wal.Size() > 64<<20 {
		w.t.Errorf("the WAL has %d bytes: %v", wal.Size(), err)
	}
}

// own is the memory, in bytes, that the server has for itself alone: pages of files, its
// code among them, come and go as the kernel likes.
func own(t *testing.T, server *binary.Server) (bytes int) {
	t.Helper()
	status, err := os.ReadFile(server.Proc("status"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range regexp.MustCompile(`(?:RssAnon|VmSwap):\s+(\d+) kB`).FindAllSubmatch(status, -1) {
		kB, err := strconv.Atoi(string(line[1]))
		if err != nil {
			t.Fatal(err)
		}
		bytes += kB << 10
	}
	if bytes == 0 {
		t.Fatalf("no memory in %s", status)
	}
	return bytes
}

func (w *toil) perHour() float64 {
	return slope(w.seen, func(s seen) float64 { return s.since.Hours() })
}

func (w *toil) perRequest() float64 {
	return slope(w.seen, func(s seen) float64 { return float64(s.requests) })
}

// slope is by how many bytes memory grows along x: that of the line which fits best.
func slope(all []seen, x func(seen) float64) float64 {
	var middle, mean float64
	for _, s := range all {
		middle += x(s) / float64(len(all))
		mean += float64(s.memory) / float64(len(all))
	}
	var both, alone float64
	for _, s := range all {
		both += (x(s) - middle) * (float64(s.memory) - mean)
		alone += (x(s) - middle) * (x(s) - middle)
	}
	return both / alone
}
