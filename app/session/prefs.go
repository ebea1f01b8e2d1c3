package session

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Theme is the person's choice of light and dark.
type Theme string

// The themes. System follows the device.
const (
	ThemeSystem Theme = "system"
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// Prefs are choices of this browser. They say nothing about anyone, so they stay
// in its localStorage over a sign-out.
type Prefs struct {
	Theme       Theme
	NoShortcuts bool // single keys do nothing
	NoOffline   bool // nothing is kept for offline use
}

// The names under which they are stored. The page's first script reads the theme
// before the first paint.
const (
	themeKey     = "keystead-theme"
	shortcutsKey = "keystead-shortcuts"
	offlineKey   = "keystead-offline"
	off          = "off"
)

// readPrefs reads what is stored. Where storage is refused the defaults stand.
func readPrefs(get func(key string) string) Prefs {
	p := Prefs{Theme: Theme(get(themeKey)), NoShortcuts: get(shortcutsKey) == off, NoOffline: get(offlineKey) == off}
	if p.Theme != ThemeLight && p.Theme != ThemeDark {
		p.Theme = ThemeSystem
	}
	return p
}

// SetTheme chooses the theme, at once and for the next visit.
func SetTheme(t Theme) {
	root := app.Window().Get("document").Get("documentElement")
	if t == ThemeSystem {
		store(themeKey, "")
		root.Call("removeAttribute", "data-theme")
	} else {
		store(themeKey, string(t))
		root.Call("setAttribute", "data-theme", string(t))
	}
	change(func() bool { known.prefs.Theme = t; return true })
}

// SetShortcuts switches the single-key shortcuts on or off.
func SetShortcuts(on bool) {
	store(shortcutsKey, word(on))
	change(func() bool { known.prefs.NoShortcuts = !on; return true })
}

// word is what is stored of a switch that is on unless someone said otherwise.
func word(on bool) string {
	if on {
		return ""
	}
	return off
}

// store puts a word into localStorage, or drops it. A browser that refuses storage
// refuses the property itself, and forgets the choice with the tab.
func store(key, value string) {
	defer func() { _ = recover() }()
	storage := app.Window().Get("localStorage")
	if value == "" {
		storage.Call("removeItem", key)
		return
	}
	storage.Call("setItem", key, value)
}

// stored reads a word from localStorage, "" where there is none.
func stored(key string) (value string) {
	defer func() { _ = recover() }()
	if v := app.Window().Get("localStorage").Call("getItem", key); v.Truthy() {
		return v.String()
	}
	return ""
}
