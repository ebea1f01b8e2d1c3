package e2e_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// attack is a page that tries everything that a page of another origin can. Its
// scripts settle into document.title "done".
const attack = `<!doctype html><title>Free kittens</title><link rel="icon" href="data:,">
<iframe name="sink"></iframe><iframe id="framed" src="%[1]s/settings/secrets-keys"></iframe>
<img src="%[1]s/v1/api-keys/%[2]d/rotate"><img src="%[1]s/v1/session"><script src="%[1]s/v1/me"></script>
<link rel="stylesheet" href="%[1]s/v1/me">
<script>
const site = "%[1]s", key = %[2]d, org = %[3]d;
const targets = [
	["DELETE", "/v1/api-keys/" + key, ""], ["PATCH", "/v1/api-keys/" + key, '{"enabled":false}'],
	["POST", "/v1/api-keys/" + key + "/reveal", "{}"], ["POST", "/v1/api-keys/" + key + "/rotate", "{}"],
	["POST", "/v1/api-keys/bulk", '{"ids":[' + key + '],"action":"delete"}'],
	["POST", "/v1/organizations/" + org + "/api-keys", '{"name":"planted","role":"ADMIN"}'],
	["POST", "/v1/global/api-keys", '{"name":"planted","role":"ADMIN"}'],
	["POST", "/v1/organizations/" + org + "/agent-access-key/rotate", "{}"],
	["POST", "/v1/organizations/" + org + "/shared-secret", ""],
	["PATCH", "/v1/me", '{"first_name":"Planted"}'], ["PATCH", "/v1/account", '{"name":"Planted"}'],
	["POST", "/v1/me/password", '{"password":"a wholly planted phrase"}'],
	["DELETE", "/v1/session", ""], ["DELETE", "/v1/sessions", ""],
	["POST", "/v1/session", '{"email":"mallory@example.com","password":"mallory is not who you are"}'],
	["POST", "/v1/keys/verify", '{"key":"x"}'], ["POST", "/v1/session/elevate", '{"password":"x"}'],
];
const form = (action, type, fields) => new Promise((done) => {
	const f = document.createElement("form");
	Object.assign(f, { method: "POST", action: site + action, enctype: type, target: "sink" });
	for (const [name, value] of Object.entries(fields)) {
		const i = document.createElement("input");
		Object.assign(i, { type: "hidden", name, value });
		f.append(i);
	}
	document.body.append(f);
	document.querySelector("[name=sink]").addEventListener("load", done, { once: true });
	setTimeout(done, 500); // a refused frame may not load
	f.submit();
});
addEventListener("load", async () => {
	const tries = [];
	for (const [method, path, body] of targets) {
		for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
			const ask = (mode, how) => tries.push(fetch(site + path, { method: how, mode, credentials: "include", body: body || undefined, headers: mode === "cors" || type !== "application/json" ? { "Content-Type": type } : {} }).catch(() => 0));
			ask("cors", method);
			if (method === "POST") ask("no-cors", method);
		}
		navigator.sendBeacon(site + path, new Blob([body], { type: "text/plain" }));
	}
	await Promise.all(tries);
	for (const [method, path, body] of targets.filter(([m]) => m === "POST")) {
		await form(path, "text/plain", { [body.slice(0, -1) + ',"x":"']: '"}' });
	}
	await form("/sign-in", "application/x-www-form-urlencoded", { email: "mallory@example.com", password: "mallory is not who you are", next: "/" });
	await form("/v1/me?_method=PATCH", "multipart/form-data", { first_name: "Planted" });
	document.title = "done";
});
</script>`

// state is all that an attack could have changed.
func state(c *binary.Client) []any {
	org := c.Org().ID
	me := binary.Get[api.Me](c, api.PathMe)
	return []any{
		c.Keys("?scope=all&limit=100"), me.User, me.Organizations, binary.Get[api.Account](c, api.PathAccount),
		binary.Get[api.OrgSecret](c, api.PathSecret(org, api.AgentKey)),
		binary.Get[api.Page[api.SessionRow]](c, api.PathSessions).Total,
		c.Send(http.MethodGet, api.PathSecret(org, api.SharedSecret), nil).Status,
	}
}

