package tokens

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/golang-jwt/jwt/v5"

	"keystead/server/seal"
	"keystead/shared/api"
)

// signer is one signing key with its name.
type signer struct {
	private ed25519.PrivateKey
	public  ed25519.PublicKey
	kid     string    // its thumbprint (RFC 7638, RFC 8037 appendix A.3)
	header  string    // encoded: the only header of an access token of this key
	until   time.Time // when the last token that it signed has ended; zero: it signs
}

// keyring is the signing keys that are still needed, the newest first.
type keyring struct {
	mu   sync.RWMutex
	keys []signer
}

// put takes keys over, the newest first.
func (r *keyring) put(keys []seal.SigningKey) {
	signers := make([]signer, len(keys))
	for i, key := range keys {
		signers[i] = newSigner(key.Private)
		if i > 0 {
			signers[i].until = keys[i-1].Made.Add(Lifetime)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys = signers
}

// newest is the key that signs.
func (r *keyring) newest() signer {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.keys[0]
}

// good are the keys whose tokens may still be good.
func (r *keyring) good(now time.Time) []signer {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var good []signer
	for _, key := range r.keys {
		if key.until.IsZero() || now.Before(key.until) {
			good = append(good, key)
		}
	}
	return good
}

const accessType = "at+jwt"

func newSigner(private ed25519.PrivateKey) signer {
	s := signer{private: private, public: private.Public().(ed25519.PublicKey)}
	x := base64.RawURLEncoding.EncodeToString(s.public)
	print := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + x + `"}`))
	s.kid = base64.RawURLEncoding.EncodeToString(print[:])
	s.header, _, _ = strings.Cut(s.sign(accessType, struct{}{}).Reveal(), ".")
	return s
}

func (s signer) sign(typ string, claims any) api.Secret {
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, payload{claims: claims})
	token.Header["typ"], token.Header["kid"] = typ, s.kid
	text, err := token.SignedString(s.private)
	if err != nil {
		panic(fmt.Errorf("sign a token: %w", err)) // of the types only, which are ours
	}
	return api.Hide(text)
}

// payload is claims that we write. Package jwt reads none of them.
type payload struct {
	jwt.Claims
	claims any
}

// MarshalJSON writes the claims.
func (p payload) MarshalJSON() ([]byte, error) { return json.Marshal(p.claims) }

func (s signer) verifies(j jws) bool {
	return jwt.SigningMethodEdDSA.Verify(j.signed, j.signature, s.public) == nil
}

// KeySet is the public halves of the keys whose tokens may still be good (RFC 7517).
func (t *Tokens) KeySet() api.KeySet {
	set := api.KeySet{Keys: []api.PublicKey{}}
	for _, s := range t.keyring.good(t.DB.Now()) {
		set.Keys = append(set.Keys, api.PublicKey{
			Type: "OKP", Curve: "Ed25519", Use: "sig", Algorithm: jwt.SigningMethodEdDSA.Alg(), ID: s.kid,
			X: base64.RawURLEncoding.EncodeToString(s.public),
		})
	}
	return set
}
