package sessions

import (
	"net/url"
	"strings"

	"keystead/shared/api"
)

// start is where the console begins.
const start = "/"

// longestPage is how many bytes the address of a page has at most.
const longestPage = 2048

// SafeNext is where to go after sign-in: next, if it is a page of this console, else
// its start. It takes a path of this origin and nothing that a browser might read
// as another origin: browsers drop tabs and newlines, and take a backslash for a
// slash (WHATWG URL, "path or authority state").
func SafeNext(next string) string {
	if !strings.HasPrefix(next, "/") || strings.Contains(next, `\`) {
		return start
	}
	for i := range len(next) {
		if next[i] <= ' ' || next[i] >= 0x7f {
			return start
		}
	}
	u, err := url.ParseRequestURI(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return start
	}
	if dotted(u.Path) || strings.Contains(u.Path, "//") || strings.Contains(u.Path, `\`) || api.ServerOwned(u.Path) {
		return start
	}
	page := u.EscapedPath() // may be three times as long as what was given
	if u.RawQuery != "" {
		page += "?" + u.RawQuery
	}
	if len(page) > longestPage {
		return start
	}
	return page
}

// dotted reports segments that a browser resolves before it asks: "/./" and "/../".
func dotted(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}
