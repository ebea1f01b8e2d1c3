package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"

	"keystead/build/e2e/binary"
)

// Size is that of a window, in CSS pixels. A mobile one is touched with fingers.
type Size struct {
	Width, Height int64
	Mobile        bool
}

// The sizes at which screens are looked at.
var (
	Desktop = Size{1360, 900, false}
	Phone   = Size{390, 844, true}
)

// folder is where pictures are left and npm installs to.
var folder = filepath.Join(binary.Root, "build", "e2e")

// Resize makes the window that large.
func (tab *Tab) Resize(size Size) {
	tab.t.Helper()
	tab.size = size
	call(tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: size.Width, Height: size.Height, DeviceScaleFactor: 1, Mobile: size.Mobile,
	})
	call(tab, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: size.Mobile})
}

// Dark makes the device prefer dark or light.
func (tab *Tab) Dark(on bool) {
	tab.t.Helper()
	scheme := "light"
	if on {
		scheme = "dark"
	}
	call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

// Look looks at the screen as it is now, on a desk and on a phone, light and dark:
// it leaves four pictures, fails where a phone would have to scroll sideways, and
// holds the page against axe's rules for WCAG 2.2 AA and its best practices.
func (tab *Tab) Look(name string) {
	tab.t.Helper()
	before := tab.size
	for _, size := range []Size{Desktop, Phone} {
		tab.Resize(size)
		for _, dark := range []bool{false, true} {
			tab.Dark(dark)
			tab.settle()
			theme := map[bool]string{false: "light", true: "dark"}[dark]
			tab.shoot(fmt.Sprintf("%s-%d-%s", name, size.Width, theme))
			if dark == size.Mobile { // each size and each theme once
				tab.Axe(fmt.Sprintf("%s at %d px, %s", name, size.Width, theme))
			}
		}
		var wide string
		tab.EvalInto(`(() => {
			const root = document.scrollingElement;
			return root.scrollWidth > root.clientWidth ? root.scrollWidth + " in " + root.clientWidth : "";
		})()`, &wide)
		if wide != "" {
			tab.t.Errorf("%s scrolls sideways at %d px: %s", name, size.Width, wide)
		}
	}
	tab.Dark(false)
	tab.Resize(before)
	tab.settle()
}

// settle waits until what changed is drawn.
func (tab *Tab) settle() {
	tab.t.Helper()
	tab.Eval("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
}

// shoot takes a picture: the whole page, or under a dialog what the window shows.
func (tab *Tab) shoot(name string) {
	whole, modal := true, ""
	if modal, _ = tab.evaluate(`Boolean(document.querySelector("dialog:modal, :popover-open"))`); modal == "true" {
		whole = false
	}
	shot, err := try(tab, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &whole, Clip: tab.whole(whole)})
	if err != nil {
		tab.t.Logf("no picture of %s: %v", name, err)
		return
	}
	screens := filepath.Join(folder, "screens")
	if err := os.MkdirAll(screens, 0o755); err != nil {
		tab.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(screens, name+".png"), shot.Data, 0o644); err != nil {
		tab.t.Fatal(err)
	}
}

func (tab *Tab) whole(whole bool) *page.Viewport {
	if !whole {
		return nil
	}
	var height float64
	out, err := tab.evaluate("Math.max(innerHeight, document.scrollingElement?.scrollHeight ?? 0)")
	if err != nil || json.Unmarshal([]byte(out), &height) != nil {
		return nil
	}
	return &page.Viewport{Width: float64(tab.size.Width), Height: min(height, 6000), Scale: 1}
}

// axeScript is axe-core from npm, in the version that package-lock.json pins.
var axeScript = sync.OnceValues(func() (string, error) {
	path := filepath.Join(folder, "node_modules", "axe-core", "axe.min.js")
	if _, err := os.Stat(path); err != nil {
		npm := exec.Command("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
		npm.Dir = folder
		if out, err := npm.CombinedOutput(); err != nil {
			return "", fmt.Errorf("npm ci: %w\n%s", err, out)
		}
	}
	text, err := os.ReadFile(path)
	return string(text), err
})

type violation struct {
	ID, Help, Impact string
	Nodes            []struct {
		HTML           string
		FailureSummary string
	}
}

// Axe holds the page against axe's rules. The script runs through the debugger, which
// the page's policy does not bind: so the page is tested under the policy that it has.
func (tab *Tab) Axe(where string) {
	tab.t.Helper()
	script, err := axeScript()
	if err != nil {
		tab.t.Fatal(err)
	}
	if tab.Eval("typeof axe") != `"object"` {
		tab.Eval(script + "; true")
	}
	var found []violation
	tab.EvalInto(`axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] }).then((r) => r.violations)`, &found)
	for _, v := range found {
		var lines []string
		for _, n := range v.Nodes {
			lines = append(lines, fmt.Sprintf("%s\n      %s", n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", " ")))
		}
		tab.t.Errorf("axe, %s: %s (%s): %s\n    %s", where, v.ID, v.Impact, v.Help, strings.Join(lines, "\n    "))
	}
}
