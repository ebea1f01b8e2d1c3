package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Icon names a drawing: one SVG path in a box of 24 by 24, stroked in the text's colour.
type Icon string

const (
	IconBrand    Icon = "brand"
	IconKey      Icon = "key"
	IconVault    Icon = "vault"
	IconUsers    Icon = "users"
	IconUser     Icon = "user"
	IconRole     Icon = "role"
	IconOrg      Icon = "org"
	IconDevice   Icon = "device"
	IconLog      Icon = "log"
	IconEye      Icon = "eye"
	IconEyeOff   Icon = "eyeoff"
	IconCopy     Icon = "copy"
	IconRotate   Icon = "rotate"
	IconTrash    Icon = "trash"
	IconMore     Icon = "more"
	IconPlus     Icon = "plus"
	IconSearch   Icon = "search"
	IconUp       Icon = "up"
	IconDown     Icon = "down"
	IconSort     Icon = "sort"
	IconLeft     Icon = "left"
	IconRight    Icon = "right"
	IconInfo     Icon = "info"
	IconWarn     Icon = "warn"
	IconShield   Icon = "shield"
	IconMenu     Icon = "menu"
	IconLock     Icon = "lock"
	IconOffline  Icon = "offline"
	IconCheck    Icon = "check"
	IconClose    Icon = "close"
	IconSun      Icon = "sun"
	IconMoon     Icon = "moon"
	IconMonitor  Icon = "monitor"
	IconLogout   Icon = "logout"
	IconEdit     Icon = "edit"
	IconDownload Icon = "download"
	IconFilter   Icon = "filter"
	IconKeyboard Icon = "keyboard"
	IconClock    Icon = "clock"
	IconExternal Icon = "external"
	IconOn       Icon = "on"
	IconOff      Icon = "off"
	IconGlobe    Icon = "globe"
	IconSelect   Icon = "select"
)

// Draw returns the icon, hidden from assistive technology: the word stands beside it.
// It is built element by element because the page's Trusted Types refuse markup in strings.
func (i Icon) Draw() app.UI {
	return svg("svg", "viewBox", "0 0 24 24", "aria-hidden", "true").Body(svg("path", "d", drawings[i]))
}

