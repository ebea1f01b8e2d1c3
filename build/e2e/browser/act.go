package browser

import (
	"encoding/json"
	"fmt"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys that have no letter.
const (
	Enter     = kb.Enter
	Escape    = kb.Escape
	TabKey    = kb.Tab
	ArrowDown = kb.ArrowDown
	ArrowUp   = kb.ArrowUp
	Backspace = kb.Backspace
	Space     = " "
)

// target answers where to click: the middle of the element once it stands still, in
// view, and nothing lies over it. Else it says why not.
const target = `async function() {
	const seen = () => JSON.stringify(this.getBoundingClientRect());
	this.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
	const before = seen();
	await new Promise((done) => setTimeout(done, 16));
	if (seen() !== before) return { against: "it moves" };
	let box = this.getBoundingClientRect();
	if (!box.width || !box.height) return { against: "it has no size" };
	if (this.getAttribute("aria-disabled") === "true" || this.disabled) return { against: "it is off: " + (this.getAttribute("aria-description") ?? "") };
	const x = box.x + box.width / 2, y = box.y + box.height / 2;
	const top = document.elementFromPoint(x, y);
	const label = this.labels?.[0];
	if (!top || !(this.contains(top) || top.contains(this) || label?.contains(top))) return { against: "covered by " + top?.outerHTML.slice(0, 80) };
	return { x, y };
}`

type point struct {
	X, Y    float64
	Against string
}

// Click clicks a thing once it can be clicked.
func (tab *Tab) Click(w Thing) {
	tab.t.Helper()
	at := tab.reach(w)
	tab.Mouse(at.X, at.Y)
}

// reach is where to click, once it stays there: what loads above may still move it.
func (tab *Tab) reach(w Thing) point {
	tab.t.Helper()
	var at, before point
	tab.Eventually("a way to "+w.String(), func() string {
		nodes, err := tab.nodes(w)
		if err != nil {
			return err.Error()
		}
		if len(nodes) != 1 {
			return fmt.Sprintf("there are %d", len(nodes))
		}
		var out string
		if err := (Element{tab, w, nodes[0]}).on(target, &out); err != nil {
			return err.Error()
		}
		before, at = at, point{}
		if err := json.Unmarshal([]byte(out), &at); err != nil {
			return err.Error()
		}
		if at.Against == "" && at != before {
			return "it moves"
		}
		return at.Against
	})
	return at
}

// Mouse clicks at a place.
func (tab *Tab) Mouse(x, y float64) {
	tab.t.Helper()
	ctx, cancel := tab.brief()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.MouseClickXY(x, y)); err != nil {
		tab.t.Fatalf("click: %v", err)
	}
}

// Press presses keys, one after the other: letters, or the constants above. Each goes
// out as one press with its text, so that a page that takes a key for itself also
// keeps it from being typed, as it does with a real one.
func (tab *Tab) Press(keys string, modifiers ...chromedp.Modifier) {
	tab.t.Helper()
	for _, key := range keys {
		var down, up input.DispatchKeyEventParams
		for _, event := range kb.Encode(key) {
			for _, m := range modifiers {
				event.Modifiers |= int64(m)
			}
			switch event.Type {
			case kb.KeyChar:
				down.Text, down.UnmodifiedText = event.Text, event.UnmodifiedText
			case kb.KeyUp:
				up = *event
			default:
				down = *event
			}
		}
		if down.Text != "" {
			down.Type = input.DispatchKeyEventTypeKeyDown
		}
		call(tab, input.DispatchKeyEvent, down)
		call(tab, input.DispatchKeyEvent, up)
	}
}

// Type puts text into a field in place of what stands there.
func (tab *Tab) Type(w Thing, text string) {
	tab.t.Helper()
	tab.Find(w).must("function() { this.focus(); this.select?.() }")
	if text == "" {
		tab.Press(Backspace)
		return
	}
	call(tab, input.InsertText, input.InsertTextParams{Text: text})
}

// Choose picks an option of a list by the beginning of its label.
func (tab *Tab) Choose(w Thing, label string) {
	tab.t.Helper()
	tab.Find(w).must(`function(label) {
		const at = [...this.options].findIndex((o) => o.label.startsWith(label));
		if (at < 0) throw new Error("no option " + label + " among " + [...this.options].map((o) => o.label).join(", "));
		this.focus();
		this.selectedIndex = at;
		this.dispatchEvent(new Event("input", { bubbles: true }));
		this.dispatchEvent(new Event("change", { bubbles: true }));
	}`, label)
}

// Focused waits until the focus is on a thing.
func (tab *Tab) Focused(w Thing) {
	tab.t.Helper()
	tab.Becomes(w, "focused", true)
}

// TabTo presses Tab until the focus is on a thing: the way of a person without a
// mouse. More stops than limit are a failure.
func (tab *Tab) TabTo(w Thing, limit int) {
	tab.t.Helper()
	tab.Find(w)
	for range limit {
		nodes, err := tab.nodes(w)
		if err == nil && len(nodes) == 1 && (Element{tab, w, nodes[0]}).Is("focused") {
			return
		}
		tab.Press(TabKey)
	}
	tab.t.Fatalf("%s is not reached by %d tabs; the focus is on %s", w, limit, tab.Eval("document.activeElement?.outerHTML.slice(0, 200)"))
}
