// Package web holds the front end that the server carries: the page and the
// scripts that start the console, the light pages, the headers that guard them,
// and in dist what the packer (build/pack) made of them and of the WASM.
//
// The pages hold no inline script, style or handler, and no script makes markup
// from strings: the policy in headers.go forbids it and the console depends on
// that policy. Nothing in dist is in git; a fresh clone builds without it and
// [Open] then answers [ErrNotBuilt].
package web
