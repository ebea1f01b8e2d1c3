package metrics_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"keystead/server/metrics"
	"keystead/server/testkit"
	"keystead/shared/api"
)

// scrape reads the numbers of an installation.
func scrape(t testing.TB, handler http.Handler) string {
	t.Helper()
	got := httptest.NewRecorder()
	handler.ServeHTTP(got, httptest.NewRequest("GET", "/metrics", nil))
	if got.Code != 200 || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/plain; version=0.0.4") {
		t.Fatalf("%d %v", got.Code, got.Header())
	}
	return got.Body.String()
}

// value is the number behind a series, -1 where there is none.
func value(t testing.TB, text, series string) float64 {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(series) + ` (\S+)$`).FindStringSubmatch(text)
	if found == nil {
		return -1
	}
	n, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestVerdictsAreCountedByDoorAndCode(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	_, asker := c.Key(c.Verifier, c.X, api.ReadOnly, "asker")
	id, key := c.Key(c.Member, c.X, api.ReadOnly, "asked about")
	text := strings.TrimPrefix(key[0], "Authorization: Bearer ")
	verify := func() { c.Send(asker, "POST /v1/keys/verify", `{"key":"`+text+`"}`) }
	before := value(t, scrape(t, c.Metrics.Handler()), `keystead_verdicts_total{code="VALID",door="api"}`)
	verify()
	c.Send(append(testkit.Credential{testkit.FormType}, asker...), "POST /v1/oauth/introspect", "token="+text)
	c.Send(append(testkit.Credential{"X-Keystead-Proxy: " + strings.TrimPrefix(asker[0], "Authorization: Bearer ")}, key...), "GET /v1/forward-auth", "")
	off := false
	_, err := c.Keys.Edit(t.Context(), c.As(c.Member), id, api.EditKey{Enabled: &off})
	c.Must(err)
	verify()
	verify()
	c.Send(asker, "POST /v1/keys/verify", `{"key":"nonsense"}`)
	got := scrape(t, c.Metrics.Handler())
	for series, want := range map[string]float64{
		`{code="VALID",door="verify"}`: 1, `{code="DISABLED",door="verify"}`: 2, `{code="MALFORMED",door="verify"}`: 1,
		`{code="VALID",door="introspection"}`: 1, `{code="VALID",door="forward_auth"}`: 1,
		`{code="VALID",door="api"}`: before + 6, `{code="EXPIRED",door="api"}`: 0,
	} {
		if n := value(t, got, "keystead_verdicts_total"+series); n != want {
			t.Errorf("%s: %v, want %v", series, n, want)
		}
	}
}

func TestRequestsAreCountedByRouteAndClass(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	_, key := c.Key(c.Member, c.X, api.ReadOnly, "k")
	for range 3 {
		c.Send(key, "GET /v1/me", "")
	}
	c.Send(nil, "GET /v1/me", "")
	c.Send(nil, "GET /v1/api-keys/7", "")
	c.Send(nil, "GET /v1/nothing", "")
	c.Send(nil, "PROPFIND /v1/me", "")
	c.Send(nil, "GET /v1/me?token=x", "")
	got := scrape(t, c.Metrics.Handler())
	for series, want := range map[string]float64{
		`{class="2xx",route="GET /v1/me"}`: 3, `{class="4xx",route="GET /v1/me"}`: 1, `{class="4xx",route="GET /v1/api-keys/:id"}`: 1,
		`{class="4xx",route="console"}`: 1, `{class="4xx",route="other"}`: 2, `{class="5xx",route="other"}`: -1,
	} {
		if n := value(t, got, "keystead_http_request_duration_seconds_count"+series); n != want {
			t.Errorf("%s: %v, want %v", series, n, want)
		}
	}
}

// What an operator watches is there under the names of the README, as Prometheus wants
// names to be, and moves.
func TestTheNumbersAreThere(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	before := scrape(t, c.Metrics.Handler())
	c.Session(c.Member)
	_, key := c.Key(c.Member, c.X, api.ReadOnly, "k")
	c.Send(key, "GET /v1/me", "")
	after := scrape(t, c.Metrics.Handler())
	if n := value(t, after, "keystead_sessions"); n != 1 {
		t.Errorf("%v sessions", n)
	}
	if a, b := value(t, before, "keystead_database_commits_total"), value(t, after, "keystead_database_commits_total"); a < 1 || b <= a {
		t.Errorf("commits: %v, then %v", a, b)
	}
	for _, name := range []string{"keystead_database_bytes", "keystead_database_wal_bytes", "go_goroutines", "process_open_fds", "process_resident_memory_bytes"} {
		if value(t, after, name) <= 0 {
			t.Errorf("%s is %v", name, value(t, after, name))
		}
	}
	for _, name := range []string{"keystead_last_logins_pending", "keystead_database_writes_waiting"} {
		if value(t, after, name) < 0 {
			t.Errorf("there is no %s", name)
		}
	}
	if !regexp.MustCompile(`(?m)^keystead_build_info\{go_version="go\S+",version="test"\} 1$`).MatchString(after) {
		t.Error("no keystead_build_info")
	}
	problems, err := promlint.New(strings.NewReader(after)).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}

