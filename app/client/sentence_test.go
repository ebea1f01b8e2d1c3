package client_test

import (
	"errors"
	"testing"

	"keystead/app/client"
	"keystead/shared/fault"
)

func TestSentence(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&fault.Error{Code: fault.TooManyTries}, "Too many tries. Wait a moment and try again."},
		{&fault.Error{Code: fault.TooManyTries, RetryAfter: 1}, "Too many tries. Try again in a second."},
		{&fault.Error{Code: fault.TooManyTries, RetryAfter: 30}, "Too many tries. Try again in 30 seconds."},
		{&fault.Error{Code: fault.TooManyTries, RetryAfter: 121}, "Too many tries. Try again in 3 minutes."},
		{&fault.Error{Code: fault.LifetimeTooLong, Detail: "At most 90 days here."}, "At most 90 days here."},
		{&fault.Error{Code: fault.NameTaken, Detail: "Another organization has this short name."}, "Another organization has this short name."},
		{&fault.Error{Code: "from_the_future"}, "The server refused this and did not say why."},
		{errors.New("runtime error"), "Something went wrong in the console. Reload the page and try again."},
	} {
		if got := client.Sentence(c.err); got != c.want {
			t.Errorf("%v: got %q, want %q", c.err, got, c.want)
		}
	}
}
