// Package rest is what every route has in common: find out who asks, check that
// they may enter, decode strictly, call, encode, and turn faults into answers
// (RFC 9457). It is the only package besides the features' http.go and the router
// that knows Fiber, and the only one that unwraps an [api.Secret], into the
// answers that may hold one.
//
// A feature lists its routes as data:
//
//	{Method: rest.Post, Path: "/v1/api-keys/:id/reveal", Guard: rest.Keepers.Elevated(), Do: rest.Do(k.reveal), Summary: "Show a key's value"}
package rest
