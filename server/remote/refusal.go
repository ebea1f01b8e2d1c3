package remote

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"keystead/shared/api"
	"keystead/shared/fault"
)

// The exit codes beside 0.
const (
	exitFailed   = 1
	exitMisuse   = 2
	exitNotValid = 3
)

// exit is an error that has an exit code of its own. Without words there is nothing
// to say: standard output has said it.
type exit struct {
	words string
	code  int
}

func (e exit) Error() string { return e.words }

// ExitCode is what the process ends with.
func (e exit) ExitCode() int { return e.code }

func misuse(format string, args ...any) error { return exit{fmt.Sprintf(format, args...), exitMisuse} }

// choices are those of the flags that take one of a few.
var choices = map[string][]string{
	"state":      {api.StateEnabled, api.StateDisabled, api.StateExpired},
	"use":        {api.UseNever, api.UseIdle30, api.UseIdle90, api.UseIdle365},
	"role":       {string(api.ReadOnly), string(api.Admin)},
	"permission": permissions(),
}

// oneOf refuses the value of a flag that is none of its choices, and names them. The
// value is not repeated: it may be a key in the wrong place.
func oneOf(flag, value string) error {
	if value == "" || slices.Contains(choices[flag], value) {
		return nil
	}
	return misuse("--%s is one of %s", flag, strings.Join(choices[flag], ", "))
}

// filled refuses flags that came empty. An unset variable of a script must not mean any.
func filled(f *flag.FlagSet) (err error) {
	f.Visit(func(f *flag.Flag) {
		if f.Value.String() == "" {
			err = misuse("--%s is empty: leave it out, or give it a value", f.Name)
		}
	})
	return err
}

// refused is the server's refusal, told as a sentence with its code behind. The member of
// the request that is meant has no name here; the sentence says what it is about.
type refused struct{ fault *fault.Error }

func (r refused) Unwrap() error { return r.fault }

func (r refused) Error() string {
	text := r.fault.Detail
	if r.fault.RetryAfter > 0 {
		text += " Try again in " + strconv.Itoa(r.fault.RetryAfter) + " s."
	}
	return plain(text + " (" + string(r.fault.Code) + ")")
}

// refusal reads the problem document (RFC 9457) of an answer, nil where the server
// agreed. What is none comes from something in between.
func refusal(res *http.Response, text []byte) error {
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		return nil
	}
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		return errors.New("the server sends elsewhere: set KEYSTEAD_URL to the address that it has")
	}
	var body struct {
		Detail string     `json:"detail"`
		Code   fault.Code `json:"code"`
		Field  string     `json:"field"`
	}
	if json.Unmarshal(text, &body) != nil || body.Code == "" {
		return fmt.Errorf("the server answered with status %d", res.StatusCode)
	}
	wait, _ := strconv.Atoi(res.Header.Get("Retry-After"))
	return refused{&fault.Error{Code: body.Code, Detail: body.Detail, Field: body.Field, RetryAfter: wait}}
}
