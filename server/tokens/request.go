package tokens

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/golang-jwt/jwt/v5"

	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

// skew is how far iat may be from our clock, either way.
const skew = 5 * time.Minute

// maxJTI bounds a request's own name, in bytes as it is written.
const maxJTI = 255

// Request is a token request as it came. Nothing in it is to be believed before
// [Request.SignedWith] says so, and shortname only names whose secrets to ask.
type Request struct {
	AppName   string
	AppKey    api.Secret
	ShortName string
	IssuedAt  int64  // Unix seconds
	ID        string // jti as it is written in JSON: 7 and "7" are two

	expires, notBefore *int64
	audience           *string
	jws                jws
}

// ReadRequest takes a token request apart. It is not ok unless it is HS256 with nothing
// else in the header but its type (RFC 8725, section 3.1: no other algorithm, no crit,
// no key or name of one that the sender chose), its JSON can be read in one way only,
// and all five claims are there, each of its type.
func ReadRequest(token string) (r Request, ok bool) {
	if r.jws, ok = split(token); !ok || !requestHeader(r.jws.header) {
		return Request{}, false
	}
	c, ok := readClaims(r.jws.payload)
	if !ok {
		return Request{}, false
	}
	appKey := ""
	ok = c.text("appname", &r.AppName) && c.text("appkey", &appKey) && c.text("shortname", &r.ShortName) &&
		c.number("iat", &r.IssuedAt) && c.name("jti", &r.ID) &&
		c.maybe("exp", &r.expires) && c.maybe("nbf", &r.notBefore)
	if _, has := c["aud"]; has {
		r.audience = new(string)
		ok = ok && c.text("aud", r.audience)
	}
	r.AppKey = api.Hide(appKey)
	return r, ok
}

// SignedWith reports whether the request was signed with the secret: the whole string.
func (r Request) SignedWith(secret api.Secret) bool {
	return !secret.Empty() && jwt.SigningMethodHS256.Verify(r.jws.signed, r.jws.signature, []byte(secret.Reveal())) == nil
}

// Timely reports whether the request is meant for now: iat within five minutes, and exp
// and nbf where they are given.
func (r Request) Timely(now time.Time) bool {
	at := now.Unix()
	span := int64(skew / time.Second)
	return r.IssuedAt >= at-span && r.IssuedAt <= at+span &&
		(r.expires == nil || at < *r.expires) && (r.notBefore == nil || at >= *r.notBefore)
}

// For reports whether the request is meant for us: it names nobody (RFC 7519, section
// 4.1.3), or us alone.
func (r Request) For(us string) bool { return r.audience == nil || *r.audience == us }

// wellFormed reports an appkey that can be one.
func (r Request) wellFormed() (publicID string, ok bool) {
	parts, ok := keyfmt.Parse(r.AppKey.Reveal())
	return parts.PublicID, ok && parts.Kind == keyfmt.APIKey
}

// requestHeader reports {"alg":"HS256"}, with {"typ":"JWT"} or without.
func requestHeader(encoded string) bool {
	data, ok := unbase64(encoded)
	if !ok {
		return false
	}
	header := struct {
		Algorithm string         `json:"alg"`
		Type      jsontext.Value `json:"typ"` // null is not absent
	}{Type: jsontext.Value(`"JWT"`)}
	err := json.Unmarshal(data, &header, json.RejectUnknownMembers(true))
	typ := ""
	return err == nil && header.Algorithm == jwt.SigningMethodHS256.Alg() && header.Type.Kind() == '"' &&
		json.Unmarshal(header.Type, &typ) == nil && typ == "JWT"
}

// claims are the members of a payload, by name: none twice, and in their own case.
type claims map[string]jsontext.Value

func readClaims(payload []byte) (c claims, ok bool) {
	err := json.Unmarshal(payload, &c)
	return c, err == nil && c != nil
}

// text reads a text that is not empty.
func (c claims) text(name string, into *string) bool {
	return c[name].Kind() == '"' && json.Unmarshal(c[name], into) == nil && *into != ""
}

// number reads Unix seconds, written as plain digits: neither 1.5 nor 1e9.
func (c claims) number(name string, into *int64) bool {
	n, err := strconv.ParseInt(string(c[name]), 10, 64)
	*into = n
	return err == nil && n >= 0
}

// maybe is number, but for a claim that may be absent.
func (c claims) maybe(name string, into **int64) bool {
	if _, has := c[name]; !has {
		return true
	}
	*into = new(int64)
	return c.number(name, *into)
}

// name reads a text or a number as it is written.
func (c claims) name(name string, into *string) bool {
	value := c[name]
	*into = string(value)
	return (value.Kind() == '"' || value.Kind() == '0') && len(value) <= maxJTI && *into != `""`
}
