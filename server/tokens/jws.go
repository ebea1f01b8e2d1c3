package tokens

import (
	"encoding/base64"
	"strings"
)

// maxToken is the longest token that is looked at, in bytes: a request with the longest
// name in the longest spelling fits.
const maxToken = 8 << 10

// jws is a compact serialization (RFC 7515, section 3.1) taken apart.
type jws struct {
	signed    string // header and payload as they came
	header    string // as it came
	payload   []byte
	signature []byte
}

// split takes a token apart. It is not ok where there are not three parts, or one is
// spelled in another way than the only one that base64url has for it: encoding/base64
// would skip line breaks.
func split(token string) (j jws, ok bool) {
	parts := strings.Split(token, ".")
	if len(token) > maxToken || len(parts) != 3 {
		return jws{}, false
	}
	j.signed, j.header = token[:len(parts[0])+1+len(parts[1])], parts[0]
	payload, ok1 := unbase64(parts[1])
	signature, ok2 := unbase64(parts[2])
	j.payload, j.signature = payload, signature
	return j, ok1 && ok2
}

func unbase64(text string) ([]byte, bool) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, false
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return data, err == nil
}
