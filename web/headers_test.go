package web_test

import (
	"strings"
	"testing"

	"keystead/web"
)

func TestP53P54Headers(t *testing.T) {
	want := map[string]string{
		"Content-Security-Policy":      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types console",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Embedder-Policy": "require-corp",
		"Cross-Origin-Resource-Policy": "same-origin",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Origin-Agent-Cluster":         "?1",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-read=(), clipboard-write=(self)",
	}
	for _, https := range []bool{false, true} {
		got := map[string]string{}
		for _, header := range web.Headers(https) {
			got[header[0]] = header[1]
		}
		for name, value := range want {
			if got[name] != value {
				t.Errorf("https %v: %s is %q, want %q", https, name, got[name], value)
			}
		}
		if sts := got["Strict-Transport-Security"]; strings.HasPrefix(sts, "max-age=") != https {
			t.Errorf("https %v: Strict-Transport-Security is %q", https, sts)
		}
	}
	if first := web.LightHeaders()[0]; first != [2]string{"Referrer-Policy", "same-origin"} {
		t.Errorf("light pages send %q", first)
	}
}
