package sessions_test

import (
	"net/url"
	"strings"
	"testing"

	"keystead/server/sessions"
	"keystead/shared/api"
)

// After sign-in people go to a page of this console and nowhere else.
func TestP56NoOpenRedirect(t *testing.T) {
	for next, want := range map[string]string{
		"/":                            "/",
		"/settings/secrets-keys":       "/settings/secrets-keys",
		"/settings/x?org=north":        "/settings/x?org=north",
		"/a?page=2&sort=-name&q=a%20b": "/a?page=2&sort=-name&q=a%20b",
		"/caf%C3%A9":                   "/caf%C3%A9",
		"/a?next=https://evil.com":     "/a?next=https://evil.com",
		"/settings-in":                 "/settings-in",
		"/v1x":                         "/v1x",
		"/...":                         "/...",
	} {
		if got := sessions.SafeNext(next); got != want {
			t.Errorf("%q goes to %q, want %q", next, got, want)
		}
	}
	for _, next := range []string{
		"", " ", "evil.com", "//evil.com", "///evil.com", "////evil.com", "/\\evil.com", "\\\\evil.com", "\\/evil.com", "/\\/evil.com",
		"https://evil.com", "http://evil.com", "HTTPS://evil.com", "https:evil.com", "https:/evil.com", "https:///evil.com", "ftp://evil.com",
		"javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "blob:x", "file:///etc/passwd", "mailto:a@b", "about:blank",
		" //evil.com", "\t//evil.com", "\n//evil.com", "/\t/evil.com", "/\n/evil.com", "/\r/evil.com", "/\x00/evil.com", "/\x0b/evil.com",
		"/ /evil.com", "/ evil.com", "\u00a0//evil.com", "/\u00a0/evil.com", "/\u2028/evil.com", "／／evil.com", "/／evil.com", "/\u3000/evil.com", "/é",
		"/%2f/evil.com", "/%2F%2Fevil.com", "/%5cevil.com", "/%5C%5Cevil.com", "/./", "/.//evil.com", "/../evil.com", "/..//evil.com",
		"/a/..//evil.com", "/a/../..//evil.com", "/a//evil.com", "/%2e%2e/evil.com", "/%2e/x", "/a/./b",
		"/%0d%0aSet-Cookie:x=y\r\n", "/a\r\nSet-Cookie: x=y", "/a\nLocation: //evil.com", "@evil.com", "user@evil.com", "//user@evil.com", "/\\user@evil.com",
		"?next=/", "#//evil.com", "..", ".", "./evil", "../evil", "%2f%2fevil.com", "/%", "/%zz", "/%2", "*",
		"/sign-in", "/sign-in?next=/", "/setup", "/v1/session", "/v1", "/api/keys", "/openapi.json", "/healthz", "/sw.js", "/invite",
		"[::1]", "//[::1]", "/" + strings.Repeat("a", 3000), "/" + strings.Repeat("*", 1000) + `"`,
	} {
		if got := sessions.SafeNext(next); got != "/" {
			t.Errorf("%q goes to %q", next, got)
		}
	}
}

func FuzzSafeNext(f *testing.F) {
	for _, seed := range []string{"/", "/a?b=c", "//x", "/\\x", "/%2f", "/a/../b", "/a#b", "/;//x", "/a%00", "https://x"} {
		f.Add(seed)
	}
	base, _ := url.Parse("https://keys.example.com/sign-in")
	f.Fuzz(func(t *testing.T, next string) {
		got := sessions.SafeNext(next)
		if again := sessions.SafeNext(got); again != got {
			t.Errorf("%q goes to %q, and that to %q", next, got, again)
		}
		u, err := base.Parse(got)
		if err != nil || u.Scheme != "https" || u.Host != "keys.example.com" || u.User != nil || !strings.HasPrefix(got, "/") || api.ServerOwned(u.Path) {
			t.Errorf("%q goes to %q: %v, %v", next, got, u, err)
		}
		if strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t \x00") {
			t.Errorf("%q goes to %q", next, got)
		}
	})
}
