// Package netography lets programs that were written for the Netography (Vectra Fusion)
// API work against Keystead: it says the acts of keys and tokens in that API's words and
// has no rule of its own.
//
// Their account is our organization, appname a key's name, appkey its value; roles are
// admin and readonly. The organization is that of the caller's key or token. A name
// means the caller's own key, else the only other one they may know of.
//
// What their documents leave open: a key that was never used has last_login 0 and
// last_ip ""; an update without a description empties it, and one without roles leaves
// the role; regenerating with an empty body changes nothing but the value. A token of a
// regenerated key ends with the old value, the caller's own too.
package netography
