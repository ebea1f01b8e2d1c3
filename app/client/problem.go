package client

import (
	"encoding/json"
	"strconv"

	"keystead/shared/fault"
)

// problem rebuilds the server's fault from its answer (RFC 9457), or is nil where
// the server agreed. What is no problem+json comes from something in between: a
// proxy, or a server that is just starting.
func problem(a Answer) *fault.Error {
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	var body struct {
		Detail string     `json:"detail"`
		Code   fault.Code `json:"code"`
		Field  string     `json:"field"`
	}
	wait, _ := strconv.Atoi(a.RetryAfter)
	if !a.Problem || json.Unmarshal(a.Body, &body) != nil || body.Code == "" {
		return &fault.Error{Code: byStatus(a.Status), Detail: "The server answered with status " + strconv.Itoa(a.Status) + ".", RetryAfter: wait}
	}
	return &fault.Error{Code: body.Code, Detail: body.Detail, Field: body.Field, RetryAfter: wait}
}

func byStatus(status int) fault.Code {
	switch status {
	case 401:
		return fault.NotSignedIn
	case 404:
		return fault.NotFound
	case 413:
		return fault.TooLarge
	case 429:
		return fault.TooManyTries
	case 502, 503:
		return fault.NotReady
	case 504:
		return fault.Timeout
	default:
		return fault.Internal
	}
}
