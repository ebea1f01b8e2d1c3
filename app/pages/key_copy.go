package pages

import (
	"strings"

	"keystead/shared/api"
)

// copyForm is in which words a value goes to the clipboard.
type copyForm int

const (
	copyValue copyForm = iota
	copyEnv
	copyCurl
)

// envName is the variable that the command line reads a key from.
const envName = "KEYSTEAD_KEY"

// copyText writes a value in that form; base is the address of this installation.
func copyText(form copyForm, value, base string) string {
	switch form {
	case copyEnv:
		return envName + "=" + value
	case copyCurl:
		return `curl -H "Authorization: Bearer ` + value + `" ` + base + api.PathMe
	}
	return value
}

// curlExample is a line to try a key with that holds no secret: it reads the
// value from the environment, so that it stays out of the shell's history.
func curlExample(base string) string {
	return copyText(copyCurl, "$"+envName, base)
}

// baseURL is the address to write into examples: the public one where the
// installation has one, else the one in the address bar.
func baseURL(public, origin string) string {
	if public != "" {
		return strings.TrimRight(public, "/")
	}
	return origin
}
