// Package fault is the one error that crosses the wire: made where a rule lives,
// turned into a status in one table of the server (RFC 9457), rebuilt as the same
// type in the console.
package fault

import (
	"errors"
	"fmt"
)

// Code is a stable snake_case name of what went wrong.
type Code string

// The codes. Each has its status in package rest.
const (
	BadRequest         Code = "bad_request"
	SeveralCredentials Code = "several_credentials"
	OrgRequired        Code = "organization_required"
	NotSignedIn        Code = "not_signed_in"
	BadCredentials     Code = "bad_credentials"
	SessionIdle        Code = "session_idle"
	PermissionRequired Code = "permission_required"
	ElevationRequired  Code = "elevation_required"
	KeyTooWeak         Code = "key_too_weak"
	CrossSite          Code = "cross_site"
	RevealNever        Code = "reveal_never"
	LastAdministrator  Code = "last_administrator"
	NotFound           Code = "not_found"
	NameTaken          Code = "name_taken"
	KeyLimitReached    Code = "key_limit_reached"
	SeveralNamed       Code = "several_named"
	SecretExists       Code = "shared_secret_exists"
	SetUpDone          Code = "set_up_done"
	SetUpNeeded        Code = "set_up_needed"
	ValueErased        Code = "value_erased"
	LinkUsed           Code = "link_used"
	RoleInUse          Code = "role_in_use"
	RoleBuiltIn        Code = "role_built_in"
	BackupOff          Code = "backup_off"
	InvalidValue       Code = "invalid_value"
	ExpiresInPast      Code = "expires_in_past"
	LifetimeTooLong    Code = "lifetime_too_long"
	MethodNotAllowed   Code = "method_not_allowed"
	TooLarge           Code = "too_large"
	WrongType          Code = "unsupported_media_type"
	TooManyTries       Code = "too_many_tries"
	HeaderTooLarge     Code = "header_too_large"
	ReadOnlyStorage    Code = "storage_unavailable"
	NotReady           Code = "not_ready"
	Timeout            Code = "timeout"
	Internal           Code = "internal"
	Offline            Code = "offline" // made by the console only: the server was not reached
)

// Error is a refusal that the person or program who asked can act on. It never
// holds a secret, a table name or a cause that is ours.
type Error struct {
	Code       Code
	Detail     string // one sentence
	Field      string // the member of the request that is meant, if one is
	RetryAfter int    // seconds to wait before the next try, if that helps
}

// Error is the sentence with its code.
func (e *Error) Error() string {
	if e.Field != "" {
		return fmt.Sprintf("%s (%s): %s", e.Code, e.Field, e.Detail)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Detail)
}

// New is a fault with a sentence made by [fmt.Sprintf].
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// At is a fault about one member of the request.
func At(field string, code Code, format string, args ...any) *Error {
	return &Error{Code: code, Field: field, Detail: fmt.Sprintf(format, args...)}
}

// Missing is the fault of everything that does not exist, or that the caller may
// not know of: the same words for both.
func Missing() *Error { return New(NotFound, "There is nothing here by that name.") }

// From finds the fault in err's chain.
func From(err error) (*Error, bool) {
	if err == nil {
		return nil, false
	}
	var fault *Error
	ok := errors.As(err, &fault)
	return fault, ok
}

// Is reports whether err is, or wraps, a fault of that code.
func Is(err error, code Code) bool {
	fault, ok := From(err)
	return ok && fault.Code == code
}
