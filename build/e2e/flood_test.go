package e2e_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
	"keystead/shared/api"
)

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

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}
