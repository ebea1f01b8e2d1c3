package netography_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"keystead/server/config"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// stage is the cast with an ADMIN key of the administrator in X and a token of it.
type stage struct {
	*testkit.Cast
	key, token testkit.Credential
}

func newStage(t *testing.T, change func(*config.Config)) *stage {
	s := &stage{Cast: testkit.NewCast(testkit.New(t, change))}
	_, s.key = s.Key(s.Admin, s.X, api.Admin, "myapp")
	s.token, _ = s.Token(s.X, "myapp", s.key)
	return s
}

// record is one as a client reads it.
type record struct {
	AppName     string   `json:"appname"`
	Description string   `json:"description"`
	Roles       []string `json:"roles"`
	LastLogin   float64  `json:"last_login"`
	LastIP      string   `json:"last_ip"`
	AppKey      string   `json:"appkey"`
}

type one struct {
	Meta struct{ Code, Count int }
	Data record
}

type many struct {
	Meta struct{ Code, Count int }
	Data []record
}

// python is what the official client sends besides its credential.
var python = testkit.Credential{"User-Agent: python-httpx/0.27.0", "Accept: */*", "Accept-Encoding: identity", "Connection: keep-alive"}

func with(lines ...testkit.Credential) testkit.Credential { return slices.Concat(lines...) }

// problem reads a refusal: these three members, all there, and no other.
func (s *stage) problem(what string, got testkit.Answer, status int) {
	s.T.Helper()
	var said map[string]any
	if err := json.Unmarshal([]byte(got.Body), &said); err != nil {
		s.T.Fatalf("%s: %d %s", what, got.Status, got.Body)
	}
	name, _ := said["name"].(string)
	message, _ := said["message"].(string)
	if got.Status != status || len(said) != 3 || said["status"] != float64(status) || name == "" || message == "" ||
		got.Header.Get("Content-Type") != "application/json" {
		s.T.Errorf("%s: %d %s, want %d", what, got.Status, got.Body, status)
	}
}

// TestNetoMCPsFlow plays the official client over a real connection: NETOSECRET, token
// request, access token, list.
func TestNetoMCPsFlow(t *testing.T) {
	s := newStage(t, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.Must(err)
	go func() { _ = s.Router.App.Listener(listener) }()
	t.Cleanup(func() { s.Must(s.Router.Stop(context.Background(), listener, 0)) })
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}

	bundle, err := json.Marshal(map[string]string{
		"url": "http://" + listener.Addr().String() + "/api/v1", "shortname": "ops-x", "appname": "myapp",
		"sharedsecret": s.SharedSecret(s.X).Reveal(), "appkey": testkit.Value(s.key),
	})
	s.Must(err)
	netosecret := base64.StdEncoding.EncodeToString(bundle)

	decoded, err := base64.StdEncoding.DecodeString(netosecret)
	s.Must(err)
	var neto map[string]string
	s.Must(json.Unmarshal(decoded, &neto))
	base := strings.ReplaceAll(neto["url"], "/api/v1", "")
	send := func(method, path, token string, body []byte) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), method, base+path, bytes.NewReader(body))
		s.Must(err)
		req.Header.Set("User-Agent", "python-httpx/0.27.0")
		req.Header.Set("Content-Type", "application/json")
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		res, err := client.Do(req)
		s.Must(err)
		return res
	}
	claims := fmt.Sprintf(`{"iat":%d,"jti":"22648697","appname":%q,"appkey":%q,"shortname":%q}`,
		s.DB.Now().Unix(), neto["appname"], neto["appkey"], neto["shortname"])
	request := testkit.Sign(api.Hide(neto["sharedsecret"]), testkit.RequestHeader, claims)
	res := send("POST", "/api/v1/auth/token", "", []byte(`{"jwt":"`+request+`"}`))
	if res.StatusCode != http.StatusOK {
		t.Fatalf("no token: %d", res.StatusCode)
	}
	var grant struct {
		Token string `json:"access_token"`
	}
	s.Must(json.NewDecoder(res.Body).Decode(&grant))
	_ = res.Body.Close()
	res = send("GET", "/api/v1/api-keys", grant.Token, nil)
	text, err := io.ReadAll(res.Body)
	s.Must(err)
	_ = res.Body.Close()
	var listed many
	s.Must(json.Unmarshal(text, &listed))
	if res.StatusCode != http.StatusOK || listed.Meta.Code != 200 || listed.Meta.Count != 1 || listed.Data[0].AppName != "myapp" {
		t.Errorf("%d %s", res.StatusCode, text)
	}
}

