package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Icon names a drawing of icon.go.
type Icon string

const (
	IconBrand    Icon = "brand"
	IconKey      Icon = "key"
	IconVault    Icon = "vault"
	IconUsers    Icon = "users"
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
	IconUser     Icon = "user"
)

// Draw returns the icon as SVG, hidden from assistive technology: the word stands beside it.
func (i Icon) Draw() app.UI { return app.Elem("svg") }
