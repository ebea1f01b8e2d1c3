// Package users is who the people are: their names, e-mail addresses, state and
// roles. It also says to each caller who they are and what they may do (me).
//
// Managing a user takes users:manage and every permission that this user holds, and
// nobody gives a role with what they do not hold there; both are judged by what the
// caller may do inside the transaction. One active Full Administrator always remains.
//
// Whoever but the user sets a password or an e-mail address could then sign in as
// that user, so this ends the user's sessions and erases what could be shown of their
// keys in the same transaction. People come in, and set a new password, by single-use
// links; a link is worth what who made it may still do.
package users
