package e2e_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
	"keystead/shared/api"
)

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
