package e2e_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
	"keystead/shared/api"
)

// crowd asks from many addresses of this machine, each request from the next.
type crowd struct {
	server *binary.Server
	client http.Client
	turn   atomic.Uint32
}

// addresses are how many a crowd has.
const addresses = 500

func newCrowd(server *binary.Server) *crowd {
	c := &crowd{server: server}
	c.client = http.Client{Timeout: binary.Patience, Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		n := c.turn.Add(1) % addresses
		from := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(1+n/250), byte(1+n%250))}}
		return from.DialContext(ctx, network, address)
	}}}
	return c
}

// said is an answer to one of a crowd.
type said struct {
	status  int
	body    string
	cookies []*http.Cookie
	header  http.Header
}

func (c *crowd) send(method, path, body string, headers ...string) (said, error) {
	request, err := http.NewRequest(method, c.server.URL()+path, strings.NewReader(body))
	if err != nil {
		return said{}, err
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer, err := c.client.Do(request)
	if err != nil {
		return said{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	return said{answer.StatusCode, string(text), answer.Cookies(), answer.Header}, err
}

func (c *crowd) signIn(email, password string, headers ...string) (said, error) {
	body, _ := json.Marshal(binary.JSON{"email": email, "password": password}) // of two texts
	return c.send(http.MethodPost, api.PathSession, string(body), headers...)
}

// together does n things, a few at a time.
func together(n, atOnce int, do func(i int)) {
	var wait sync.WaitGroup
	var next atomic.Int64
	for range atOnce {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	wait.Wait()
}

// memory is what the kernel says that the server uses now, or used at most, in bytes.
func memory(t *testing.T, server *binary.Server, which string) int {
	t.Helper()
	status, err := os.ReadFile(server.Proc("status"))
	found := regexp.MustCompile(which + `:\s+(\d+) kB`).FindSubmatch(status)
	if err != nil || found == nil {
		t.Fatalf("no %s: %v\n%s", which, err, status)
	}
	kB, _ := strconv.Atoi(string(found[1]))
	return kB << 10
}

// verifying verifies a key again and again until the test calls the answer, which is
// how often. It must never fail.
func verifying(t *testing.T, server *binary.Server, key api.Secret) (stop func() int) {
	t.Helper()
	body := fmt.Sprintf(`{"key":%q}`, key.Reveal())
	a := &asker{address: "127.0.0.1:" + server.Port, request: fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		api.PathVerify, key.Reveal(), len(body), body)}
	end, count := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-end:
				count <- n
				return
			default:
			}
			if status, err := a.ask(); err != nil || status != 200 {
				t.Errorf("verify: %d %v", status, err)
			}
			n++
		}
	}()
	return func() int { close(end); return <-count }
}

// While strangers from hundreds of addresses guess at the administrator's password and at
// names that nobody has, the administrator signs in where they did before, a command at
// the machine lets them in again, and verify refuses nothing.
func TestP14P58AFloodOfSignInsShutsNobodyOut(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	admin := server.SetUp()
	key := admin.AddKey("in-use", api.ReadOnly).Value
	crowd := newCrowd(server)
	first, err := crowd.signIn(binary.Email, binary.Password)
	if err != nil || first.status != 200 {
		t.Fatalf("%+v %v", first, err)
	}
	device := ""
	for _, cookie := range first.cookies {
		if strings.HasSuffix(cookie.Name, "_device") {
			device = cookie.Name + "=" + cookie.Value
		}
	}
	flood := size.Of(t, 1500, 50_000, "sign-ins")
	stop := verifying(t, server, key)
	var evaluated, held atomic.Int64
	flooded := make(chan struct{})
	go func() {
		defer close(flooded)
		together(flood, 48, func(i int) {
			email := binary.Email
			if i%2 == 1 {
				email = fmt.Sprintf("nobody.%d@example.com", i)
			}
			got, err := crowd.signIn(email, "a wrong password")
			switch {
			case err != nil:
				t.Errorf("a sign-in: %v", err)
			case got.status == 401:
				evaluated.Add(1)
			case got.status == 429 && got.header.Get("Retry-After") != "":
				held.Add(1)
			default:
				t.Errorf("a sign-in: %d %s", got.status, got.body)
			}
		})
	}()
	password := binary.Password
	times, longest := 0, time.Duration(0)
	for during := true; during || times < 3; times++ {
		if times == 1 { // locked out they are not; but who lost the password comes back this way
			password = "gravel mitten observatory 7"
			if got := server.Command(password+"\n", "user", "reset-password", "--email", binary.Email, "--password-stdin"); got.Code != 0 {
				t.Fatalf("the command: %+v", got)
			}
		}
		start := time.Now()
		got, err := crowd.signIn(binary.Email, password, "Cookie", device)
		longest = max(longest, time.Since(start))
		if err != nil || got.status != 200 {
			t.Errorf("the owner, for the %dth time: %d %s %v", times+1, got.status, got.body, err)
		}
		select {
		case <-flooded:
			during = false
		default:
		}
	}
	<-flooded
	if n := stop(); n < 100 {
		t.Errorf("only %d keys were verified", n)
	}
	if held.Load() == 0 || evaluated.Load() == 0 {
		t.Errorf("%d were evaluated, %d held back: that was no flood", evaluated.Load(), held.Load())
	}
	if used := memory(t, server, "VmHWM"); used > 256<<20 {
		t.Errorf("it used %d MiB", used>>20)
	}
	t.Logf("%d evaluated, %d held back; the owner came in %d times, within %v", evaluated.Load(), held.Load(), times, longest)
}

