// Package tokens is how integrations come in that do not send their key with each
// request: they sign a token request with their organization's API shared secret and
// exchange it for an access token and a refresh token.
//
// A token request (HS256) is good once, for five minutes. Which organization's secrets
// it is checked with says its own shortname; the key in it must be good there. An
// access token (EdDSA, at+jwt as in RFC 9068) is that key bound to that organization:
// whoever judges one asks the evaluator of keys about the key behind it. All tokens of
// one exchange are a family. The family's row decides, not the signature: without it,
// or once the value of the key, the version of the secret or the password that was
// exchanged is no longer good, none of them is.
//
// Refresh tokens change with each use. One that comes back ends its family, since then
// two have it: but for one retry of the latest within ten seconds, which is answered
// with the same successor. Only digests of them are stored.
//
// Every refusal is the same, whatever was wrong: a request says nothing about
// organizations, keys or secrets.
package tokens
