package testkit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"keystead/shared/api"
	"keystead/shared/fault"
)

// SharedSecret is the shared secret of an organization, made where there is none.
func (k *Kit) SharedSecret(org api.OrgID) api.Secret {
	k.T.Helper()
	shown, err := k.Secrets.Reveal(context.Background(), everyone(), org, api.SharedSecret, api.Reveal{})
	if fault.Is(err, fault.NotFound) {
		added, err := k.Secrets.Add(context.Background(), everyone(), org)
		k.Must(err)
		return added.Value
	}
	k.Must(err)
	return shown.Value
}

// RotateSharedSecret gives the shared secret a new value, the old one good for the
// overlap in seconds.
func (k *Kit) RotateSharedSecret(org api.OrgID, overlap int64) {
	k.T.Helper()
	_, err := k.Secrets.Rotate(context.Background(), everyone(), org, api.SharedSecret, api.Rotate{OverlapSeconds: overlap})
	k.Must(err)
}

// RequestHeader is the header of a token request.
const RequestHeader = `{"alg":"HS256","typ":"JWT"}`

// Sign makes a JWT of header and claims as they are (HS256), without our own code.
func Sign(secret api.Secret, header, claims string) string {
	b64 := base64.RawURLEncoding
	signed := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(claims))
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write([]byte(signed))
	return signed + "." + b64.EncodeToString(mac.Sum(nil))
}

// TokenRequest is a request for tokens with a key of that name, each with a jti of its own.
func (k *Kit) TokenRequest(org api.OrgID, name string, key Credential) string {
	k.T.Helper()
	var short string
	k.Must(k.DB.Read(context.Background()).Get(&short, "SELECT short_name FROM organizations WHERE id = ?", org))
	k.mu.Lock()
	k.requests++
	jti := k.requests
	k.mu.Unlock()
	return Sign(k.SharedSecret(org), RequestHeader, fmt.Sprintf(`{"iat":%d,"jti":"%d","appname":%q,"appkey":%q,"shortname":%q}`,
		k.clock().Unix(), jti, name, Value(key), short))
}

// Value is what stands behind "Bearer".
func Value(bearer Credential) string { return strings.TrimPrefix(bearer[0], "Authorization: Bearer ") }

// Token exchanges a key of that name for an access token, and a refresh token beside it.
func (k *Kit) Token(org api.OrgID, name string, key Credential) (access Credential, refresh string) {
	k.T.Helper()
	got := k.Send(nil, "POST /api/v1/auth/token", `{"jwt":"`+k.TokenRequest(org, name, key)+`"}`)
	said := Read[struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
	}](k, got, 200)
	return Bearer(api.Hide(said.Access)), said.Refresh
}

// Refresh sends a refresh token.
func (k *Kit) Refresh(token string) Answer {
	k.T.Helper()
	return k.Send(Credential{FormType}, "POST /api/auth/bearer/refresh", "refresh_token="+token)
}
