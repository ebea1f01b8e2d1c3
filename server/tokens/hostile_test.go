package tokens_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"hash"
	"strings"
	"testing"

	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

var b64 = base64.RawURLEncoding

// sealed is a token whose signature is made with an HMAC of another hash.
func sealed(h func() hash.Hash, key []byte, header, claims string) string {
	signed := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(claims))
	mac := hmac.New(h, key)
	mac.Write([]byte(signed))
	return signed + "." + b64.EncodeToString(mac.Sum(nil))
}

// signed is a token of an asymmetric algorithm.
func signed(t testing.TB, key crypto.Signer, opts crypto.SignerOpts, header, claims string) string {
	text := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(claims))
	digest := []byte(text)
	if opts.HashFunc() != 0 {
		sum := sha256.Sum256(digest)
		digest = sum[:]
	}
	signature, err := key.Sign(rand.Reader, digest, opts)
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + b64.EncodeToString(signature)
}

// hostile are tokens that must all be refused, by what is wrong with them. claims makes
// those of a good request each time, with some replaced.
func hostile(t testing.TB, secret api.Secret, claims func(map[string]string) string) map[string]string {
	bad := map[string]string{}
	good := claims(nil)
	sign := func(header, payload string) string { return testkit.Sign(secret, header, payload) }
	head := func(name, header string) { bad["header "+name] = sign(header, good) }
	claim := func(name, claim, value string) {
		bad["claim "+name] = sign(testkit.RequestHeader, claims(map[string]string{claim: value}))
	}

	// Algorithms: RFC 8725, sections 2.1, 3.1 and 3.2.
	for _, alg := range []string{"none", "None", "NONE", "nOnE", "hs256", "Hs256", "HS256 ", " HS256", "HS384", "HS512", "HS1", "RS256", "PS256", "ES256", "ES256K", "EdDSA", "Ed25519",
		"dir", "A128KW", "RSA-OAEP", "PBES2-HS256+A128KW", "", "null", "ＨＳ256", "HS256\u0000", "HS256\n", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"} {
		header := fmt.Sprintf(`{"alg":%q,"typ":"JWT"}`, alg)
		head("alg "+alg, header)
		unsigned := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(good)) + "."
		bad["unsigned alg "+alg] = unsigned
	}
	for _, alg := range []string{`null`, `1`, `true`, `["HS256"]`, `{"HS256":1}`} {
		head("alg is "+alg, `{"alg":`+alg+`,"typ":"JWT"}`)
	}
	head("alg absent", `{"typ":"JWT"}`)
	bad["HS384 for real"] = sealed(sha512.New384, []byte(secret.Reveal()), `{"alg":"HS384","typ":"JWT"}`, good)
	bad["HS512 for real"] = sealed(sha512.New, []byte(secret.Reveal()), `{"alg":"HS512","typ":"JWT"}`, good)
	bad["HS384 called HS256"] = sealed(sha512.New384, []byte(secret.Reveal()), testkit.RequestHeader, good)
	bad["HS512 called HS256"] = sealed(sha512.New, []byte(secret.Reveal()), testkit.RequestHeader, good)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range []string{testkit.RequestHeader, `{"alg":"RS256","typ":"JWT"}`, `{"alg":"PS256","typ":"JWT"}`} {
		bad["RSA "+header] = signed(t, rsaKey, crypto.SHA256, header, good)
	}
	for _, header := range []string{testkit.RequestHeader, `{"alg":"ES256","typ":"JWT"}`} {
		bad["ECDSA "+header] = signed(t, ecKey, crypto.SHA256, header, good)
	}
	for _, header := range []string{testkit.RequestHeader, `{"alg":"EdDSA","typ":"JWT"}`, `{"alg":"EdDSA","typ":"at+jwt"}`} {
		bad["Ed25519 "+header] = signed(t, edKey, crypto.Hash(0), header, good)
	}

	// Members of the header that choose a key or change the reading: sections 3.10, 3.11.
	for name, value := range map[string]string{
		"kid": `"1"`, "kid path": `"../../../dev/null"`, "kid SQL": `"x' UNION SELECT 'key'--"`, "kid number": `1`, "kid null": `null`,
		"jku": `"https://evil.example/jwks.json"`, "x5u": `"https://evil.example/cert.pem"`, "x5c": `["MIIB"]`, "x5t": `"AAAA"`, "x5t#S256": `"AAAA"`,
		"jwk": `{"kty":"oct","k":"AAAA"}`, "crit": `["exp"]`, "crit b64": `["b64"]`, "crit empty": `[]`, "crit null": `null`, "b64": `false`, "b64 true": `true`,
		"zip": `"DEF"`, "enc": `"A256GCM"`, "cty": `"JWT"`, "p2c": `1000000000`, "p2s": `"AAAA"`, "epk": `{}`, "apu": `"x"`, "url": `"https://keys.example"`,
		"nonce": `"x"`, "iss": `"x"`, "unknown": `1`, "ALG": `"none"`, "Alg": `"none"`, "Typ": `"JWT"`, "": `1`,
	} {
		member, _, _ := strings.Cut(name, " ")
		head("with "+name, fmt.Sprintf(`{"alg":"HS256","typ":"JWT",%q:%s}`, member, value))
	}
	for name, header := range map[string]string{
		"twice alg": `{"alg":"HS256","alg":"HS256"}`, "twice none": `{"alg":"none","alg":"HS256"}`, "twice typ": `{"alg":"HS256","typ":"JWT","typ":"JWT"}`,
		"escaped twice": `{"alg":"HS256","\u0061lg":"none"}`, "typ at+jwt": `{"alg":"HS256","typ":"at+jwt"}`, "typ session": `{"alg":"HS256","typ":"ks-session+jwt"}`,
		"typ refresh": `{"alg":"HS256","typ":"ks-refresh+jwt"}`, "typ device": `{"alg":"HS256","typ":"ks-device+jwt"}`, "typ JWE": `{"alg":"HS256","typ":"JWE"}`,
		"typ empty": `{"alg":"HS256","typ":""}`, "typ null": `{"alg":"HS256","typ":null}`, "typ number": `{"alg":"HS256","typ":1}`, "typ lower": `{"alg":"HS256","typ":"jwt"}`, "array": `["HS256"]`, "text": `"HS256"`,
		"null": `null`, "empty": ``, "brace": `{`, "behind it": `{"alg":"HS256"} {}`, "comment": `{"alg":"HS256"/**/}`, "comma": `{"alg":"HS256",}`,
		"single quotes": `{'alg':'HS256'}`, "not UTF-8": "{\"alg\":\"HS256\",\"typ\":\"JWT\xff\"}", "BOM": "\ufeff" + testkit.RequestHeader,
		"deep": strings.Repeat("[", 200) + strings.Repeat("]", 200), "long": `{"alg":"HS256","typ":"` + strings.Repeat("J", 9000) + `"}`,
	} {
		head(name, header)
	}

	// Claims.
	for _, name := range []string{"iat", "jti", "appname", "appkey", "shortname"} {
		claim(name+" absent", name, "")
		for _, value := range []string{"null", "true", "[]", "{}", `""`} {
			claim(name+" is "+value, name, value)
		}
	}
	for _, name := range []string{"appname", "appkey", "shortname"} {
		for _, value := range []string{"1", `["myapp"]`, `"\u0000"`, `"nobody's"`, `"../x"`, `"x' OR 1=1--"`, `"%00"`, `"ops-x\u0000"`, `"\ud800"`, `"${jndi:ldap://x}"`} {
			claim(name+" is "+value, name, value)
		}
	}
	for _, value := range []string{`"ops-y"`, `"labs-y"`, `"ops-x "` + "\t1", `"ops_x"`, `"оps-x"`, `"ops-x\u200b"`, `"ops-x/labs-y"`, `"ops-x,labs-y"`, `["ops-x"]`} {
		claim("shortname is "+value, "shortname", value)
	}
	for _, value := range []string{`"1795312652"`, "-1", "0", "1", "1.5", "1e9", "1e400", "-0.0", "9223372036854775807", "9223372036854775808", "99999999999999999999", "NaN", "Infinity", "0x10", "١٢"} {
		claim("iat is "+value, "iat", value)
	}
	for _, value := range []string{"0", "1", "-1", "1.5", `"9999999999"`, "1e400", "1e12", "null", "true", "[9999999999]", "9223372036854775808"} {
		claim("exp is "+value, "exp", value)
	}
	for _, value := range []string{"9999999999", "null", `"0"`, "-1", "1e400"} {
		claim("nbf is "+value, "nbf", value)
	}
	for _, value := range []string{`"https://elsewhere.example"`, `["https://elsewhere.example"]`, "[]", "null", "1", `""`} {
		claim("aud is "+value, "aud", value)
	}
	for _, value := range []string{`[1]`, `{"a":1}`, `false`, `"` + strings.Repeat("7", 300) + `"`, strings.Repeat("7", 300)} {
		claim("jti is "+value, "jti", value)
	}
	for name, kind := range map[string]keyfmt.Kind{"an agent access key": keyfmt.AgentKey, "a shared secret": keyfmt.SharedSecret, "a device token": keyfmt.DeviceToken} {
		value := keyfmt.Parts{Kind: kind, PublicID: strings.Repeat("a", 10), Secret: strings.Repeat("b", 32)}.Value()
		claim("appkey is "+name, "appkey", fmt.Sprintf("%q", value))
	}
	for name, payload := range map[string]string{
		"twice appname": strings.Replace(good, "{", `{"appname":"other",`, 1), "twice iat": strings.Replace(good, "{", `{"iat":1,`, 1),
		"upper case": strings.Replace(good, `"iat"`, `"IAT"`, 1), "mixed case": strings.Replace(good, `"appname"`, `"appName"`, 1),
		"array": "[" + good + "]", "null": "null", "text": `"x"`, "number": "7", "empty": "", "object": "{}", "behind it": good + good, "not closed": good[:len(good)-1],
		"not UTF-8": strings.Replace(good, `"myapp"`, "\"my\xff\xfeapp\"", 1), "BOM": "\ufeff" + good,
	} {
		bad["payload "+name] = sign(testkit.RequestHeader, payload)
	}

	// Spellings of a good token.
	token := sign(testkit.RequestHeader, good)
	parts := strings.Split(token, ".")
	for name, spelled := range map[string]string{
		"nothing": "", "dots": "..", "one part": parts[0], "two parts": parts[0] + "." + parts[1], "four parts": token + "." + parts[2], "five parts": token + "..",
		"no signature": parts[0] + "." + parts[1] + ".", "no header": "." + parts[1] + "." + parts[2], "no payload": parts[0] + ".." + parts[2],
		"padded": token + "=", "padded twice": token + "==", "blank before": " " + token, "blank behind": token + " ", "line break": token + "\n", "line break within": token[:20] + "\r\n" + token[20:],
		"line break in the signature": token[:len(token)-5] + "\n" + token[len(token)-5:], "a NUL": token + "\x00", "quoted": `"` + token + `"`, "Bearer": "Bearer " + token,
		"standard alphabet": strings.NewReplacer("-", "+", "_", "/").Replace(token) + "+/", "cut": token[:len(token)-1], "longer": token + "A", "swapped": parts[1] + "." + parts[0] + "." + parts[2],
		"twice": token + token, "long": token + strings.Repeat("A", 10_000), "JSON serialization": `{"payload":"` + parts[1] + `","signature":"` + parts[2] + `","protected":"` + parts[0] + `"}`,
		"a key": testkit.Sign(api.Hide("x"), testkit.RequestHeader, "{}"), "upper case": strings.ToUpper(token), "percent": strings.ReplaceAll(token, ".", "%2e"), "full width": strings.ReplaceAll(token, ".", "．"),
	} {
		bad["spelled "+name] = spelled
	}
	last := token[len(token)-1]
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	twin := alphabet[strings.IndexByte(alphabet, last)|1] // the last character carries four bits: the other two must be zero
	bad["spelled with bits that say nothing"] = token[:len(token)-1] + string(twin)

	// Secrets.
	for name, key := range map[string]string{
		"empty": "", "NUL": "\x00", "the word": "secret", "cut": secret.Reveal()[:len(secret.Reveal())-1], "with a line break": secret.Reveal() + "\n", "upper case": strings.ToUpper(secret.Reveal()),
		"without prefix": strings.TrimPrefix(secret.Reveal(), "kss_"), "its hash": fmt.Sprintf("%x", sha256.Sum256([]byte(secret.Reveal()))), "decoded": string(must(base64.StdEncoding.DecodeString("c2VjcmV0"))),
	} {
		bad["secret "+name] = testkit.Sign(api.Hide(key), testkit.RequestHeader, good)
	}
	for bit := range 16 { // of the signature
		raw := must(b64.DecodeString(parts[2]))
		raw[bit*2] ^= 1 << (bit % 8)
		bad[fmt.Sprintf("signature with bit %d of byte %d flipped", bit%8, bit*2)] = parts[0] + "." + parts[1] + "." + b64.EncodeToString(raw)
	}
	return bad
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestP24HostileTokensAreRefusedAlike: 300 of them, one answer, and none leaves a trace.
func TestP24HostileTokensAreRefusedAlike(t *testing.T) {
	s := newStage(t)
	n := 0
	bad := hostile(t, s.secret, func(change map[string]string) string { n++; return s.claims(n, change) })
	if len(bad) < 300 {
		t.Errorf("only %d of them", len(bad))
	}
	for name, token := range bad {
		if got := s.Send(nil, "POST /api/v1/auth/token", `{"jwt":`+quote(token)+`}`); got.Status != 401 || got.Body != refusal {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	for _, table := range []string{"token_requests", "token_families", "refresh_tokens"} {
		if rows := s.Number("SELECT count(*) FROM " + table); rows != 0 {
			t.Errorf("%d rows in %s", rows, table)
		}
	}
	for _, header := range []string{testkit.RequestHeader, `{"typ":"JWT","alg":"HS256"}`, `{ "alg" : "HS256" }`} {
		n++
		if got := s.exchange(testkit.Sign(s.secret, header, s.claims(n, nil))); got.Status != 200 {
			t.Errorf("a good one, %s: %d %s", header, got.Status, got.Body)
		}
	}
}

// quote is the token as a JSON text; what is no UTF-8 is left out, JSON can't carry it.
func quote(token string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(token, "") {
		if r < ' ' || r == '"' || r == '\\' {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}
