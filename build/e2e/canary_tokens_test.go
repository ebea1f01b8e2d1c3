package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"keystead/build/e2e/binary"
	"keystead/shared/api"
)

const (
	exchangeDoor = "/api/v1/auth/token"
	passwordDoor = "/api/auth/bearer/token"
	refreshDoor  = "/api/auth/bearer/refresh"
	vendorKeys   = "/api/v1/api-keys"
)

// granted is what the doors that give tokens answer.
type granted struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	ID      string `json:"id_token"`
}

// signs makes token requests with a key and the shared secret of its organization.
type signs struct {
	c         *canaries
	org, name string
	key, by   string
	made      int
}

// next is a request that was not sent yet.
func (s *signs) next() string {
	s.c.t.Helper()
	s.made++
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iat": time.Now().Unix(), "jti": strconv.Itoa(s.made), "appname": s.name, "appkey": s.key, "shortname": s.org,
	}).SignedString([]byte(s.by))
	if err != nil {
		s.c.t.Fatal(err)
	}
	return s.c.signed(fmt.Sprintf("token request %d", s.made), token)
}

// integrations are programs that speak as the two vendors' clients do: what they sign,
// what they hold, and the keys that they make. The page asks for some of it, too, since
// a browser might keep what it was answered.
func integrations(d desk, admin *binary.Client, c *canaries, secret string) {
	d.t.Helper()
	t, server, org := d.t, d.server, admin.Org()
	k := admin.AddKey("integration", api.Admin)
	requests := signs{c: c, org: org.ShortName, name: k.Key.Name, key: c.value("the key of an integration", k.Value.Reveal()), by: secret}
	form := server.Client().With("Content-Type", "application/x-www-form-urlencoded")
	bearer := func(token string) *binary.Client { return server.Bearer(api.Hide(token)) }

	request := requests.next()
	first := c.grant("an exchange", server.Client().Send(http.MethodPost, exchangeDoor, binary.JSON{"jwt": request}))
	server.Client().Send(http.MethodPost, exchangeDoor, binary.JSON{"jwt": request}).Is(401)
	server.Client().Send(http.MethodPost, exchangeDoor, binary.JSON{"jwt": request + "x"}).Is(401)
	bearer(first.Access).Send(http.MethodGet, api.PathMe, nil).Is(200)
	next := c.grant("a refresh", form.Send(http.MethodPost, refreshDoor, "refresh_token="+first.Refresh))
	word := url.Values{"username": {binary.Email}, "password": {binary.Password}}.Encode()
	c.grant("a password", form.Send(http.MethodPost, passwordDoor, word))
	form.Send(http.MethodPost, passwordDoor, word+"x").Is(401)

	vendor := bearer(next.Access)
	c.made("a key that a token added", vendor.Send(http.MethodPost, vendorKeys, binary.JSON{"appname": "vendored", "roles": []string{"readonly"}}).Is(201))
	c.made("a key that a token regenerated", vendor.Send(http.MethodPut, vendorKeys+"/vendored/regen", binary.JSON{}).Is(200))
	vendor.Send(http.MethodGet, vendorKeys, nil).Is(200)
	me := binary.Get[api.Me](admin, api.PathMe).User.ID
	other, keys := bearer(k.Value.Reveal()), fmt.Sprintf("/api/users/%d/api_keys", me)
	added := fmt.Sprintf("%s/%v", keys, into[map[string]any](other.Send(http.MethodPost, keys, binary.JSON{"name": "patched"}))["id"])
	shown := into[map[string]any](other.Send(http.MethodPost, added+"/decrypt", nil))
	c.value("a key that was decrypted", shown["api_key"].(string))
	if got := other.Send(http.MethodGet, "/api/orgs", nil).Is(200); !strings.Contains(string(got.Body), `"access_key":"ksa_`) {
		t.Errorf("the vendor's client does not see the agent access key: %s", got.Body)
	}

	page := granted{}
	got := d.Eval(fmt.Sprintf(`(async () => {
		const ask = async (path, body, bearer) => (await fetch(path, {method: "POST", credentials: "omit",
			headers: {"Content-Type": bearer === undefined ? "application/x-www-form-urlencoded" : "application/json", ...(bearer && {Authorization: "Bearer " + bearer})}, body})).json();
		const first = await ask(%q, JSON.stringify({jwt: %q}), "");
		const next = await ask(%q, "refresh_token=" + first.refresh_token);
		const shown = await ask(%q, "", %q);
		if (!shown.api_key) throw new Error("nothing was decrypted");
		return next;
	})()`, exchangeDoor, requests.next(), refreshDoor, added+"/decrypt", k.Value.Reveal()))
	if err := json.Unmarshal([]byte(got), &page); err != nil {
		t.Fatal(err)
	}
	c.signed("an access token that the page got", page.Access)
	c.signed("a refresh token that the page got", page.Refresh)
	bearer(page.Access).Send(http.MethodGet, api.PathMe, nil).Is(200)

	for i, place := range places(server, admin) {
		for what, token := range map[string]string{"an access token": page.Access, "a refresh token": page.Refresh, "a token request": requests.next()} {
			if answer := place(token); answer.Status < 500 && strings.Contains(string(answer.Body), token[len(token)-20:]) {
				t.Errorf("place %d: the answer says %s back: %s", i, what, answer.Body)
			}
		}
	}

	asks := other.With("Content-Type", "application/x-www-form-urlencoded")
	asks.Send(http.MethodPost, api.PathIntrospect, "token="+next.Access).Is(200)
	asks.Send(http.MethodPost, api.PathIntrospect, "token="+first.Refresh).Is(200)
	form.Send(http.MethodPost, refreshDoor, "refresh_token="+next.Refresh).Is(200)
	form.Send(http.MethodPost, refreshDoor, "refresh_token="+first.Refresh).Is(400) // spent: the family ends
	vendor.Send(http.MethodGet, api.PathMe, nil).Is(401)
	form.Send(http.MethodPost, api.PathRevoke, "token="+page.Refresh).Is(200)
	bearer(page.Access).Send(http.MethodGet, api.PathMe, nil).Is(401)
}

// signed plants a signed token, of which neither claims nor signature may be found.
func (c *canaries) signed(what, token string) string {
	c.t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		c.t.Fatalf("%s is %q", what, token)
	}
	c.add("the claims of "+what, parts[1])
	c.add("the signature of "+what, parts[2])
	return token
}

// grant plants the tokens of an answer.
func (c *canaries) grant(by string, answer binary.Answer) granted {
	c.t.Helper()
	said := into[map[string]any](answer)
	text := func(name string) string { value, _ := said[name].(string); return value }
	return granted{
		Access:  c.signed("the access token of "+by, text("access_token")),
		Refresh: c.signed("the refresh token of "+by, text("refresh_token")),
		ID:      c.signed("the ID token of "+by, text("id_token")),
	}
}

// made plants the value in an answer of Netography's.
func (c *canaries) made(what string, answer binary.Answer) {
	c.t.Helper()
	data, _ := binary.Into[map[string]any](answer, answer.Status)["data"].(map[string]any)
	value, _ := data["appkey"].(string)
	c.value(what, value)
}
