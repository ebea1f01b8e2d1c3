package tokens_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"keystead/server/audit"
	"keystead/server/config"
	"keystead/server/testkit"
	"keystead/shared/api"
)

// pairStage is the stage with a family of tokens.
type pairStage struct {
	*stage
	access  testkit.Credential
	refresh string
}

func newPair(t *testing.T) *pairStage {
	s := &pairStage{stage: newStage(t)}
	s.access, s.refresh = s.good()
	return s
}

func (s *stage) edit(edit api.EditKey) {
	s.T.Helper()
	_, err := s.Keys.Edit(context.Background(), s.As(s.Member), s.id, edit)
	s.Must(err)
}

func (s *stage) rotateKey(overlap int64) {
	s.T.Helper()
	_, err := s.Keys.Rotate(context.Background(), s.As(s.Member), s.id, api.Rotate{OverlapSeconds: overlap})
	s.Must(err)
}

// form sends a token to a door of OAuth.
func (s *stage) form(as testkit.Credential, path, token string) testkit.Answer {
	s.T.Helper()
	return s.Send(append(testkit.Credential{testkit.FormType}, as...), "POST "+path, "token="+url.QueryEscape(token))
}

func (s *stage) revoke(as testkit.Credential, token string) {
	s.T.Helper()
	if got := s.form(as, api.PathRevoke, token); got.Status != 200 || got.Body != "" {
		s.T.Errorf("revoke: %d %s", got.Status, got.Body)
	}
}

// TestP16WhatEndsATokenEndsItAtOnce: each event, on tokens that were good, and
// remembered, just before.
func TestP16WhatEndsATokenEndsItAtOnce(t *testing.T) {
	ctx := context.Background()
	off, readOnly := false, api.ReadOnly
	const ends, stays = 401, 200
	for name, c := range map[string]struct {
		event func(s *pairStage)
		after int
	}{
		"disable the key": {func(s *pairStage) { s.edit(api.EditKey{Enabled: &off}) }, ends},
		"delete the key":  {func(s *pairStage) { s.Must(s.Keys.Delete(ctx, s.As(s.Member), s.id)) }, ends},
		"the key expires": {func(s *pairStage) {
			s.edit(api.EditKey{ExpiresAt: api.Just(s.DB.Now().Add(time.Minute))})
			s.Pass(time.Minute)
		}, ends},
		"rotate the key":             {func(s *pairStage) { s.rotateKey(0) }, ends},
		"rotate it with an overlap":  {func(s *pairStage) { s.rotateKey(60) }, stays},
		"its overlap ends":           {func(s *pairStage) { s.rotateKey(60); s.Pass(time.Minute) }, ends},
		"rotate it twice in overlap": {func(s *pairStage) { s.rotateKey(60); s.rotateKey(60) }, ends},
		"make the key READONLY":      {func(s *pairStage) { s.edit(api.EditKey{Role: &readOnly}) }, stays}, // and reads
		"disable the user":           {func(s *pairStage) { s.Must(s.Users.Disable(ctx, audit.Console(), "mia@northwind.example")) }, ends},
		"delete the user":            {func(s *pairStage) { s.Must(s.Users.Delete(ctx, s.As(s.Admin), s.Member)) }, ends},
		"leave the organization":     {func(s *pairStage) { s.Exec("DELETE FROM memberships WHERE user_id = ?", s.Member) }, ends},
		"rotate the shared secret":   {func(s *pairStage) { s.RotateSharedSecret(s.X, 0) }, ends},
		"rotate it with overlap":     {func(s *pairStage) { s.RotateSharedSecret(s.X, 60) }, stays},
		"the secret's overlap ends":  {func(s *pairStage) { s.RotateSharedSecret(s.X, 60); s.Pass(time.Minute) }, ends},
		"rotate another's secret":    {func(s *pairStage) { s.SharedSecret(s.Y); s.RotateSharedSecret(s.Y, 0) }, stays},
		"delete the organization":    {func(s *pairStage) { s.Must(s.Orgs.Delete(ctx, s.As(s.Admin), s.X, api.DeleteOrg{Name: "Ops X"})) }, ends},
		"revoke the access token":    {func(s *pairStage) { s.revoke(nil, testkit.Value(s.access)) }, ends},
		"revoke the refresh token":   {func(s *pairStage) { s.revoke(nil, s.refresh) }, ends},
		"revoke another family":      {func(s *pairStage) { other, _ := s.good(); s.revoke(nil, testkit.Value(other)) }, stays},
		"another reuses its own":     {func(s *pairStage) { _, r := s.good(); s.refreshed(r); s.Pass(time.Minute); s.Refresh(r) }, stays},
		"revoke in another's name":   {func(s *pairStage) { other, _ := s.good(); s.revoke(other, testkit.Value(s.access)) }, stays},
		"revoke a cut token":         {func(s *pairStage) { v := testkit.Value(s.access); s.revoke(nil, v[:len(v)-1]) }, stays},
		"rename the key":             {func(s *pairStage) { name := "other"; s.edit(api.EditKey{Name: &name}) }, stays},
		"rename the organization":    {func(s *pairStage) { s.Exec("UPDATE organizations SET short_name = 'ops-z' WHERE id = ?", s.X) }, stays},
		"set the owner's password": {func(s *pairStage) {
			s.Must(s.Users.ResetPassword(ctx, audit.Console(), "mia@northwind.example", api.Hide("granite pillow orbit 91")))
		}, stays},
		"a restart":         {func(s *pairStage) { s.Reopen(nil) }, stays},
		"a new signing key": {func(s *pairStage) { _, err := s.Tokens.RotateKey(ctx, audit.Console()); s.Must(err) }, stays},
	} {
		s := newPair(t)
		if got := s.status(s.access); got != 200 {
			t.Fatalf("%s: before it %d", name, got)
		}
		c.event(s)
		if got := s.status(s.access); got != c.after {
			t.Errorf("%s: the access token %d, want %d", name, got, c.after)
		}
		want := map[int]int{ends: 400, stays: 200}[c.after]
		if got := s.Refresh(s.refresh).Status; got != want {
			t.Errorf("%s: the refresh token %d, want %d", name, got, want)
		}
	}
}

