package sessions

import (
	"crypto/rand"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"keystead/shared/api"
)

// deviceLifetime is how long a browser is known.
const deviceLifetime = 180 * 24 * time.Hour

// device is a browser in which a person signed in before. Its cookie is no
// credential: it only lets the person's tries be counted apart from strangers'.
type device struct{ user, id string }

func (d device) known() bool { return d.id != "" }

func (d device) name() string {
	if !d.known() {
		return ""
	}
	return d.user + " " + d.id
}

// deviceOf reads a device cookie: one of another person is none.
func (s *Sessions) deviceOf(token, user string) device {
	c, ok := s.device.read(token)
	if !ok || user == "" || c.Subject != user || c.Device == "" {
		return device{}
	}
	return device{user: user, id: c.Device}
}

func (s *Sessions) newDevice(user string) api.Secret {
	now := s.DB.Now()
	return s.device.sign(claims{
		Device: rand.Text(),
		RegisteredClaims: jwt.RegisteredClaims{
			Subject: user, IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(deviceLifetime)),
		},
	})
}