// No label tells of a key, a person or an organization: who reads numbers learns numbers.
func TestP05LabelsNameNobody(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	id, key := c.Key(c.Member, c.X, api.ReadOnly, "very-own-name")
	c.Send(key, "GET /v1/api-keys/"+strconv.FormatInt(int64(id), 10), "")
	c.Send(key, "GET /v1/organizations/"+strconv.FormatInt(int64(c.X), 10)+"/api-keys", "")
	c.Send(key, "GET /settings/very-own-name", "")
	known := map[string]*regexp.Regexp{
		"door": regexp.MustCompile(`^[a-z_]+$`), "code": regexp.MustCompile(`^[A-Z_]+$`), "class": regexp.MustCompile(`^[1-5]xx$`), "le": regexp.MustCompile(`^[0-9.e+-]+|\+Inf$`),
		"route": regexp.MustCompile(`^([A-Z]+ /[a-z0-9/:._-]*|console|other)$`), "version": regexp.MustCompile(`^[a-z0-9.-]+$`), "go_version": regexp.MustCompile(`^go`), "quantile": regexp.MustCompile(`^[0-9.]+$`),
	}
	for _, pair := range regexp.MustCompile(`([a-z_]+)="([^"]*)"`).FindAllStringSubmatch(scrape(t, c.Metrics.Handler()), -1) {
		if want := known[pair[1]]; want == nil || !want.MatchString(pair[2]) {
			t.Errorf("the label %s is %q", pair[1], pair[2])
		}
	}
}

// One number that can't be read is left out and logged; the others are there.
func TestANumberThatCannotBeReadIsLeftOut(t *testing.T) {
	var log bytes.Buffer
	m := metrics.New(metrics.Needs{
		Version: "test", Verdicts: func() []metrics.Verdict { return nil }, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Numbers: []metrics.Number{
			{Name: "keystead_broken", Help: "No.", Read: func(context.Context) (float64, error) { return 0, errors.New("the disk is gone") }},
			{Name: "keystead_whole", Help: "Yes.", Read: func(context.Context) (float64, error) { return 7, nil }},
		},
	})
	got := scrape(t, m.Handler())
	if value(t, got, "keystead_whole") != 7 || strings.Contains(got, "keystead_broken ") || strings.Contains(got, "disk") {
		t.Error(got)
	}
	if !strings.Contains(log.String(), "the disk is gone") {
		t.Errorf("the log says %s", log.String())
	}
}

func TestOnlyTheNumbersAreServed(t *testing.T) {
	c := testkit.New(t, nil)
	for what, want := range map[string]int{"GET /metrics": 200, "GET /": 404, "GET /debug/pprof/": 404, "GET /v1/me": 404, "POST /metrics": 405} {
		method, path, _ := strings.Cut(what, " ")
		got := httptest.NewRecorder()
		if c.Metrics.Handler().ServeHTTP(got, httptest.NewRequest(method, path, nil)); got.Code != want {
			t.Errorf("%s: %d", what, got.Code)
		}
	}
}

func TestDoorsCountTogether(t *testing.T) {
	m := metrics.New(metrics.Needs{Version: "test", Verdicts: func() []metrics.Verdict { return nil }, Log: slog.New(slog.DiscardHandler)})
	door := m.Door("GET /x")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 1000 {
				door(200, time.Millisecond)
				door(999, time.Second)
			}
		})
	}
	wait.Wait()
	got := scrape(t, m.Handler())
	for class, want := range map[string]float64{"2xx": 8000, "5xx": 8000} {
		if n := value(t, got, `keystead_http_request_duration_seconds_count{class="`+class+`",route="GET /x"}`); n != want {
			t.Errorf("%s: %v", class, n)
		}
	}
}

func BenchmarkDoor(b *testing.B) {
	door := metrics.New(metrics.Needs{Verdicts: func() []metrics.Verdict { return nil }, Log: slog.New(slog.DiscardHandler)}).Door("GET /x")
	b.ReportAllocs()
	for b.Loop() {
		door(200, 150*time.Microsecond)
	}
}
