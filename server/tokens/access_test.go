package tokens_test

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"keystead/server/audit"
	"keystead/server/config"
	"keystead/server/testkit"
	"keystead/shared/api"
)

// keySet reads the keys at the door, by their names.
func keySet(k *testkit.Kit) map[string]ed25519.PublicKey {
	k.T.Helper()
	keys := map[string]ed25519.PublicKey{}
	for _, key := range testkit.Read[api.KeySet](k, k.Send(nil, "GET /.well-known/jwks.json", ""), 200).Keys {
		if key.Type != "OKP" || key.Curve != "Ed25519" || key.Use != "sig" || key.Algorithm != "EdDSA" {
			k.T.Errorf("%+v", key)
		}
		x, err := b64.DecodeString(key.X)
		k.Must(err)
		keys[key.ID] = x
	}
	return keys
}

// part is the header or the payload of a token.
func part(t testing.TB, token string, i int) (members map[string]any) {
	t.Helper()
	if err := json.Unmarshal(must(b64.DecodeString(strings.Split(token, ".")[i])), &members); err != nil {
		t.Fatal(err)
	}
	return members
}

// TestTheKeySetProvesWhereATokenComesFrom to whoever has a JWT library.
func TestTheKeySetProvesWhereATokenComesFrom(t *testing.T) {
	s := newStage(t)
	access, _ := s.good()
	token := testkit.Value(access)
	keys := keySet(s.Kit)
	parsed, err := jwt.NewParser(
		jwt.WithValidMethods([]string{"EdDSA"}), jwt.WithIssuer("urn:uuid:"+s.account()), jwt.WithAudience("urn:uuid:"+s.account()),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.DB.Now),
	).Parse(token, func(token *jwt.Token) (any, error) { return keys[token.Header["kid"].(string)], nil })
	if err != nil {
		t.Fatal(err)
	}
	if header := part(t, token, 0); header["typ"] != "at+jwt" || header["alg"] != "EdDSA" || len(header) != 3 {
		t.Errorf("header %v", header)
	}
	now := float64(s.DB.Now().Unix())
	claims := map[string]any(parsed.Claims.(jwt.MapClaims))
	want := map[string]any{
		"iss": "urn:uuid:" + s.account(), "aud": "urn:uuid:" + s.account(), "sub": s.As(s.Member).User.UUID, "client_id": strconv.FormatInt(int64(s.id), 10),
		"org": float64(s.X), "sv": 1.0, "iat": now, "exp": now + 86400, "jti": claims["jti"], "sid": claims["sid"],
	}
	if !maps.Equal(claims, want) {
		t.Errorf("claims %v", claims)
	}
}

// TestTheIssuerIsThePublicURL where there is one.
func TestTheIssuerIsThePublicURL(t *testing.T) {
	k := testkit.NewCast(testkit.New(t, func(c *config.Config) { c.PublicURL = "https://keys.northwind.example/" }))
	_, key := k.Key(k.Member, k.X, api.Admin, "a")
	token, _ := k.Token(k.X, "a", key)
	if claims := part(t, testkit.Value(token), 1); claims["iss"] != "https://keys.northwind.example" || claims["aud"] != claims["iss"] {
		t.Errorf("%v", claims)
	}
	if got := k.Send(token, "GET /v1/me", ""); got.Status != 200 {
		t.Errorf("%d", got.Status)
	}
	// Under another URL it is another issuer, whose tokens these are not.
	k.Reopen(func(c *config.Config) { c.PublicURL = "https://elsewhere.example" })
	if got := k.Send(token, "GET /v1/me", ""); got.Status != 401 {
		t.Errorf("a token of the URL before: %d", got.Status)
	}
}

// forger signs access tokens with the installation's own key, as nobody else can: what
// is refused then is refused for what it says.
type forger struct {
	header  map[string]any
	claims  map[string]any
	private ed25519.PrivateKey
}

func (s *stage) forger() forger {
	s.T.Helper()
	access, _ := s.good()
	keys, err := s.Seal.SigningKeys(s.DB.Read(context.Background()), s.DB.Now())
	s.Must(err)
	return forger{part(s.T, testkit.Value(access), 0), part(s.T, testkit.Value(access), 1), keys[0].Private}
}

