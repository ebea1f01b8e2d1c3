package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// clipboards guards the one clipboard that all tabs of the machine share.
var clipboards sync.Mutex

// Clipboard is the browser's clipboard, held by one test at a time.
type Clipboard struct {
	tab  *Tab // reads, on a page of its own: the console forbids itself to read
	from *Tab
}

// Clipboard takes the clipboard for this test, lets the page write to it, and puts a
// word of its own there.
func (tab *Tab) Clipboard() *Clipboard {
	tab.t.Helper()
	clipboards.Lock()
	tab.t.Cleanup(clipboards.Unlock)
	tab.permit("clipboard-write")

	notes := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "<!doctype html><title>Notes</title><link rel=icon href=data:,>")
	}))
	tab.t.Cleanup(notes.Close)
	reader := tab.Another()
	reader.permit("clipboard-read")
	reader.permit("clipboard-write")
	reader.Go(strings.Replace(notes.URL, "127.0.0.1", "localhost", 1))
	c := &Clipboard{tab: reader, from: tab}
	c.Put("nothing was copied")
	return c
}

// Put puts a text into the clipboard.
func (c *Clipboard) Put(text string) {
	c.tab.t.Helper()
	c.tab.Front()
	c.tab.Eval(fmt.Sprintf("navigator.clipboard.writeText(%q).then(() => true)", text))
	c.from.Front()
}

// Text is what is in the clipboard.
func (c *Clipboard) Text() string {
	c.tab.t.Helper()
	c.tab.Front()
	var text string
	c.tab.EvalInto("navigator.clipboard.readText()", &text)
	c.from.Front()
	return text
}

// RefuseClipboard makes the browser refuse every way to copy on the pages to come, as
// a company's policy can. Headless Chromium itself never refuses one in a click.
func (tab *Tab) RefuseClipboard() {
	tab.t.Helper()
	tab.OnEveryPage(`
		const refuse = () => Promise.reject(new DOMException("Refused.", "NotAllowedError"));
		Object.defineProperty(navigator, "clipboard", { value: { write: refuse, writeText: refuse } });
		document.execCommand = () => false;`)
}

// permit says yes to the browser's question about a permission, for all pages of the
// tab's context.
func (tab *Tab) permit(name string) {
	tab.t.Helper()
	ctx, cancel := tab.brief()
	defer cancel()
	_, err := chromedp.CallBrowser(ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission:       &browser.PermissionDescriptor{Name: name},
		Setting:          browser.PermissionSettingGranted,
		BrowserContextID: chromedp.FromContext(tab.ctx).BrowserContextID,
	})
	if err != nil {
		tab.t.Fatalf("permission %s: %v", name, err)
	}
}
