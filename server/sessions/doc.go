// Package sessions is how people come in: set-up, sign-in, sessions, elevation and
// passwords, with the throttle before them.
//
// A session is a row of the table sessions. The browser holds a JWT in a cookie
// that names it; the row decides. The session's name changes at every proof of
// identity, and at the next request after its person's rights changed, so that one
// known before is worth nothing after (session fixation).
//
// A password is never stored, logged or sent back; it lives from the decoded
// request to the end of the act. Wrong passwords and unknown people get the same
// answer after the same work.
//
// The light pages are here, too: the same acts with a form in front.
package sessions
