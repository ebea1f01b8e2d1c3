package browser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"keystead/build/e2e/browser"
)

// recorder is a test that may fail without this one failing: what is under test here
// is whether failures are noticed.
type recorder struct {
	testing.TB
	said     []string
	cleanups []func()
}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}
func (r *recorder) Failed() bool     { return false }
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

// end runs the clean-ups and answers what the test would have said.
func (r *recorder) end() string {
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
	return strings.Join(r.said, "\n")
}

const page = `<!doctype html><html lang="en"><title>Control</title><link rel="icon" href="data:,">
<main><h1>Control</h1>
<button id="go">Go on</button><div role="status" id="said"></div>
<label for="name">Name</label><input id="name">
<label for="kind">Kind</label><select id="kind"><option>one</option><option>two</option></select>
</main>
<script src="/page.js"></script>`

const script = `document.getElementById("go").addEventListener("click", async (e) => {
	const text = document.getElementById("name").value + " " + document.getElementById("kind").value;
	await navigator.clipboard.writeText(text).then(() => said.textContent = "Copied", () => said.textContent = "Refused");
});`

func site(t *testing.T, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src data:")
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, body)
		case "/page.js":
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = fmt.Fprint(w, script)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

func launch(t *testing.T) *browser.Browser {
	t.Helper()
	b, err := browser.Launch("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestHarness(t *testing.T) {
	b := launch(t)

	t.Run("a good page passes", func(t *testing.T) {
		r := &recorder{TB: t}
		tab := b.Open(r)
		tab.Go(site(t, page))
		tab.Type(browser.Field("Name"), "first")
		tab.Type(browser.Field("Name"), "second")
		tab.Choose(browser.Choice("Kind"), "two")
		clipboard := tab.Clipboard()
		tab.Click(browser.Button("Go on"))
		tab.Shows("Copied")
		if got := clipboard.Text(); got != "second two" {
			t.Errorf("the clipboard holds %q", got)
		}
		tab.TabTo(browser.Field("Name"), 5)
		tab.Press("x")
		if got := tab.Find(browser.Field("Name")).Value(); !strings.Contains(got, "x") {
			t.Errorf("the field holds %q", got)
		}
		tab.Axe("control")
		if said := r.end(); said != "" {
			t.Error(said)
		}
	})

	t.Run("a refused clipboard is refused", func(t *testing.T) {
		r := &recorder{TB: t}
		tab := b.Open(r)
		tab.RefuseClipboard()
		tab.Go(site(t, page))
		tab.Click(browser.Button("Go on"))
		tab.Shows("Refused")
		r.end()
	})

	t.Run("a tab behind another is hidden", func(t *testing.T) {
		r := &recorder{TB: t}
		tab := b.Open(r)
		tab.Go(site(t, page))
		tab.Cover()
		tab.Front()
		tab.Until("seen", "!document.hidden")
		r.end()
	})

	for name, bad := range map[string]struct{ body, want string }{
		"a violation of the policy": {page + `<p onclick="x()">x</p><script>alert(1)</script>`, "Content Security Policy"},
		"an error in the console":   {strings.Replace(page, "/page.js", "/missing.js", 1), "404"},
	} {
		t.Run(name+" is noticed", func(t *testing.T) {
			r := &recorder{TB: t}
			tab := b.Open(r)
			tab.Go(site(t, bad.body))
			tab.Find(browser.Button("Go on"))
			if said := r.end(); !strings.Contains(said, bad.want) {
				t.Errorf("said %q", said)
			}
		})
	}

	t.Run("an exception is noticed", func(t *testing.T) {
		r := &recorder{TB: t}
		tab := b.Open(r)
		tab.Go(site(t, page))
		tab.Eval(`setTimeout(() => { throw new Error("planted") }); new Promise((done) => setTimeout(done, 50))`)
		if said := r.end(); !strings.Contains(said, "planted") {
			t.Errorf("said %q", said)
		}
	})

	t.Run("axe notices an image without words", func(t *testing.T) {
		r := &recorder{TB: t}
		tab := b.Open(r)
		tab.Go(site(t, strings.Replace(page, "</main>", `<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></main>`, 1)))
		tab.Axe("control")
		if said := r.end(); !strings.Contains(said, "image-alt") {
			t.Errorf("said %q", said)
		}
	})
}
