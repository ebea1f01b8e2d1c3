package web_test

import (
	"maps"
	"testing"

	"keystead/web"
)

func TestP53P54Headers(t *testing.T) {
	check := func(what string, got [][2]string, want map[string]string) {
		t.Helper()
		have := map[string]string{}
		for _, header := range got {
			have[header[0]] = header[1]
		}
		if !maps.Equal(have, want) {
			t.Errorf("%s: %v, want %v", what, have, want)
		}
	}
	answer := map[string]string{
		"Content-Security-Policy":      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer",
	}
	check("an answer", web.AnswerHeaders(false), answer)
	answer["Strict-Transport-Security"] = "max-age=31536000"
	check("an answer over https", web.AnswerHeaders(true), answer)
	check("a page", web.PageHeaders(), map[string]string{
		"Content-Security-Policy":      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types console",
		"Cross-Origin-Embedder-Policy": "require-corp",
		"X-Frame-Options":              "DENY",
		"Origin-Agent-Cluster":         "?1",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-read=(), clipboard-write=(self)",
	})
	if first := web.LightHeaders()[0]; first != [2]string{"Referrer-Policy", "same-origin"} {
		t.Errorf("light pages send %q", first)
	}
}