// TestTheAnswerToAGrant has every member of the vendor's, and no other.
func TestTheAnswerToAGrant(t *testing.T) {
	s := newStage(t, nil)
	for name, jti := range map[string]string{"neto-mcp": `"22648697"`, "the curl recipe": `355183158`} {
		request := testkit.Sign(s.SharedSecret(s.X), testkit.RequestHeader, fmt.Sprintf(`{"iat":%d,"jti":%s,"appname":"myapp","appkey":%q,"shortname":"ops-x"}`,
			s.DB.Now().Unix(), jti, testkit.Value(s.key)))
		got := s.Send(python, "POST /api/v1/auth/token", `{"jwt":"`+request+`"}`)
		s.grant(name, got)
	}
}

func (s *stage) grant(name string, got testkit.Answer) map[string]any {
	s.T.Helper()
	said := testkit.Read[map[string]any](s.Kit, got, 200)
	var names []string
	for member := range said {
		names = append(names, member)
	}
	slices.Sort(names)
	if want := "access_token expires_in id_token not-before-policy refresh_expires_in refresh_token scope session-state token_type"; strings.Join(names, " ") != want {
		s.T.Errorf("%s: %q", name, names)
	}
	if said["expires_in"] != 86400.0 || said["refresh_expires_in"] != 86400.0 || said["token_type"] != "bearer" || said["not-before-policy"] != 0.0 ||
		len(said["session-state"].(string)) != 36 || strings.Count(said["id_token"].(string), ".") != 2 || strings.Count(said["refresh_token"].(string), ".") != 2 {
		s.T.Errorf("%s: %s", name, got.Body)
	}
	if got.Header.Get("Cache-Control") != "no-store" {
		s.T.Errorf("%s may be kept", name)
	}
	return said
}

