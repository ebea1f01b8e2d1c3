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
// go-app compares by place, not by key: what comes and goes among siblings shifts
// the rest, rebuilds it and loses its focus. Keep slots, and hide them.
//
// After OnMount go-app draws the component again, and all above it: with a row of small
// parts every row would be drawn twice. A part that only told the browser something
// prevents that.
//
// Words of the parts: Label is what it is called, Off why it can't be used ("" when
// it can), Busy and Pending that the server is asked, ID what other parts refer to.
//
//	El                      any element, its attributes in pairs
//	Button, IconButton      an act; deaf and explained while Off, Shortcut presses it
//	Field, Select, Choices, Check   inputs; Value is the truth, OnInput and OnChange store
//	Switch                  on or off; moves at once, shows what is true when Pending ends
//	Menu, Item              a button and its list of acts, in the top layer
//	Dialog                  modal; Open is the truth, OnCancel may refuse, ReturnTo takes the focus
//	Table, Column, State    the four faces of a list, sorting, selecting, cards on a phone
//	Row, TitleCell, TitleLink, TitleAct, Cell, EndCell, SelectCell, Selection   what a row component renders
//	Pager, Pages            numbered pages and their arithmetic
//	Secret, HideAll         a value shown for ten seconds, or copied without being drawn
//	Copy, Outcome, CopyButton   the copy ladder, and a button for what is no secret
//	Save                    a file for the browser to keep
//	When, Moment, Distance  a time in the browser's zone
//	Today                   the day for a date field, in the browser's zone
//	Count, Capital          a number and a word as people write them
//	Badge, Avatar, Kbd, Skeleton, Icon.Draw   small things
//	PageHead, Notice, Banner, Empty           what a page says
//	Toasts, Toast, Message  one message at a time, with its Undo
//	Tips                    says data-tip on hover and focus, of any element
//	Shortcuts, Hint         single keys and their help
//	Announcer, Announce, PageShown, FocusID   what is read out, where the focus goes
//	Listeners               events and ticks outside the tree, released together
//	Rescue, Safe, OnPanic   a panic becomes a toast and not a corpse
//
// Toasts, Tips, Shortcuts and Announcer stand in the shell, once.
package ui
