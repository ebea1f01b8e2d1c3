package client

import (
	"fmt"

	"keystead/shared/fault"
)

// Sentence words an error for people. Where the server's own sentence is the best
// there is, it stays; where its code says more to a person, that is worded here.
func Sentence(err error) string {
	f, ok := fault.From(err)
	if !ok {
		return "Something went wrong in the console. Reload the page and try again."
	}
	switch f.Code {
	case fault.TooManyTries:
		return tooMany(f.RetryAfter)
	case fault.BadRequest, fault.MethodNotAllowed, fault.WrongType, fault.SeveralCredentials, fault.CrossSite, fault.HeaderTooLarge:
		return "The server did not understand the console. Reload the page to get its newest version."
	}
	if s, ok := sentences[f.Code]; ok {
		return s
	}
	if f.Detail != "" {
		return f.Detail
	}
	return "The server refused this and did not say why."
}

var sentences = map[fault.Code]string{
	fault.Offline:           "Keystead can’t be reached. Nothing was changed; try again when you are back online.",
	fault.Timeout:           "The server took too long to answer. Look whether it was done before you try again.",
	fault.Internal:          "Something went wrong on the server. Try again; its log says more.",
	fault.NotReady:          "The server is not ready yet. Try again in a moment.",
	fault.ReadOnlyStorage:   "The server can’t write to its storage, so nothing was changed. Verification goes on.",
	fault.NotSignedIn:       "You are signed out. Sign in to go on.",
	fault.SessionIdle:       "You were signed out because nothing happened for a while. Sign in to go on.",
	fault.BadCredentials:    "That password is wrong.",
	fault.ElevationRequired: "Confirm that it’s you to go on.",
	fault.NotFound:          "This is gone, or was never yours to see.",
	fault.ExpiresInPast:     "This time has passed. Choose a later one.",
	fault.RevealNever:       "This organization does not show key values again. Rotate the key to get a new one.",
	fault.ValueErased:       "This value was erased and can’t be shown. The key still works; rotate it to get a new value.",
	fault.SecretExists:      "There is a shared secret already. Rotate it to replace it.",
	fault.TooLarge:          "This is too large to send.",
	Cancelled:               "Nothing was done.",
}

func tooMany(seconds int) string {
	switch {
	case seconds <= 0:
		return "Too many tries. Wait a moment and try again."
	case seconds == 1:
		return "Too many tries. Try again in a second."
	case seconds < 120:
		return fmt.Sprintf("Too many tries. Try again in %d seconds.", seconds)
	default:
		return fmt.Sprintf("Too many tries. Try again in %d minutes.", (seconds+59)/60)
	}
}
