package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is one page of a browser, in a test.
type Tab struct {
	t    testing.TB
	ctx  context.Context
	size Size

	mu       sync.Mutex
	problems []string
	allowed  []*regexp.Regexp
	sent     []Sent
}

// Sent is a request that the page made.
type Sent struct {
	Method, URL, Body string
}

// Open opens a tab in a new context: nobody is signed in, nothing is cached.
func (b *Browser) Open(t testing.TB) *Tab {
	t.Helper()
	return b.open(t, b.ctx, chromedp.WithNewBrowserContext())
}

// OpenInProfile opens a tab whose data go to the browser's profile.
func (b *Browser) OpenInProfile(t testing.TB) *Tab {
	t.Helper()
	return b.open(t, b.ctx)
}

// Another opens a second tab in a window beside this one: signed in alike, and both
// are seen.
func (tab *Tab) Another() *Tab {
	tab.t.Helper()
	return (&Browser{ctx: tab.ctx}).open(tab.t, tab.ctx)
}

// Cover opens a tab before this one in the same window, as a person does who looks
// at something else: this one is hidden until [Tab.Front].
func (tab *Tab) Cover() {
	tab.t.Helper()
	other := (&Browser{ctx: tab.ctx}).open(tab.t, tab.ctx, chromedp.WithNewWindow(false))
	other.Front()
	tab.Until("the tab is hidden", "document.hidden")
}

func (b *Browser) open(t testing.TB, parent context.Context, options ...chromedp.ContextOption) *Tab {
	t.Helper()
	tab := &Tab{t: t}
	ctx, end := chromedp.NewContext(parent, append(options, chromedp.WithListener(tab.hear))...)
	tab.ctx = ctx
	if err := chromedp.Do(ctx); err != nil {
		end()
		t.Fatalf("open a tab: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			tab.shoot("failed-" + strings.ReplaceAll(t.Name(), "/", "-"))
		}
		end()
		tab.mu.Lock()
		defer tab.mu.Unlock()
		for _, problem := range tab.problems {
			if !tab.isAllowed(problem) {
				t.Errorf("the browser complains: %s", problem)
			}
		}
	})
	tab.Resize(Desktop)
	return tab
}

// Allow lets complaints pass that match. Refusals that the page shows to the person
// are never complaints: browsers log every status of 400 and more.
func (tab *Tab) Allow(pattern string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.allowed = append(tab.allowed, regexp.MustCompile(pattern))
}

func (tab *Tab) isAllowed(problem string) bool {
	for _, pattern := range tab.allowed {
		if pattern.MatchString(problem) {
			return true
		}
	}
	return false
}

// handled are refusals by the API, which the page shows to the person.
var handled = regexp.MustCompile(`^https?://[^/]+/(v1/\S*|sign-in|setup) Failed to load resource: the server responded with a status of 4\d\d`)

func (tab *Tab) hear(event any) {
	switch e := event.(type) {
	case *log.EventEntryAdded:
		text := e.Entry.URL + " " + e.Entry.Text
		if e.Entry.Level == log.EntryLevelError && !handled.MatchString(text) || strings.Contains(text, "Content Security Policy") {
			tab.complain(string(e.Entry.Source) + " " + text)
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		tab.complain("exception " + text)
	case *runtime.EventConsoleAPICalled:
		var words []string
		for _, arg := range e.Args {
			if arg.Description != "" { // of objects and numbers
				words = append(words, arg.Description)
			} else {
				words = append(words, strings.Trim(string(arg.Value), `"`))
			}
		}
		said := strings.Join(words, " ")
		switch {
		case e.Type == runtime.ConsoleAPICalledTypeError, e.Type == runtime.ConsoleAPICalledTypeAssert, e.Type == runtime.ConsoleAPICalledTypeWarning:
			tab.complain("console " + said)
		case strings.HasPrefix(said, "panic: "), strings.HasPrefix(said, "fatal error: "): // Go says so in the log
			tab.complain("console " + said)
		}
	case *network.EventRequestWillBeSent:
		sent := Sent{Method: e.Request.Method, URL: e.Request.URL + e.Request.URLFragment}
		for _, part := range e.Request.PostDataEntries {
			sent.Body += string(part.Bytes)
		}
		tab.mu.Lock()
		tab.sent = append(tab.sent, sent)
		tab.mu.Unlock()
	}
}

func (tab *Tab) complain(problem string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.problems = append(tab.problems, problem)
}

// Sent are the requests of the page so far.
func (tab *Tab) Sent() []Sent {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return append([]Sent(nil), tab.sent...)
}

// brief is a context for one step.
func (tab *Tab) brief() (context.Context, context.CancelFunc) {
	return context.WithTimeout(tab.ctx, Patience)
}

// call runs a command of the protocol that must succeed.
func call[P, R any](tab *Tab, command cdp.Command[P, R], params P) R {
	tab.t.Helper()
	ctx, cancel := tab.brief()
	defer cancel()
	out, err := chromedp.Call(ctx, command, params)
	if err != nil {
		tab.t.Fatalf("%s: %v", command.Method, err)
	}
	return out
}

// try runs one that may fail.
func try[P, R any](tab *Tab, command cdp.Command[P, R], params P) (R, error) {
	ctx, cancel := tab.brief()
	defer cancel()
	return chromedp.Call(ctx, command, params)
}

// Go opens an address and waits until its document is loaded.
func (tab *Tab) Go(url string) {
	tab.t.Helper()
	ctx, cancel := tab.brief()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		tab.t.Fatalf("open %s: %v", url, err)
	}
}

