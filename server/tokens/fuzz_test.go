package tokens_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"keystead/server/testkit"
	"keystead/server/tokens"
	"keystead/shared/api"
)

// oracle is another verifier, with nothing of ours and of no JWT library: whether the
// secret signed the token with HS256, and what the five claims are then.
func oracle(secret, token string) (claims map[string]json.RawMessage, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || strings.ContainsAny(token, "\r\n") {
		return nil, false
	}
	var raw [3][]byte
	for i, part := range parts {
		var err error
		if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return nil, false
		}
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	if !bytes.Equal(mac.Sum(nil), raw[2]) {
		return nil, false
	}
	var header map[string]any
	if json.Unmarshal(raw[0], &header) != nil || header["alg"] != "HS256" {
		return nil, false
	}
	delete(header, "alg")
	delete(header, "typ")
	if len(header) > 0 || json.Unmarshal(raw[1], &claims) != nil {
		return nil, false
	}
	return claims, true
}

// FuzzRequestToken looks for a token that we take and the oracle does not, or that says
// something else to us than to it. Half of the inputs are signed: else no mutation would
// come past the signature.
func FuzzRequestToken(f *testing.F) {
	secret := api.Hide("kss_0123456789abcdefghijklmnopqrstuvwxyzABCDEF_000000")
	good := `{"iat":1795312652,"jti":"22648697","appname":"myapp","appkey":"myappkey","shortname":"acme"}`
	f.Add(testkit.Sign(secret, testkit.RequestHeader, good), false)
	f.Add(testkit.RequestHeader+"\n"+good, true)
	for _, token := range hostile(f, secret, func(change map[string]string) string {
		for name, value := range change {
			return strings.Replace(good, "{", fmt.Sprintf("{%q:%s,", name, value), 1)
		}
		return good
	}) {
		f.Add(token, false)
		if parts := strings.Split(token, "."); len(parts) == 3 {
			header, _ := base64.RawURLEncoding.DecodeString(parts[0])
			payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
			f.Add(string(header)+"\n"+string(payload), true)
		}
	}
	f.Fuzz(func(t *testing.T, token string, sign bool) {
		if sign {
			header, payload, _ := strings.Cut(token, "\n")
			token = testkit.Sign(secret, header, payload)
		}
		r, ok := tokens.ReadRequest(token)
		if ok = ok && r.SignedWith(secret); !ok {
			return
		}
		claims, agreed := oracle(secret.Reveal(), token)
		if !agreed {
			t.Fatalf("taken, and the oracle refuses it: %q", token)
		}
		said := func(name string) (text string) { _ = json.Unmarshal(claims[name], &text); return text }
		var iat int64
		if err := json.Unmarshal(claims["iat"], &iat); err != nil || iat != r.IssuedAt || said("appname") != r.AppName ||
			said("shortname") != r.ShortName || said("appkey") != r.AppKey.Reveal() || string(claims["jti"]) != r.ID {
			t.Fatalf("it says something else to the oracle: %q", token)
		}
		if r.Timely(time.Unix(iat+301, 0)) || r.Timely(time.Unix(iat-301, 0)) {
			t.Fatalf("it is good for longer than five minutes: %q", token)
		}
	})
}