// TestADemotionTakesAtOnce: of the key and of its owner.
func TestADemotionTakesAtOnce(t *testing.T) {
	s := newStage(t)
	_, key := s.Key(s.Operator, s.X, api.Admin, "op")
	token, _ := s.Token(s.X, "op", key)
	device, _ := s.Device(s.X, "web-1")
	remove := func() int { return s.Send(token, "DELETE /v1/devices/"+number(device), "").Status }
	if got := remove(); got != 204 {
		t.Fatal(got)
	}
	s.Exec("UPDATE memberships SET role_id = (SELECT id FROM roles WHERE name = 'Read Only') WHERE user_id = ?", s.Operator)
	device, _ = s.Device(s.X, "web-2")
	if got := remove(); got != 403 {
		t.Errorf("%d", got)
	}
}

// TestATokenOfAPasswordEndsWithIt, with its person and with their membership.
func TestATokenOfAPasswordEndsWithIt(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		event func(s *stage)
		after int
	}{
		"a new password": {func(s *stage) {
			s.Must(s.Users.ResetPassword(ctx, audit.Console(), "olga@northwind.example", api.Hide("granite pillow orbit 91")))
		}, 401},
		"disable the user":  {func(s *stage) { s.Must(s.Users.Disable(ctx, audit.Console(), "olga@northwind.example")) }, 401},
		"leave":             {func(s *stage) { s.Exec("DELETE FROM memberships WHERE user_id = ?", s.Operator) }, 401},
		"delete the user":   {func(s *stage) { s.Must(s.Users.Delete(ctx, s.As(s.Admin), s.Operator)) }, 401},
		"rotate the secret": {func(s *stage) { s.RotateSharedSecret(s.X, 0) }, 200},
		"another's password": {func(s *stage) {
			s.Must(s.Users.ResetPassword(ctx, audit.Console(), "mia@northwind.example", api.Hide("granite pillow orbit 91")))
		}, 200},
		"end their sessions":    {func(s *stage) { s.Exec("DELETE FROM sessions") }, 200},
		"delete another's keys": {func(s *stage) { s.Must(s.Keys.Delete(ctx, s.As(s.Member), s.id)) }, 200},
	} {
		s := &stage{Cast: testkit.NewCast(testkit.New(t, func(c *config.Config) { c.PasswordGrant = true }))}
		s.id, s.key = s.Key(s.Member, s.X, api.Admin, "myapp")
		s.secret = s.SharedSecret(s.X)
		form := url.Values{"username": {"olga@northwind.example"}, "password": {testkit.Password}}.Encode()
		said := testkit.Read[pair](s.Kit, s.Send(testkit.Credential{testkit.FormType}, "POST /api/auth/bearer/token", form), 200)
		access := testkit.Bearer(api.Hide(said.Access))
		if claims := part(t, said.Access, 1); claims["client_id"] != "password" || claims["sv"] != nil || s.status(access) != 200 {
			t.Fatalf("%s: before it %d, %v", name, s.status(access), claims)
		}
		c.event(s)
		if got := s.status(access); got != c.after {
			t.Errorf("%s: %d, want %d", name, got, c.after)
		}
		if got := s.Refresh(said.Refresh).Status; (got == 200) != (c.after == 200) {
			t.Errorf("%s: the refresh token %d", name, got)
		}
	}
}

// TestAnExchangeIsALogin: of the key, from where it came.
func TestAnExchangeIsALogin(t *testing.T) {
	s := newStage(t)
	s.Pass(time.Hour)
	s.good()
	s.Must(s.Verify.Flush(t.Context()))
	key, err := s.Keys.Get(t.Context(), s.As(s.Member), s.id)
	if err != nil || key.LastLoginAt == nil || !key.LastLoginAt.Equal(s.DB.Now()) || key.LastLoginIP == nil || !strings.HasPrefix(*key.LastLoginIP, "0.0.0.0") {
		t.Errorf("%+v %v", key, err)
	}
}

// TestRevocationIsAudited in the name of the key behind the token.
func TestRevocationIsAudited(t *testing.T) {
	s := newPair(t)
	s.revoke(nil, s.refresh)
	s.revoke(nil, s.refresh)
	if n := s.Number("SELECT count(*) FROM audit WHERE act = 'token.end' AND caller = 'access_token' AND key_id = ? AND target_name = 'myapp' AND org_id = ?", s.id, s.X); n != 1 {
		t.Errorf("%d rows, want one", n)
	}
}
