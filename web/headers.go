package web

// CSP lets the console run and nothing else. 'wasm-unsafe-eval' is what compiling
// WASM needs; Trusted Types leave one policy, console, whose only act is to
// accept the worker's URL (page.js). No hash or nonce: the worker answers pages
// from its cache, where a nonce would be a constant.
const CSP = "default-src 'none'; " +
	"script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; " +
	"require-trusted-types-for 'script'; trusted-types console"

// answerCSP is for what is never drawn: should a browser draw it, nothing in it loads,
// runs, is sent or is framed.
const answerCSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// AnswerHeaders are the security headers of every answer, errors included, in the order
// in which they are set. Strict-Transport-Security is among them only where the public
// origin is https: it binds the whole host, so plain HTTP must not say it.
func AnswerHeaders(https bool) [][2]string {
	headers := [][2]string{
		{"Content-Security-Policy", answerCSP},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
	}
	if https {
		headers = append(headers, [2]string{"Strict-Transport-Security", "max-age=31536000"})
	}
	return headers
}

// PageHeaders are set over those of [AnswerHeaders] by what a browser draws or runs: the
// console's files and the light pages.
//
// A client that has the worker keeps these with its cached page, so the packer
// hashes them into the version: a new policy is a new version.
func PageHeaders() [][2]string {
	return [][2]string{
		{"Content-Security-Policy", CSP},
		{"Cross-Origin-Embedder-Policy", "require-corp"},
		{"X-Frame-Options", "DENY"},
		{"Origin-Agent-Cluster", "?1"},
		{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), " +
			"clipboard-read=(), clipboard-write=(self)"},
	}
}

// LightHeaders are set by the light pages over those of [PageHeaders]. Under
// no-referrer a browser sends "Origin: null" with a form, which no origin check
// can accept; same-origin keeps the origin and still tells other sites nothing.
func LightHeaders() [][2]string {
	return [][2]string{
		{"Referrer-Policy", "same-origin"},
		{"Cache-Control", "no-store"},
	}
}