// Whatever a client says of its address, and however many guesses it sends at once, it
// has the tries of one; a restart brings none back.
func TestP13ForgedHeadersGiveNoFurtherGuesses(t *testing.T) {
	t.Parallel()
	const tries = 6 // a minute
	server := binary.Start(t, "--failed-per-minute", strconv.Itoa(tries))
	server.SetUp()
	names := []string{"X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP", "X-Original-Forwarded-For", "Client-IP", "X-Forwarded-Host", "Via"}
	var evaluated atomic.Int64
	start := time.Now()
	guess := func(n int) {
		together(n, 20, func(i int) {
			client := server.ClientFor(t)
			for k, name := range names {
				if i%len(names) != k || name == "X-Forwarded-For" {
					client = client.With(name, fmt.Sprintf("198.51.%d.%d", k, i%250))
				}
			}
			got, err := client.Try(http.MethodPost, api.PathSession, binary.JSON{"email": fmt.Sprintf("someone.%d@example.com", i), "password": "a wrong password"})
			if err != nil {
				t.Error(err)
				return
			}
			switch got.Status {
			case 401:
				evaluated.Add(1)
			case 429:
			default:
				t.Errorf("a guess: %d %s", got.Status, got.Body)
			}
		})
	}
	many := size.Of(t, 200, 10_000, "guesses")
	for evaluated.Load() < tries {
		guess(20)
	}
	guess(many / 2)
	server.Stop()
	server.Run()
	guess(many / 2)
	// One comes back every ten seconds.
	if most := tries + 1 + int64(time.Since(start)/(time.Minute/tries)); evaluated.Load() > most {
		t.Errorf("%d guesses were evaluated, not %d", evaluated.Load(), most)
	}
}

// Clients that dribble their headers, their bodies, or read nothing hold connections for
// as long as the limits say, and nobody else.
func TestP50SlowClientsStarveNobody(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	key := server.SetUp().AddKey("in-use", api.ReadOnly).Value
	clients := size.Of(t, 300, 6000, "slow clients")
	before := memory(t, server, "VmRSS")
	begins := []string{
		"GET / HTTP/1.1\r\nHost: x\r\nX-A",
		"POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{",
		"POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1",
		strings.Repeat("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", 50), // and never read
		"",
	}
	conns := make([]net.Conn, 0, clients)
	defer func() {
		for _, conn := range conns {
			_ = conn.Close()
		}
	}()
	for i := range clients {
		conn, err := net.DialTimeout("tcp", "127.0.0.1:"+server.Port, binary.Patience)
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
		if _, err := io.WriteString(conn, begins[i%len(begins)]); err != nil {
			t.Fatal(err)
		}
	}
	stop := verifying(t, server, key)
	// All but those that say nothing and those that read nothing dribble on until the
	// server has enough of it.
	together(clients, clients, func(i int) {
		kind := i % len(begins)
		if kind > 2 {
			return
		}
		end := time.Now().Add(2 * binary.Patience)
		for time.Now().Before(end) {
			_ = conns[i].SetReadDeadline(time.Now().Add(500 * time.Millisecond))
			_, err := io.Copy(io.Discard, conns[i])
			var waited net.Error
			if !errors.As(err, &waited) || !waited.Timeout() {
				return // closed
			}
			if _, err := io.WriteString(conns[i], []string{"a", " ", "0"}[kind]); err != nil {
				return
			}
		}
		t.Errorf("a client that dribbles like %q is still served", begins[kind])
	})
	if n := stop(); n < 100 {
		t.Errorf("only %d keys were verified", n)
	}
	if grown := memory(t, server, "VmHWM") - before; grown > 64<<20+clients*64<<10 {
		t.Errorf("%d slow clients took %d MiB", clients, grown>>20)
	}
}

