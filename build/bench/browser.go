package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// chromium is a running browser with a profile on disk: without one it keeps no
// compiled code, and no visit is as warm as a person's.
type chromium struct {
	ctx context.Context
	end func()
}

func launch(ctx context.Context, profile string) (*chromium, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, // it may run as root in a container
		chromedp.UserDataDir(profile),
		chromedp.Flag("lang", "en-US"),
	)
	allocator, endAllocator := chromedp.NewExecAllocator(ctx, options...)
	browser, end := chromedp.NewContext(allocator)
	c := &chromium{browser, func() { end(); endAllocator() }}
	if err := chromedp.Do(browser); err != nil {
		c.end()
		return nil, fmt.Errorf("start the browser: %w", err)
	}
	return c, nil
}

// close ends the browser and writes its profile.
func (c *chromium) close() {
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	_ = chromedp.Cancel(ctx)
	c.end()
}

// tab is one page.
type tab struct {
	ctx  context.Context
	end  context.CancelFunc
	left time.Time // when it left for its address
}

// opening is how long a new window is left to load what its own frame is made of: people
// have theirs open before they go anywhere.
const opening = 2 * time.Second

// stranger opens a tab for someone who was never here; open one for who was.
func (c *chromium) stranger() (*tab, error) { return c.tab(chromedp.WithNewBrowserContext()) }
func (c *chromium) open() (*tab, error)     { return c.tab() }

func (c *chromium) tab(options ...chromedp.ContextOption) (*tab, error) {
	ctx, end := chromedp.NewContext(c.ctx, options...)
	t := &tab{ctx: ctx, end: end}
	err := chromedp.Do(ctx)
	if err == nil {
		_, err = chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch})
	}
	if err != nil {
		end()
		return nil, fmt.Errorf("open a tab: %w", err)
	}
	time.Sleep(opening)
	return t, nil
}

// watch notes in each document when the form or the table that the person came for can
// be used, as milliseconds since 1970: when the scripts have run that make the form
// work and it is painted; when rows with data are drawn.
const watch = `(() => {
	let form = 0;
	const look = () => {
		if (!globalThis.benchTable && document.querySelector("table:not([aria-busy=true]) tbody tr")) globalThis.benchTable = performance.timeOrigin + performance.now();
	};
	new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-busy"] });
	const formReady = () => {
		const paint = performance.getEntriesByName("first-contentful-paint")[0];
		if (form && paint) globalThis.benchForm = performance.timeOrigin + Math.max(form, paint.startTime);
	};
	new PerformanceObserver(formReady).observe({ type: "paint", buffered: true });
	addEventListener("DOMContentLoaded", () => setTimeout(() => {
		if (document.querySelector("form input[type=password]")) form = performance.now();
		formReady();
	}));
})();`

// slow makes the line and the processor those of a cheap phone: 1.6 Mbit/s, 150 ms,
// a quarter of the speed.
func (t *tab) slow() error {
	if _, err := chromedp.Call(t.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Latency: 150, DownloadThroughput: 1.6e6 / 8, UploadThroughput: 1.6e6 / 8}},
	}); err != nil {
		return fmt.Errorf("slow the line: %w", err)
	}
	if _, err := chromedp.Call(t.ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 4}); err != nil {
		return fmt.Errorf("slow the processor: %w", err)
	}
	return nil
}

// visit leaves for an address and does not wait for it.
func (t *tab) visit(address string) error {
	t.left = time.Now()
	if _, err := chromedp.Call(t.ctx, page.Navigate, page.NavigateParams{URL: address}); err != nil {
		return fmt.Errorf("open %s: %w", address, err)
	}
	return nil
}

// The notes of watch.
const (
	theForm  = "globalThis.benchForm"
	theTable = "globalThis.benchTable"
)

// usable waits for a note and says how long after the departure it was made.
func (t *tab) usable(note string) (time.Duration, error) {
	var at float64
	if err := t.until(note, &at); err != nil {
		return 0, err
	}
	return time.UnixMicro(int64(at * 1000)).Sub(t.left), nil
}

// until waits until a script has a value that is not null, false or 0.
func (t *tab) until(script string, out any) error {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	for {
		// A page that is just leaving answers with an error, the next one does not.
		value, err := chromedp.Run(ctx, chromedp.Evaluate[json.RawMessage]("(async () => ("+script+") || null)()", chromedp.EvalAwaitPromise))
		if err == nil && len(value) > 0 && string(value) != "null" {
			return json.Unmarshal(value, out)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited for %s: %w", script, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// write puts text into the field of a name as typing would.
func (t *tab) write(name, text string) error {
	var yes bool
	if err := t.until(fmt.Sprintf("(document.forms[0].elements[%q].focus(), true)", name), &yes); err != nil {
		return err
	}
	_, err := chromedp.Call(t.ctx, input.InsertText, input.InsertTextParams{Text: text})
	return err
}
