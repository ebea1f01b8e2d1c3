package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"keystead/build/e2e/binary"
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
