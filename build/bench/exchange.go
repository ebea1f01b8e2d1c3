package main

import (
	"context"
	"path/filepath"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"keystead/shared/api"
)

// requests is how many token requests are signed beforehand: more than a load can spend,
// since each is good once.
const requests = 60_000

// exchange measures token requests being exchanged, each with its commit.
func (t *track) exchange(ctx context.Context, size string) error {
	c := client{server: t.server, key: t.home.key}
	var secret struct{ Value string }
	if err := c.post(ctx, api.PathSecret(t.home.org, api.SharedSecret), nil, &secret); err != nil {
		return err
	}
	var org api.Org
	if err := c.get(ctx, api.PathOrg(t.home.org), &org); err != nil {
		return err
	}
	signed := make([]string, requests)
	for i := range signed {
		claims := jwt.MapClaims{
			"iat": time.Now().Unix(), "jti": strconv.Itoa(i), "appname": "Known", "appkey": t.home.known, "shortname": org.ShortName,
		}
		var err error
		if signed[i], err = jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret.Value)); err != nil {
			return err
		}
	}
	file := filepath.Join(t.bench.folder, "requests")
	if err := writeLines(file, signed); err != nil {
		return err
	}
	return t.measureOnce(ctx, "exchange a token request, "+size, request{url: t.server.url("/api/v1/auth/token"), body: `{"jwt":"@"}`, many: file})
}