var drawings = map[Icon]string{
	IconBrand:    "M4 10.5 12 4l8 6.5V20H4zM10 13a2 2 0 1 0 4 0a2 2 0 1 0 -4 0M12 15v3",
	IconKey:      "M4 15a4 4 0 1 0 8 0a4 4 0 1 0 -8 0M11 12l8-8m-3 3 3 3m-6 0 2 2",
	IconVault:    "M5.5 4h13a2 2 0 0 1 2 2v11a2 2 0 0 1 -2 2h-13a2 2 0 0 1 -2 -2v-11a2 2 0 0 1 2 -2zM9 11.5a3 3 0 1 0 6 0a3 3 0 1 0 -6 0M12 8.5v-1m0 8v-1m3-3h1m-8 0h1M6 19v2m12-2v2",
	IconUsers:    "M5.8 8a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0M3 19c.6-3.2 3-5 6-5s5.4 1.8 6 5m1-14a3.2 3.2 0 0 1 0 6.2M18 14.5c1.7.7 2.7 2.2 3 4.5",
	IconUser:     "M8.4 8a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0M5 20c.7-3.8 3.4-5.7 7-5.7s6.3 1.9 7 5.7",
	IconRole:     "M12 3 5 6v5c0 4.5 2.8 8 7 10 4.2-2 7-5.5 7-10V6zM9 11.5l2.2 2.2L15 10",
	IconOrg:      "M4 20V6l7-3v17m0-11 9 3v8M2 20h20M7 9v0m0 4v0m8 1v0m0 3v0",
	IconDevice:   "M4.5 4h15a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1 -1.5 1.5h-15a1.5 1.5 0 0 1 -1.5 -1.5v-9a1.5 1.5 0 0 1 1.5 -1.5zM8 20h8m-4-4v4",
	IconLog:      "M6 3h9l4 4v14H6zM9 11h7m-7 4h7M9 7h3",
	IconEye:      "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM9.2 12a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0 -5.6 0",
	IconEyeOff:   "M4 4l16 16M9.5 9.7A2.8 2.8 0 0 0 12 14.8m-5.5-8A16 16 0 0 0 2.5 12S6 18.5 12 18.5c1.6 0 3-.4 4.3-1.1M10 5.7c.6-.1 1.3-.2 2-.2 6 0 9.5 6.5 9.5 6.5s-.8 1.5-2.3 3",
	IconCopy:     "M10 8h8a2 2 0 0 1 2 2v8a2 2 0 0 1 -2 2h-8a2 2 0 0 1 -2 -2v-8a2 2 0 0 1 2 -2zM16 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2",
	IconRotate:   "M20 11A8 8 0 0 0 6 6.3L4 8.5M4 4v4.5h4.5M4 13a8 8 0 0 0 14 4.7l2-2.2m0 4.5v-4.5h-4.5",
	IconTrash:    "M4 7h16M9.5 7V4.5h5V7M6.5 7l.8 13h9.4l.8-13M10 11v5.5m4-5.5v5.5",
	IconMore:     "M4.4 12a0.6 0.6 0 1 0 1.2 0a0.6 0.6 0 1 0 -1.2 0M11.4 12a0.6 0.6 0 1 0 1.2 0a0.6 0.6 0 1 0 -1.2 0M18.4 12a0.6 0.6 0 1 0 1.2 0a0.6 0.6 0 1 0 -1.2 0",
	IconPlus:     "M12 5v14M5 12h14",
	IconSearch:   "M4.5 11a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0M16 16l4.5 4.5",
	IconUp:       "M6 14l6-6 6 6",
	IconDown:     "M6 10l6 6 6-6",
	IconSort:     "M8 9l4-4 4 4m-8 6 4 4 4-4",
	IconLeft:     "M14 6l-6 6 6 6",
	IconRight:    "M10 6l6 6-6 6",
	IconInfo:     "M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0M12 11v5m0-8.5v.1",
	IconWarn:     "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1",
	IconShield:   "M12 3 5 6v5c0 4.5 2.8 8 7 10 4.2-2 7-5.5 7-10V6z",
	IconMenu:     "M4 7h16M4 12h16M4 17h16",
	IconLock:     "M7 11h10a2 2 0 0 1 2 2v5a2 2 0 0 1 -2 2h-10a2 2 0 0 1 -2 -2v-5a2 2 0 0 1 2 -2zM8 11V8a4 4 0 0 1 8 0v3",
	IconOffline:  "M3 3l18 18M9 6.2A6 6 0 0 1 17.8 10 4.5 4.5 0 0 1 20 17.6M16 18H7a5 5 0 0 1-1-9.9",
	IconCheck:    "M5 12.5l4.5 4.5L19 7",
	IconClose:    "M6 6l12 12M18 6 6 18",
	IconSun:      "M8 12a4 4 0 1 0 8 0a4 4 0 1 0 -8 0M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1",
	IconMoon:     "M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z",
	IconMonitor:  "M4.5 4h15a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1 -1.5 1.5h-15a1.5 1.5 0 0 1 -1.5 -1.5v-9a1.5 1.5 0 0 1 1.5 -1.5zM8 20h8m-4-4v4",
	IconLogout:   "M14 4H6a1.5 1.5 0 0 0-1.5 1.5v13A1.5 1.5 0 0 0 6 20h8M10 12h10M17 8.5l3.5 3.5-3.5 3.5",
	IconEdit:     "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
	IconDownload: "M12 4v11M7.5 11l4.5 4.5L16.5 11M4 20h16",
	IconFilter:   "M3.5 5h17L14 13v6.5l-4-2V13z",
	IconKeyboard: "M4.5 6h15a2 2 0 0 1 2 2v8a2 2 0 0 1 -2 2h-15a2 2 0 0 1 -2 -2v-8a2 2 0 0 1 2 -2zM6.5 10v.1M10 10v.1M14 10v.1M17.5 10v.1M8 14h8",
	IconClock:    "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0M12 7v5l3.2 2",
	IconExternal: "M13 4h7v7M20 4l-9.5 9.5M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5",
	IconOn:       "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0M8.5 12.2l2.5 2.5 4.5-5",
	IconOff:      "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0M6 6l12 12",
	IconGlobe:    "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17",
	IconSelect:   "M6 4h12a2 2 0 0 1 2 2v12a2 2 0 0 1 -2 2h-12a2 2 0 0 1 -2 -2v-12a2 2 0 0 1 2 -2zM8.5 12.2l2.5 2.5 4.5-5",
}
