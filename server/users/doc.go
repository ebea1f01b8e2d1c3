// Package users is who the people are: their names, e-mail addresses, state and
// roles. It also says to each caller who they are and what they may do (me).
//
// Whoever but the user sets a password could then sign in as that user, so this
// ends the user's sessions and erases what could be shown of their keys in the same
// transaction. One active Full Administrator always remains.
package users