// Reload loads the page again.
func (tab *Tab) Reload() {
	tab.t.Helper()
	ctx, cancel := tab.brief()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Reload()); err != nil {
		tab.t.Fatalf("reload: %v", err)
	}
}

// Back goes back in the history.
func (tab *Tab) Back() {
	tab.t.Helper()
	tab.Eval("setTimeout(() => history.back()); true") // not at once: the answer would be lost with the page
}

// Eval runs a script and answers its value as JSON. Promises are waited for.
func (tab *Tab) Eval(script string) string {
	tab.t.Helper()
	value, err := tab.evaluate(script)
	if err != nil {
		tab.t.Fatalf("%v\nin %s", err, script)
	}
	return value
}

// EvalInto is [Tab.Eval] into a variable.
func (tab *Tab) EvalInto(script string, out any) {
	tab.t.Helper()
	value := tab.Eval(script)
	if err := json.Unmarshal([]byte(value), out); err != nil {
		tab.t.Fatalf("%v\nin %s of %s", err, value, script)
	}
}

func (tab *Tab) evaluate(script string) (string, error) {
	yes := true
	out, err := try(tab, runtime.Evaluate, runtime.EvaluateParams{Expression: script, AwaitPromise: &yes, ReturnByValue: &yes, UserGesture: &yes})
	if err != nil {
		return "", err
	}
	if out.ExceptionDetails != nil {
		text := out.ExceptionDetails.Text
		if out.ExceptionDetails.Exception != nil {
			text += " " + out.ExceptionDetails.Exception.Description
		}
		return "", fmt.Errorf("%s", text)
	}
	return string(out.Result.Value), nil
}

// Eventually waits until a state is there. Where it does not come the test fails
// with what was wanted and the last reason against it, "" being none.
func (tab *Tab) Eventually(what string, check func() (against string)) {
	tab.t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	var against string
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); <-look.C {
		if against = check(); against == "" {
			return
		}
	}
	tab.t.Fatalf("waited for %s: %s", what, against)
}

// Until waits until a script's value is true. A page that is just leaving has none.
func (tab *Tab) Until(what, script string) {
	tab.t.Helper()
	tab.Eventually(what, func() string {
		value, err := tab.evaluate(script)
		switch {
		case err != nil:
			return err.Error()
		case value != "true":
			return "it is " + value
		}
		return ""
	})
}

// Address is what the address bar says, from the path on.
func (tab *Tab) Address() string {
	tab.t.Helper()
	var address string
	tab.EvalInto("location.pathname + location.search + location.hash", &address)
	return address
}

// At waits until the address starts with a path.
func (tab *Tab) At(path string) {
	tab.t.Helper()
	tab.Until("the address "+path, fmt.Sprintf("(location.pathname + location.search + location.hash).startsWith(%q)", path))
}

// Text is the text that an element matching a selector shows, "" where there is none.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	var text string
	tab.EvalInto(fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector), &text)
	return text
}

// Shows waits until the page shows a text, Hides until it does not.
func (tab *Tab) Shows(text string) {
	tab.t.Helper()
	tab.Until(fmt.Sprintf("the text %q", text), fmt.Sprintf("document.body?.innerText.includes(%q)", text))
}

func (tab *Tab) Hides(text string) {
	tab.t.Helper()
	tab.Until(fmt.Sprintf("no text %q", text), fmt.Sprintf("!document.body?.innerText.includes(%q)", text))
}

// Document is the whole document as the browser has it now, with what stands in
// inputs: where a value must not be.
func (tab *Tab) Document() string {
	tab.t.Helper()
	var text string
	tab.EvalInto(`document.documentElement.outerHTML + "\n" +
		[...document.querySelectorAll("input, textarea")].map((i) => i.value).join("\n")`, &text)
	return text
}

// Front brings the tab before the others.
func (tab *Tab) Front() {
	tab.t.Helper()
	call(tab, page.BringToFront, cdp.Empty{})
}

// OnEveryPage runs a script in each new document before its own scripts.
func (tab *Tab) OnEveryPage(script string) {
	tab.t.Helper()
	call(tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// Cookie signs the tab in as whoever holds the session cookie.
func (tab *Tab) Cookie(site, name, value string) {
	tab.t.Helper()
	yes := true
	call(tab, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: site, HTTPOnly: &yes, SameSite: network.CookieSameSiteStrict})
}

// Cookies are the names and values of the cookies that the page's site has.
func (tab *Tab) Cookies() map[string]string {
	tab.t.Helper()
	cookies := map[string]string{}
	for _, cookie := range call(tab, network.GetCookies, network.GetCookiesParams{}).Cookies {
		cookies[cookie.Name] = cookie.Value
	}
	return cookies
}

// Scripts lets pages run scripts or not.
func (tab *Tab) Scripts(on bool) {
	tab.t.Helper()
	call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}
