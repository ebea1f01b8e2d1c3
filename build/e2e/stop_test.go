package e2e_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/shared/api"
)

// asker sends one request after the other on a connection that it keeps, as a proxy does,
// and repeats none: what a library would quietly send again counts as lost here.
type asker struct {
	address string
	request string

	conn   net.Conn
	answer *bufio.Reader
}

// errRefused says that nobody takes connections any more.
var errRefused = errors.New("refused")

// ask sends the request and is the status of the answer.
func (a *asker) ask() (int, error) {
	if a.conn == nil {
		conn, err := net.Dial("tcp", a.address)
		if err != nil {
			return 0, errRefused
		}
		a.conn, a.answer = conn, bufio.NewReader(conn)
	}
	_ = a.conn.SetDeadline(time.Now().Add(binary.Patience))
	if _, err := io.WriteString(a.conn, a.request); err != nil {
		return 0, err
	}
	return a.read()
}

func (a *asker) read() (int, error) {
	answer, err := http.ReadResponse(a.answer, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return 0, err
	}
	if answer.Close {
		_ = a.conn.Close()
		a.conn = nil
	}
	return answer.StatusCode, nil
}

// A stop under load loses no request that was sent, and nothing that was counted: half a
// request that was there before is answered after; readiness says no while all else is
// still taken; the last login is on disk.
func TestP68AStopUnderLoadLosesNoRequest(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	admin := server.SetUp()
	key := admin.AddKey("under-load", api.Admin)
	const rounds, askers = 10, 16
	total := 0
	for range rounds {
		asked, stopped := stopUnderLoad(t, server, key, askers)
		server.Run()
		last := server.SignIn(binary.Email).Keys("").Items[0].LastLoginAt
		if last == nil || last.Before(stopped.Truncate(time.Millisecond)) {
			t.Errorf("the last login is %v, but there were some after the stop began at %v", last, stopped)
		}
		total += asked
	}
	t.Logf("%d requests in %d stops", total, rounds)
}

func stopUnderLoad(t *testing.T, server *binary.Server, key api.AddedKey, askers int) (requests int, stopped time.Time) {
	t.Helper()
	address := "127.0.0.1:" + server.Port
	body := fmt.Sprintf(`{"key":%q}`, key.Value.Reveal())
	verify := fmt.Sprintf("POST /v1/keys/verify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", key.Value.Reveal(), len(body), body)
	var asked atomic.Int64
	var wait sync.WaitGroup
	for range askers {
		wait.Go(func() {
			a := &asker{address: address, request: verify}
			for {
				status, err := a.ask()
				if errors.Is(err, errRefused) {
					return
				}
				if asked.Add(1); err != nil || status != 200 {
					t.Errorf("a request was lost: %d %v", status, err)
					return
				}
			}
		})
	}
	slow := &asker{address: address, request: verify[:len(verify)-10]}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	slow.conn, slow.answer = conn, bufio.NewReader(conn)
	if _, err := io.WriteString(conn, slow.request); err != nil {
		t.Fatal(err)
	}
	ready := &asker{address: address, request: "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"}
	if status, err := ready.ask(); status != 200 {
		t.Fatalf("before the stop it is not ready: %d %v", status, err)
	}
	for asked.Load() < 200 {
		if _, err := ready.ask(); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Kill(server.PID(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	begin, unready, after := time.Now(), false, int64(0)
	for {
		status, err := ready.ask()
		if err != nil {
			break
		}
		if status == 503 && !unready {
			unready, after = true, asked.Load()
		}
	}
	if !unready {
		t.Error("readiness never said no")
	}
	if _, err := io.WriteString(conn, verify[len(verify)-10:]); err != nil {
		t.Errorf("the slow request: %v", err)
	} else if status, err := slow.read(); status != 200 {
		t.Errorf("the slow request was lost: %d %v", status, err)
	}
	wait.Wait()
	if asked.Load() == after {
		t.Error("nothing was taken after readiness said no")
	}
	server.Wait()
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("the stop took %v", took)
	}
	if log := server.Log(); strings.Contains(log, "level=ERROR") {
		t.Errorf("the log says an error:\n%s", log)
	}
	return int(asked.Load()), begin
}
