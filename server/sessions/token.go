package sessions

import (
	"crypto/hkdf"
	"crypto/sha256"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"keystead/server/seal"
	"keystead/shared/api"
)

// signer makes and reads JWTs of one kind (HS256).
type signer struct {
	typ    string
	key    []byte
	header string // encoded, with its dot: the only header that this kind has
	parser *jwt.Parser
}

// claims are those of our cookies: Subject is the user's UUID, Rights the version of
// what they might do when the session got its name.
type claims struct {
	Session string `json:"sid,omitempty"`
	Rights  string `json:"rights,omitempty"`
	Device  string `json:"device,omitempty"`
	jwt.RegisteredClaims
}

func newSigner(typ string, key []byte, now func() time.Time) signer {
	s := signer{typ: typ, key: key, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(now), jwt.WithStrictDecoding(),
	)}
	s.header, _, _ = strings.Cut(s.sign(claims{}).Reveal(), ".")
	s.header += "."
	return s
}

// deviceKey is another key than that of sessions: no key serves two purposes.
func deviceKey(sealer *seal.Sealer) []byte {
	key, err := hkdf.Expand(sha256.New, sealer.SessionKey(), "keystead device cookie", sha256.Size)
	if err != nil {
		panic(err) // of lengths only, which are constants
	}
	return key
}

func (s signer) sign(c claims) api.Secret {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	token.Header["typ"] = s.typ
	text, err := token.SignedString(s.key)
	if err != nil {
		panic(err) // of the key's type only
	}
	return api.Hide(text)
}

// read is what a token says, if it is one of this kind, ours and not expired. The
// header is compared whole: no other algorithm, type, crit or embedded key
// (RFC 8725 section 3.1) reaches the parser.
func (s signer) read(token string) (c claims, ok bool) {
	if !strings.HasPrefix(token, s.header) {
		return claims{}, false
	}
	_, err := s.parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return s.key, nil })
	return c, err == nil
}