// TestWhatNetographysClientsSend plays every act on keys, with the record as it is then.
func TestWhatNetographysClientsSend(t *testing.T) {
	s := newStage(t, nil)
	as := with(python, s.token)
	s.Must(s.Verify.Flush(t.Context()))
	at := float64(s.DB.Now().Unix())
	listed := testkit.Read[many](s.Kit, s.Send(as, "GET /api/v1/api-keys", ""), 200)
	if len(listed.Data) != 1 || listed.Meta.Count != 1 || listed.Data[0].LastLogin != at || listed.Data[0].LastIP != "0.0.0.0" || listed.Data[0].Roles[0] != "admin" {
		t.Errorf("%+v", listed)
	}
	got := s.Send(as, "POST /api/v1/api-keys", `{"appname":"build farm","roles":["readonly"],"description":"CI","unknown":1}`)
	made := testkit.Read[one](s.Kit, got, 201)
	want := record{AppName: "build farm", Description: "CI", Roles: []string{"readonly"}, AppKey: made.Data.AppKey}
	if fmt.Sprint(made.Data) != fmt.Sprint(want) || made.Meta.Code != 201 || made.Meta.Count != 1 || !strings.HasPrefix(made.Data.AppKey, "ks_") {
		t.Errorf("%s", got.Body)
	}
	if me := s.Send(testkit.Bearer(api.Hide(made.Data.AppKey)), "GET /v1/me", ""); me.Status != 200 {
		t.Errorf("the appkey is not good: %d", me.Status)
	}
	got = s.Send(as, "GET /api/v1/api-keys/build%20farm", "")
	if read := testkit.Read[one](s.Kit, got, 200); read.Data.AppName != "build farm" || strings.Contains(got.Body, "appkey") || read.Meta.Code != 200 {
		t.Errorf("%s", got.Body)
	}
	edited := testkit.Read[one](s.Kit, s.Send(as, "PUT /api/v1/api-keys/Build%20Farm", `{"description":"All builds","roles":["admin"]}`), 200)
	if edited.Data.Description != "All builds" || edited.Data.Roles[0] != "admin" || edited.Data.AppKey != "" {
		t.Errorf("%+v", edited)
	}
	for _, body := range []string{"", "{}", `{"description":"Fewer","roles":["readonly"]}`} {
		again := testkit.Read[one](s.Kit, s.Send(as, "PUT /api/v1/api-keys/build%20farm/regen", body), 200)
		if again.Data.AppKey == "" || again.Data.AppKey == made.Data.AppKey {
			t.Errorf("no new value by %q", body)
		}
		if old := s.Send(testkit.Bearer(api.Hide(made.Data.AppKey)), "GET /v1/me", ""); old.Status != 401 {
			t.Errorf("the old value: %d", old.Status)
		}
		if kept := again.Data.Description == "All builds" && again.Data.Roles[0] == "admin"; kept != !strings.Contains(body, "Fewer") {
			t.Errorf("%q: %+v", body, again.Data)
		}
		made.Data.AppKey = again.Data.AppKey
	}
	if emptied := testkit.Read[one](s.Kit, s.Send(as, "PUT /api/v1/api-keys/build%20farm/", `{}`), 200); emptied.Data.Description != "" || emptied.Data.Roles[0] != "readonly" {
		t.Errorf("an update replaces: %+v", emptied)
	}
	if got := s.Send(as, "DELETE /api/v1/api-keys/build%20farm", `{}`); got.Status != 204 || got.Body != "" {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	s.problem("get a deleted one", s.Send(as, "GET /api/v1/api-keys/build%20farm", ""), 404)
}

// TestRefusalsInTheDialect brings every kind of refusal about.
func TestRefusalsInTheDialect(t *testing.T) {
	s := newStage(t, nil)
	_, global := s.Key(s.Admin, 0, api.Admin, "everywhere")
	_, reader := s.Key(s.Member, s.X, api.ReadOnly, "reader")
	readers, _ := s.Token(s.X, "reader", reader)
	for _, c := range []struct {
		name   string
		as     testkit.Credential
		what   string
		body   string
		status int
	}{
		{"no body", nil, "POST /api/v1/auth/token", ``, 400},
		{"no jwt", nil, "POST /api/v1/auth/token", `{}`, 400},
		{"a jwt that is none", nil, "POST /api/v1/auth/token", `{"jwt":7}`, 400},
		{"a bad jwt", nil, "POST /api/v1/auth/token", `{"jwt":"x"}`, 401},
		{"a bad refresh token", testkit.Credential{testkit.FormType}, "POST /api/auth/bearer/refresh", `refresh_token=x`, 400},
		{"no refresh token", testkit.Credential{testkit.FormType}, "POST /api/auth/bearer/refresh", `x=y`, 400},
		{"the password grant is off", testkit.Credential{testkit.FormType}, "POST /api/auth/bearer/token", "username=ada%40northwind.example&password=" + url.QueryEscape(testkit.Password), 404},
		{"no credential", nil, "GET /api/v1/api-keys", "", 401},
		{"a bad one", testkit.Bearer(api.Hide("a.b.c")), "GET /api/v1/api-keys", "", 401},
		{"a browser", s.Session(s.Admin), "GET /api/v1/api-keys", "", 403},
		{"a bare global key", global, "GET /api/v1/api-keys", "", 400},
		{"no name", s.token, "POST /api/v1/api-keys", `{"roles":["admin"]}`, 400},
		{"no roles", s.token, "POST /api/v1/api-keys", `{"appname":"a"}`, 400},
		{"two roles", s.token, "POST /api/v1/api-keys", `{"appname":"a","roles":["admin","readonly"]}`, 400},
		{"another role", s.token, "POST /api/v1/api-keys", `{"appname":"a","roles":["neto_flow"]}`, 400},
		{"a bad name", s.token, "POST /api/v1/api-keys", `{"appname":"a/b","roles":["admin"]}`, 400},
		{"a taken name", s.token, "POST /api/v1/api-keys", `{"appname":"MyApp","roles":["admin"]}`, 409},
		{"a READONLY token adds", readers, "POST /api/v1/api-keys", `{"appname":"a","roles":["admin"]}`, 403},
		{"a READONLY token regenerates", readers, "PUT /api/v1/api-keys/reader/regen", ``, 403},
		{"somebody else's", readers, "GET /api/v1/api-keys/myapp", "", 404},
		{"a bad role", s.token, "PUT /api/v1/api-keys/myapp", `{"roles":[]}`, 400},
		{"nobody's", s.token, "DELETE /api/v1/api-keys/nobody", "", 404},
		{"no such door", s.token, "GET /api/v1/nothing", "", 404},
		{"no such method", s.token, "PATCH /api/v1/api-keys", "", 405},
	} {
		s.problem(c.name, s.Send(c.as, c.what, c.body), c.status)
	}
}

// TestABadMemberIsNamed, in the vendor's words: the message is all that tells.
func TestABadMemberIsNamed(t *testing.T) {
	s := newStage(t, nil)
	for what, says := range map[string]string{
		`{"roles":["admin"]}`:                                 "appname: ",
		`{"appname":"a"}`:                                     "roles: ",
		`{"appname":7,"roles":["admin"]}`:                     "appname: ",
		`{"appname":"a/b","roles":["admin"]}`:                 "appname: ",
		`{"appname":"MyApp","roles":["admin"]}`:               "appname: ",
		`{"appname":"a","roles":["neto_flow"]}`:               "roles: ",
		`{"appname":"a","roles":["admin"],"description":[7]}`: "description: ",
		`{`: "This is not valid JSON.",
	} {
		got := s.Send(s.token, "POST /api/v1/api-keys", what)
		var said struct{ Message string }
		s.Must(json.Unmarshal([]byte(got.Body), &said))
		if !strings.HasPrefix(said.Message, says) {
			t.Errorf("%s: %d %q, want %q", what, got.Status, said.Message, says)
		}
	}
	got := s.Send(testkit.Credential{testkit.FormType}, "POST /api/auth/bearer/refresh", "x=y")
	if !strings.Contains(got.Body, `"message":"refresh_token: `) {
		t.Error(got.Body)
	}
}

// TestANameMeansOnesOwnKeyFirst: then the only other one, and of several none.
func TestANameMeansOnesOwnKeyFirst(t *testing.T) {
	s := newStage(t, nil)
	s.Key(s.Member, s.X, api.ReadOnly, "shared name")
	get := func(status int) string {
		t.Helper()
		got := s.Send(s.token, "GET /api/v1/api-keys/shared%20name", "")
		if got.Status != status {
			t.Errorf("%d %s, want %d", got.Status, got.Body, status)
		}
		return got.Body
	}
	if body := get(200); !strings.Contains(body, `"readonly"`) {
		t.Error(body)
	}
	s.Key(s.Operator, s.X, api.ReadOnly, "Shared Name")
	get(409)
	s.problem("regenerate somebody else's", s.Send(s.token, "PUT /api/v1/api-keys/shared%20name/regen", ""), 409)
	s.Key(s.Admin, s.X, api.Admin, "shared name")
	if body := get(200); !strings.Contains(body, `"admin"`) {
		t.Error(body)
	}
	_, others := s.Key(s.Verifier, s.X, api.Admin, "vera's")
	_ = others
	s.problem("regenerate another's", s.Send(s.token, "PUT /api/v1/api-keys/vera%27s/regen", `{"description":"mine"}`), 403)
	if n := s.Number("SELECT count(*) FROM api_keys WHERE description = 'mine'"); n != 0 {
		t.Error("it was edited before it was refused")
	}
}

// TestKeysManageNoKeysWherePolicySaysSo: tokens are keys.
func TestKeysManageNoKeysWherePolicySaysSo(t *testing.T) {
	s := newStage(t, nil)
	s.Exec("UPDATE organizations SET keys_manage_keys = 0 WHERE id = ?", s.X)
	for what, body := range map[string]string{
		"POST /api/v1/api-keys": `{"appname":"a","roles":["admin"]}`, "PUT /api/v1/api-keys/myapp/regen": "",
		"PUT /api/v1/api-keys/myapp": `{"description":"x"}`, "DELETE /api/v1/api-keys/myapp": "",
	} {
		s.problem(what, s.Send(s.token, what, body), 403)
	}
}

// TestThePasswordGrantReads where it is switched on, in one organization.
func TestThePasswordGrantReads(t *testing.T) {
	s := newStage(t, func(c *config.Config) { c.PasswordGrant = true })
	s.Key(s.Operator, s.X, api.Admin, "olga's")
	ask := func(mail, more string) testkit.Answer {
		form := url.Values{"username": {mail}, "password": {testkit.Password}}.Encode() + more
		return s.Send(testkit.Credential{testkit.FormType}, "POST /api/auth/bearer/token", form)
	}
	said := s.grant("a password", ask("olga@northwind.example", ""))
	token := testkit.Bearer(api.Hide(said["access_token"].(string)))
	if scope := said["scope"].(string); strings.Contains(scope, "manage") || !strings.Contains(scope, string(perm.DevicesRead)) {
		t.Errorf("scope is %q", scope)
	}
	if listed := testkit.Read[many](s.Kit, s.Send(token, "GET /api/v1/api-keys", ""), 200); len(listed.Data) != 1 || listed.Data[0].AppName != "olga's" {
		t.Errorf("%+v", listed)
	}
	s.problem("it adds", s.Send(token, "POST /api/v1/api-keys", `{"appname":"a","roles":["admin"]}`), 403)
	s.problem("it deletes", s.Send(token, "DELETE /api/v1/api-keys/olga%27s", ""), 403)
	s.problem("in which of several", ask("ada@northwind.example", ""), 400)
	s.grant("in this one", ask("ada@northwind.example", "&shortname=labs-y"))
	s.problem("in somebody else's", ask("olga@northwind.example", "&shortname=labs-y"), 401)
	s.problem("in none there is", ask("olga@northwind.example", "&shortname=nowhere"), 401)
	wrong := s.Send(testkit.Credential{testkit.FormType}, "POST /api/auth/bearer/token", "username=olga%40northwind.example&password=wrong")
	nobody := s.Send(testkit.Credential{testkit.FormType}, "POST /api/auth/bearer/token", "username=no%40northwind.example&password=wrong")
	s.problem("a wrong password", wrong, 401)
	if wrong.Body != nobody.Body {
		t.Errorf("nobody is told apart: %s", nobody.Body)
	}
}

// TestThePasswordGrantIsThrottledLikeSignIn: guesses here count there.
func TestThePasswordGrantIsThrottledLikeSignIn(t *testing.T) {
	s := newStage(t, func(c *config.Config) { c.PasswordGrant = true })
	last := 0
	for range 25 {
		last = s.Send(testkit.Credential{testkit.FormType}, "POST /api/auth/bearer/token", "username=olga%40northwind.example&password=wrong").Status
	}
	in := s.Send(nil, "POST /v1/session", `{"email":"olga@northwind.example","password":"`+testkit.Password+`"}`)
	if last != 429 || in.Status != 429 {
		t.Errorf("after 25 guesses: %d here, %d at the sign-in", last, in.Status)
	}
}
