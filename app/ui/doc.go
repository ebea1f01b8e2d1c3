// Package ui holds the parts every page is made of. A part knows go-app and the
// browser, and no word of ours: it never hears of keys or organizations, never
// calls the server, never decides what a page means.
//
// Parts with handlers are components, never bare elements: go-app compares
// handlers by code pointer, so a closure made in a loop would go on acting on the
// row that once stood there. A part hands the browser a method and reads its
// exported OnX when the event comes; pages may write closures freely.
//
// A Context handed to OnX is bound to the part. Work that outlives it (the
// dialog closes, the row is deleted) must use the page's own Context, or its
// Dispatch is dropped without a word.
//
// Parts, in the order of a page:
//
//	Button, IconButton   label, Kind, Icon, Busy, Off (reason why not), Shortcut
//	Field                text, password, search, date …: controlled by Value and OnInput
//	Area, Select, Choices, Check   the other inputs, controlled alike
//	Switch               role=switch; Pending while the server is asked, reverts by itself
//	Menu, Item           a button and its menu, in the top layer
//	Dialog               native modal; Open is the truth, OnCancel may refuse
//	Table, Column, Row, Cell, TitleCell, EndCell, SelectCell, Selection
//	Pager, Pages         numbered pages and their arithmetic
//	Secret, HideAll      a value shown for ten seconds, copied without being drawn
//	CopyButton           copies a text that is no secret
//	Copy, Outcome        the copy ladder itself
//	When, Moment         a time in the browser's zone
//	Badge, Notice, Banner, Empty, Skeleton, Avatar, Icon, Kbd
//	Toasts, Toast        one message at a time, with its Undo
//	Tips                 what data-tip says on hover and focus
//	Shortcuts            the global keys and their help
//	Announcer, Announce, PageShown, FocusID   what a screen reader hears, where the focus goes
//	Listeners, Every     events and ticks outside the tree, released together
//	Rescue, Safe, OnPanic   a panic becomes a toast, not a corpse
package ui
