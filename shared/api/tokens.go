package api

// KeySet is the public keys that access tokens are signed with (RFC 7517).
type KeySet struct {
	Keys []PublicKey `json:"keys"`
}

// PublicKey is an Ed25519 key (RFC 8037).
type PublicKey struct {
	Type      string `json:"kty"`
	Curve     string `json:"crv"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	ID        string `json:"kid"`
	X         string `json:"x"`
}
