// Package session knows who is signed in, in which organization the page stands,
// what they may do there, whether the server is reached, and what was kept of its
// lists for offline use.
//
// [Open] runs before the console draws its first page, so a page never sees a
// half-known person: it reads [Now] in OnNav and follows changes by [Observe]. The
// organization is the one in the address (?org=<short name>), so that a link opens
// what it showed.
//
// Nothing here is a secret: the session itself is a cookie that no script reads.
package session