func (f forger) sign(header, claims map[string]any) testkit.Credential {
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims(claims))
	token.Header = header
	return testkit.Bearer(api.Hide(must(token.SignedString(f.private))))
}

// with is the members with one changed; nil takes it away.
func with(members map[string]any, name string, value any) map[string]any {
	members = maps.Clone(members)
	if members[name] = value; value == nil {
		delete(members, name)
	}
	return members
}

// TestP28AnAccessTokenIsExact: every claim, its type and its value.
func TestP28AnAccessTokenIsExact(t *testing.T) {
	s := newStage(t)
	f := s.forger()
	if got := s.status(f.sign(f.header, f.claims)); got != 200 {
		t.Fatalf("the forger's own: %d", got)
	}
	iss := f.claims["iss"].(string)
	for name, values := range map[string][]any{
		"iss": {nil, "", "https://elsewhere.example", iss + "/", strings.ToUpper(iss), iss[:len(iss)-1], []string{iss}, 1},
		"aud": {nil, "", "https://elsewhere.example", iss + "/", strings.ToUpper(iss), iss[:len(iss)-1], []string{iss}, []string{iss, "x"}, 1},
		"sub": {nil, "", s.As(s.Admin).User.UUID, 1}, "client_id": {nil, "", "password", "99", fmt.Sprintf("%d ", s.id), int64(s.id)},
		"org": {nil, int64(s.Y), 0, -1, fmt.Sprint(s.X), 1.5}, "sv": {nil, 0, 2, -1, "1"}, "sid": {nil, "", "00000000-0000-0000-0000-000000000000"},
		"iat": {nil, 0, -1, "1", 1.5, 1e30}, "exp": {nil, 0, 1, "9999999999", 1.5, 1e30, s.DB.Now().Unix()}, "jti": {nil, "", 7},
		"admin": {true}, "ISS": {iss}, "scope": {"users:manage"},
	} {
		for _, value := range values {
			if got := s.status(f.sign(f.header, with(f.claims, name, value))); got != 401 {
				t.Errorf("claim %s %v: %d", name, value, got)
			}
		}
	}
	for name, values := range map[string][]any{
		"typ": {nil, "JWT", "AT+JWT", "application/at+jwt", "ks-refresh+jwt"}, "kid": {nil, "x", "../key"}, "alg": {"none", "HS256", "Ed25519", "eddsa"},
		"crit": {[]string{}}, "jwk": {map[string]string{}}, "cty": {"JWT"}, "b64": {true},
	} {
		for _, value := range values {
			if got := s.status(f.sign(with(f.header, name, value), f.claims)); got != 401 {
				t.Errorf("header %s %v: %d", name, value, got)
			}
		}
	}
	// The public key as an HMAC secret: RFC 8725, section 2.1.
	for kid, public := range keySet(s.Kit) {
		signed := b64.EncodeToString([]byte(`{"alg":"HS256","kid":"`+kid+`","typ":"at+jwt"}`)) + "." + b64.EncodeToString(must(json.Marshal(f.claims)))
		mac := hmac.New(sha256.New, public)
		mac.Write([]byte(signed))
		if got := s.status(testkit.Bearer(api.Hide(signed + "." + b64.EncodeToString(mac.Sum(nil))))); got != 401 {
			t.Errorf("signed with the public key: %d", got)
		}
	}
	end := time.Unix(int64(f.claims["exp"].(float64)), 0)
	last := f.sign(f.header, f.claims)
	s.Pass(end.Sub(s.DB.Now()) - time.Second)
	if got := s.status(last); got != 200 {
		t.Errorf("in its last second: %d", got)
	}
	s.Pass(time.Second)
	if got := s.status(last); got != 401 {
		t.Errorf("at its end: %d", got)
	}
}

