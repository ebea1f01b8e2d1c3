package sessions_test

import (
	"net/url"
	"strings"
	"testing"

	"keystead/shared/fault"
)

func (p *place) form(path string, fields url.Values, headers ...string) (status int, location, body string) {
	p.t.Helper()
	headers = append([]string{"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"}, headers...)
	res := p.request("POST", path, fields.Encode(), headers...)
	return res.StatusCode, res.Header.Get("Location"), string(p.wantStatus(res, res.StatusCode))
}

func TestLightPagesLeadToEachOther(t *testing.T) {
	p := open(t)
	leads := func(path, to string) {
		t.Helper()
		for _, method := range []string{"GET", "HEAD"} {
			res := p.request(method, path, "")
			if to == "" {
				p.wantStatus(res, 200)
			} else if res.StatusCode != 303 || res.Header.Get("Location") != to {
				t.Errorf("%s %s: %d %s", method, path, res.StatusCode, res.Header.Get("Location"))
			}
		}
	}
	leads("/sign-in", "/setup")
	leads("/setup", "")
	token, err := p.NewSetupToken(t.Context())
	p.must(err)
	_, err = p.SetUp(t.Context(), setup(token), here)
	p.must(err)
	leads("/setup", "/sign-in?for=setup")
	leads("/sign-in", "")
	for path, want := range map[string]string{"/sign-in?for=setup": "setup=true\n", "/sign-in": "setup=false\n"} {
		if page := string(p.wantStatus(p.request("GET", path, ""), 200)); !strings.Contains(page, want) {
			t.Errorf("%s: the page is told %s", path, page)
		}
	}
}

func TestLightSignIn(t *testing.T) {
	p := withAda(t)
	page := string(p.wantStatus(p.request("GET", "/sign-in?next=/settings/secrets-keys%3Forg%3Dnw", ""), 200))
	if !strings.Contains(page, "next=/settings/secrets-keys?org=nw\n") || !strings.Contains(page, "error=\n") {
		t.Errorf("the page is told %s", page)
	}
	right := url.Values{"email": {"ada@example.com"}, "password": {password}, "next": {"/settings/secrets-keys?org=nw"}}
	res := p.request("POST", "/sign-in", right.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Origin", "http://example.com", "Cookie", "keystead_8080=planted")
	if res.StatusCode != 303 || res.Header.Get("Location") != "/settings/secrets-keys?org=nw" {
		t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
	c := cookie(res, "keystead_8080")
	p.wantStatus(p.request("GET", "/v1/session", "", "Cookie", "keystead_8080="+c.Value), 200)
	if cookie(res, "keystead_8080_device") == nil {
		t.Error("the browser is not known from now on")
	}
	right.Set("next", "//evil.com")
	if status, location, _ := p.form("/sign-in", right); status != 303 || location != "/" {
		t.Errorf("%d %s", status, location)
	}
}

func TestLightSignInRefuses(t *testing.T) {
	p := withAda(t)
	wrong := url.Values{"email": {"ada@example.com"}, "password": {"canary canary canary"}, "next": {"/settings"}}
	status, _, page := p.form("/sign-in", wrong)
	if status != 401 || !strings.Contains(page, "error=The e-mail address or the password is wrong.") || !strings.Contains(page, "values=map[email:ada@example.com]") || !strings.Contains(page, "next=/settings\n") {
		t.Errorf("%d %s", status, page)
	}
	if strings.Contains(page, "canary") {
		t.Error("the page repeats the password")
	}
	for range 30 {
		if status, _, page = p.form("/sign-in", wrong); status != 401 {
			break
		}
	}
	if status != 429 || !strings.Contains(page, "error=Too many tries.") {
		t.Errorf("%d %s", status, page)
	}
	right := url.Values{"email": {"ada@example.com"}, "password": {password}}
	if status, _, _ := p.form("/sign-in", right, "Test-Address", "192.0.2.77", "Sec-Fetch-Site", "cross-site"); status != 403 {
		t.Errorf("from another site: %d", status)
	}
	if status, _, _ := p.form("/sign-in", right, "Test-Address", "192.0.2.77", "Content-Type", "text/plain"); status != 415 {
		t.Errorf("as text: %d", status)
	}
	res := p.request("POST", "/sign-in?email=ada@example.com&password="+url.QueryEscape(password), "x=y", "Content-Type", "application/x-www-form-urlencoded", "Test-Address", "192.0.2.78")
	p.wantStatus(res, 401) // fields come from the body only
}

func TestLightSetUp(t *testing.T) {
	p := open(t)
	token, err := p.NewSetupToken(t.Context())
	p.must(err)
	fields := url.Values{
		"token": {"canary-token"}, "email": {"ada@example.com"}, "password": {"canary canary canary"},
		"first_name": {"Ada"}, "last_name": {"Lovelace"}, "organization": {"Northwind"}, "account": {""},
	}
	status, _, page := p.form("/setup", fields)
	if status != 401 || !strings.Contains(page, "field=token\n") || !strings.Contains(page, "organization:Northwind") || strings.Contains(page, "canary") {
		t.Errorf("%d %s", status, page)
	}
	fields.Set("token", token.Reveal())
	fields.Set("password", "short")
	if status, _, page = p.form("/setup", fields); status != 422 || !strings.Contains(page, "field=password\n") || strings.Contains(page, token.Reveal()) {
		t.Errorf("%d %s", status, page)
	}
	fields.Set("password", password)
	status, location, page := p.form("/setup", fields)
	if status != 303 || location != "/" {
		t.Fatalf("%d %s %s", status, location, page)
	}
	if status, _, page = p.form("/setup", fields); status != 409 || !strings.Contains(page, "error=Keystead is set up already.") {
		t.Errorf("%d %s", status, page)
	}
	_, err = p.signIn("ada@example.com", password, here)
	if err != nil || fault.Is(err, fault.BadCredentials) {
		t.Error(err)
	}
}

// What a link is for says its query, so that a refused form asks for the same again.
func TestLightResetStaysOne(t *testing.T) {
	p := withAda(t)
	for query, want := range map[string]string{"": "reset=false\n", "?for=reset": "reset=true\n", "?for=other": "reset=false\n"} {
		if page := string(p.wantStatus(p.request("GET", "/invite"+query, ""), 200)); !strings.Contains(page, want) {
			t.Errorf("%q: the page is told %s", query, page)
		}
		status, _, page := p.form("/invite"+query, url.Values{"token": {"canary-token"}, "password": {password}, "for": {"reset"}})
		if status != 410 || !strings.Contains(page, want) || !strings.Contains(page, "field=token\n") {
			t.Errorf("%q: %d %s", query, status, page)
		}
	}
}
