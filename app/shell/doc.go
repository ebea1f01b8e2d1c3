// Package shell is the frame around every page: navigation, organization switch,
// the person and their menu, banners, and the two dialogs that may come up anywhere
// (confirm who you are; your session is about to end).
//
// A page draws itself as [Frame]("API Keys", …). The frame's parts are components
// that follow package session by themselves, so a page that draws itself again does
// not draw the frame again.
//
// The shell knows pages by their address only, in [sites].
package shell