// Giant, deep and compressed bodies, giant headers and bodies without an end, many at
// once, are refused before they cost anything.
func TestP49NoBodyCostsUnboundedMemory(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	server.SetUp()
	before := memory(t, server, "VmRSS")
	var bomb bytes.Buffer
	zip := gzip.NewWriter(&bomb)
	if _, err := io.Copy(zip, io.LimitReader(zeros{}, 60<<20)); err != nil || zip.Close() != nil {
		t.Fatal(err)
	}
	const post = "POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	giants := []struct {
		head string
		body io.Reader
		want []int
	}{
		{post + "Content-Length: 1099511627776\r\n\r\n", zeros{}, []int{413, 400}},
		{post + "Transfer-Encoding: chunked\r\n\r\n", endless("4\r\n    \r\n"), []int{413, 400}},
		{post + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n", zeros{}, []int{413, 400}},
		{post + "Content-Length: 18446744073709551617\r\n\r\n{}", zeros{}, []int{400}},
		{post + "Content-Length: 60000\r\n\r\n", endless("["), []int{400}},
		{post + "Content-Length: 60000\r\n\r\n", endless(`{"email":`), []int{400}},
		{post + fmt.Sprintf("Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", bomb.Len(), bomb.Bytes()), zeros{}, []int{415}},
		{strings.Replace(post, "application/json", "multipart/form-data; boundary=x", 1) + "Content-Length: 56000\r\n\r\n", endless("--x\r\n\r\n"), []int{415}},
		{"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", zeros{}, []int{431, 400}},
		{"GET /", zeros{}, []int{431, 400}},
		{"GET / HTTP/1.1\r\nHost: x\r\n", endless("X-A: b\r\n"), []int{431, 400}},
	}
	var heard atomic.Int64
	all := size.Of(t, 4*len(giants), 1000*len(giants), "giants")
	together(all, 16, func(i int) {
		giant := giants[i%len(giants)]
		conn, err := net.DialTimeout("tcp", "127.0.0.1:"+server.Port, binary.Patience)
		if err != nil {
			t.Error(err)
			return
		}
		_ = conn.SetDeadline(time.Now().Add(binary.Patience))
		sent := make(chan struct{})
		go func() { // the server stops reading long before all is sent
			defer close(sent)
			_, _ = io.Copy(conn, io.MultiReader(strings.NewReader(giant.head), io.LimitReader(giant.body, 256<<20)))
		}()
		answer := make([]byte, 12)
		_, err = io.ReadFull(conn, answer)
		_ = conn.Close()
		<-sent
		if err != nil {
			return // a server that closes while much is under way may be heard as a reset only
		}
		heard.Add(1)
		if status, _ := strconv.Atoi(string(answer[9:])); !slices.Contains(giant.want, status) {
			t.Errorf("%.120q: %s", giant.head, answer)
		}
	})
	if int(heard.Load()) < all/2 {
		t.Errorf("of %d only %d were answered", all, heard.Load())
	}
	if grown := memory(t, server, "VmHWM") - before; grown > 64<<20 {
		t.Errorf("it grew by %d MiB", grown>>20)
	}
	server.Client().Send(http.MethodGet, "/healthz", nil).Is(200)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// endless repeats itself.
type endless string

func (e endless) Read(p []byte) (int, error) {
	n := 0
	for n+len(e) <= len(p) {
		n += copy(p[n:], e)
	}
	return n, nil
}

// Whatever strangers send many different ones of, nothing is kept of each.
func TestP51ManyNamesLeaveNothing(t *testing.T) {
	t.Parallel()
	server := binary.Start(t, "--failed-per-minute", strconv.Itoa(math.MaxInt32))
	server.SetUp()
	address := "127.0.0.1:" + server.Port
	requests := []string{
		"GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %[2]s\r\n\r\n",
		"GET /v1/me HTTP/1.1\r\nHost: x\r\nX-API-Key: name-%[1]d\r\n\r\n",
		"GET /v1/me HTTP/1.1\r\nHost: x\r\nCookie: keystead=%[1]d; a%[1]d=b\r\nSec-Fetch-Site: none\r\n\r\n",
		"GET /name-%[1]d?name-%[1]d=%[1]d HTTP/1.1\r\nHost: name-%[1]d.example\r\nUser-Agent: name-%[1]d\r\nX-Request-Id: %[1]d\r\nX-Forwarded-For: 10.%[1]d\r\n\r\n",
		"N%[1]d /v1/me HTTP/1.1\r\nHost: x\r\n\r\n",
		"POST /v1/invitation HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 74\r\n\r\n{\"password\":\"walnut parade lantern 57\",\"token\":\"%024[1]d\"}",
	}
	ask := func(n int) {
		askers := make(chan *asker, 8)
		for range cap(askers) {
			askers <- &asker{address: address}
		}
		together(n, cap(askers), func(i int) {
			a := <-askers
			a.request = fmt.Sprintf(requests[i%len(requests)], i, neverMade(i))
			if status, err := a.ask(); err != nil || status == 200 && !strings.HasPrefix(a.request, "GET /name") || status >= 500 && status != 501 {
				t.Errorf("%q: %d %v", a.request, status, err)
				a.conn = nil
			}
			askers <- a
		})
	}
	ask(2000) // what is made once is there
	before := memory(t, server, "VmRSS")
	names := size.Of(t, 18_000, 5_000_000, "names")
	ask(names)
	if grown := memory(t, server, "VmRSS") - before; grown > 32<<20 {
		t.Errorf("%d names took %d MiB", names, grown>>20)
	}
}