// TestTheSigningKeyRotates: tokens of the older key are good to their end, and its public
// half is told until then.
func TestTheSigningKeyRotates(t *testing.T) {
	s := newStage(t)
	old, _ := s.good()
	s.Pass(time.Hour)
	kid, err := s.Tokens.RotateKey(t.Context(), audit.Console())
	s.Must(err)
	fresh, _ := s.good()
	if got := part(t, testkit.Value(fresh), 0)["kid"]; got != kid || part(t, testkit.Value(old), 0)["kid"] == kid {
		t.Errorf("the new one signs with %v", got)
	}
	if keys := keySet(s.Kit); len(keys) != 2 || s.status(old) != 200 || s.status(fresh) != 200 {
		t.Errorf("%d keys, %d %d", len(keys), s.status(old), s.status(fresh))
	}
	if n := s.Number("SELECT count(*) FROM audit WHERE act = 'signing_key.rotate' AND target_name = ?", kid); n != 1 {
		t.Errorf("audited %d times", n)
	}
	s.Pass(23*time.Hour - time.Second)
	if len(keySet(s.Kit)) != 2 {
		t.Error("the older key is gone before the last token that it signed")
	}
	s.Pass(time.Hour + time.Second)
	if keys := keySet(s.Kit); len(keys) != 1 || keys[kid] == nil {
		t.Errorf("%d keys remain", len(keys))
	}
}

// TestTheSigningKeyStaysOverARestart and lies sealed.
func TestTheSigningKeyStaysOverARestart(t *testing.T) {
	s := newStage(t)
	access, _ := s.good()
	before := keySet(s.Kit)
	f := s.forger()
	var sealed []byte
	s.Must(s.DB.Read(t.Context()).Get(&sealed, "SELECT sealed FROM keyset WHERE purpose = 'token'"))
	if strings.Contains(string(sealed), string(f.private.Seed())) {
		t.Error("the key lies open")
	}
	s.Reopen(nil)
	if after := keySet(s.Kit); len(after) != 1 || !maps.EqualFunc(before, after, func(a, b ed25519.PublicKey) bool { return a.Equal(b) }) {
		t.Error("there is another key")
	}
	if got := s.status(access); got != 200 {
		t.Errorf("a token from before: %d", got)
	}
}

// TestATokenEndsWithWhatWasExchangedForIt: with the key, with an older value of it, with
// an older shared secret; and the answer says when.
func TestATokenEndsWithWhatWasExchangedForIt(t *testing.T) {
	const hour = time.Hour
	for name, act := range map[string]func(*stage) time.Duration{
		"the key": func(s *stage) time.Duration {
			_, err := s.Keys.Edit(t.Context(), s.As(s.Member), s.id, api.EditKey{ExpiresAt: api.Just(s.DB.Now().Add(2 * hour))})
			s.Must(err)
			return 2 * hour
		},
		"an older value of the key": func(s *stage) time.Duration {
			_, err := s.Keys.Rotate(t.Context(), s.As(s.Member), s.id, api.Rotate{OverlapSeconds: 3 * 3600})
			s.Must(err)
			return 3 * hour
		},
		"nothing before its time": func(s *stage) time.Duration {
			_, err := s.Keys.Edit(t.Context(), s.As(s.Member), s.id, api.EditKey{ExpiresAt: api.Just(s.DB.Now().Add(48 * hour))})
			s.Must(err)
			return 24 * hour
		},
		"an older shared secret": func(s *stage) time.Duration {
			s.RotateSharedSecret(s.X, 4*3600)
			return 4 * hour
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			lasts := act(s)
			said := testkit.Read[map[string]any](s.Kit, s.exchange(testkit.Sign(s.secret, testkit.RequestHeader, s.claims(1, nil))), 200)
			for _, refreshed := range []bool{false, true} {
				access := said["access_token"].(string)
				in, end := said["expires_in"].(float64), time.Unix(int64(part(t, access, 1)["exp"].(float64)), 0)
				if in != lasts.Seconds() || said["refresh_expires_in"] != in || end.Unix() != s.DB.Now().Add(lasts).Unix() || part(t, said["id_token"].(string), 1)["exp"] != part(t, access, 1)["exp"] {
					t.Errorf("refreshed %v: it lasts %v s, and ends at %s; want %s", refreshed, in, end, lasts)
				}
				if !refreshed {
					s.Pass(hour)
					if lasts < 24*hour {
						lasts -= hour
					}
					said = testkit.Read[map[string]any](s.Kit, s.Refresh(said["refresh_token"].(string)), 200)
				}
			}
			s.Pass(lasts)
			if got := s.status(testkit.Bearer(api.Hide(said["access_token"].(string)))); got != 401 {
				t.Errorf("at its end: %d", got)
			}
		})
	}
}