// A page of another port has the person's cookie sent along, one of another host has
// not; neither changes anything.
func TestP55HostilePageChangesNothing(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	k := d.admin.AddKey("ci-runner", api.Admin).Key
	d.server.AddUser("mallory@example.com", "Read Only", binary.OrgShort)
	d.visit(secretsKeys)
	before := state(d.admin)
	for _, host := range []string{"localhost", "127.0.0.1"} {
		t.Run(host, func(t *testing.T) {
			page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				_, _ = fmt.Fprintf(w, attack, d.server.Site(), k.ID, d.admin.Org().ID)
			}))
			defer page.Close()
			asked := len(d.server.Requests())
			hostile := d.Another()
			hostile.Allow(".*")
			hostile.Go(strings.Replace(page.URL, "127.0.0.1", host, 1))
			hostile.Until("every try made", `document.title === "done"`)
			unsafe := 0
			for _, r := range d.server.Requests()[asked:] {
				if r.Method == http.MethodGet || r.Method == http.MethodHead {
					continue
				}
				unsafe++
				if r.Status < 400 && r.Method != http.MethodOptions {
					t.Errorf("%s %s: %d", r.Method, r.Path, r.Status)
				}
			}
			if unsafe < 20 {
				t.Errorf("only %d tries reached the server", unsafe)
			}
			if after := state(d.admin); !reflect.DeepEqual(before, after) {
				t.Errorf("something changed:\n%+v\n%+v", before, after)
			}
			if framed := hostile.Eval(`(() => { try { return document.getElementById("framed").contentDocument?.body?.innerText ?? "" } catch { return "" } })()`); strings.Contains(framed, "ci-runner") {
				t.Error("the console was framed")
			}
		})
	}
	d.Reload()
	d.drawn()
	d.lists("ci-runner")
}

// The rule behind it, case by case: every unsafe request with a cookie is same-origin
// or does not happen.
func TestP55UnsafeRequestsAreSameOrigin(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	admin := server.SetUp()
	k := admin.AddKey("ci-runner", api.Admin)
	host := "127.0.0.1:" + server.Port
	cookie := admin.Cookie().Name + "=" + admin.Cookie().Value
	for name, c := range map[string]struct {
		headers map[string]string
		passes  bool
	}{
		"same-origin":                      {map[string]string{"Sec-Fetch-Site": "same-origin"}, true},
		"by the person":                    {map[string]string{"Sec-Fetch-Site": "none"}, true},
		"same-site":                        {map[string]string{"Sec-Fetch-Site": "same-site"}, false},
		"cross-site":                       {map[string]string{"Sec-Fetch-Site": "cross-site"}, false},
		"cross-site, origin matches":       {map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "http://" + host}, false},
		"unknown word":                     {map[string]string{"Sec-Fetch-Site": "whatever"}, false},
		"origin matches":                   {map[string]string{"Origin": "http://" + host}, true},
		"origin of another port":           {map[string]string{"Origin": "http://127.0.0.1:1"}, false},
		"origin of another host":           {map[string]string{"Origin": "http://evil.example"}, false},
		"origin that begins alike":         {map[string]string{"Origin": "http://" + host + ".evil.example"}, false},
		"origin null":                      {map[string]string{"Origin": "null"}, false},
		"origin empty of sense":            {map[string]string{"Origin": "http://"}, false},
		"neither, with a cookie":           {nil, false},
		"a referrer is no proof of origin": {map[string]string{"Referer": "http://" + host + "/"}, false},
	} {
		request := server.Client().With("Cookie", cookie)
		for header, value := range c.headers {
			request = request.With(header, value)
		}
		answer := request.Send(http.MethodPatch, api.PathKey(k.Key.ID), binary.JSON{"description": name})
		if c.passes {
			answer.Is(200)
		} else {
			answer.Refused(403, fault.CrossSite, "")
		}
	}
	// A key comes with no cookie, so no page can make a browser send it.
	server.Bearer(k.Value).With("Origin", "http://evil.example").Send(http.MethodGet, api.PathMe, nil).Is(200)
	// JSON only: a form could not send it.
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/problem+json", "x"} {
		admin.With("Content-Type", kind).Send(http.MethodPatch, api.PathKey(k.Key.ID), `{"description":"x"}`).Refused(415, fault.WrongType, "")
	}
	// Reading changes nothing, and no other site may read.
	answer := admin.With("Origin", "http://evil.example").Send(http.MethodGet, api.PathMe, nil).Is(200)
	if answer.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("another origin may read")
	}
	admin.With("Sec-Fetch-Site", "cross-site").Send(http.MethodPost, api.PathSession, binary.JSON{"email": binary.Email, "password": binary.Password}).Refused(403, fault.CrossSite, "")
}
