package e2e_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/build/e2e/leak"
	"keystead/build/promises/size"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// The tour: everything that a person and a program do with secrets, and much that
// they should not. After it no secret is in the data folder, in what the server
// printed, or in the profile of the browser.
func TestP01P05P52CanariesStayHidden(t *testing.T) {
	t.Parallel()
	profile := t.TempDir()
	own, err := browser.Launch(profile)
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	t.Cleanup(func() {
		if !closed {
			_ = own.Close()
		}
	})
	metrics := "127.0.0.1:" + binary.FreePort(t)
	server := binary.Start(t, "--debug", "--failed-per-minute", "1000", "--elevation", "1h", "--metrics-listen", metrics, "--max-keys-per-user", "100000",
		"--compat-access-key", "--compat-password-grant")
	c := &canaries{t: t}
	token := c.add("the set-up token", server.SetupToken())
	tab := own.OpenInProfile(t)
	d := desk{t: t, server: server, Tab: tab}

	tab.Go(server.Site() + "/setup#token=" + token)
	fillSetup(tab)
	c.add("the password", binary.Password)
	tab.Press(browser.Enter)
	tab.At(secretsKeys)
	d.drawn()
	session := "keystead_" + server.Port
	d.admin = server.ClientFor(t).Session(session, c.add("the session cookie", tab.Cookies()[session]))
	d.installed()
	d.kept()

	d.Click(browser.Button("Add API key").First())
	d.Type(browser.Field("Name"), "toured")
	d.Click(browser.Radio("ADMIN"))
	d.Click(browser.Button("Create"))
	d.Find(browser.Dialog("Created…"))
	first := c.value("an API key", d.Text("#new-value"))
	d.Click(browser.Button("Copy"))
	d.Find(browser.Button("Copied"))
	d.Click(browser.Button("Done"))
	d.Gone(browser.Dialog("Created…"))
	d.Click(browser.Button("Show " + key("toured")))
	d.Shows(first)
	d.Press(browser.Escape)
	d.Hides(first)
	d.Click(browser.Button("More actions for " + called("toured")))
	d.Click(browser.MenuItem("Rotate…"))
	d.Choose(browser.Choice("The old value works"), "For 1 more day")
	d.Click(browser.Button("Rotate"))
	d.Find(browser.Dialog("Rotated…"))
	second := c.value("a rotated API key", d.Text("#new-value"))
	d.Click(browser.Button("Done"))
	d.Click(browser.Button("Close without copying"))
	d.Click(browser.Button("Show the agent access key"))
	d.Until("the agent access key", `Boolean(document.querySelector(".secret .value")?.textContent.startsWith("ksa_"))`)
	c.value("the agent access key", d.Text(".secret .value"))
	d.Press(browser.Escape)
	d.Click(browser.Button("Create"))
	d.Click(browser.Button("Create").First())
	d.Find(browser.Dialog("Created the API shared secret"))
	secret := c.value("the shared secret", d.Text("#new-value"))
	d.Click(browser.Button("Done"))
	d.Click(browser.Button("Close without copying"))
	d.Gone(browser.Dialog("Created…"))
	d.visit(apiKeys)

	program(t, server, d.admin, c, first, second)
	others(t, server, d.admin, c)
	integrations(d, d.admin, c, secret)
	c.backup(server)
	for _, form := range []string{"text/csv", "application/jsonl"} {
		c.text(string(d.admin.With("Accept", form).Send(http.MethodGet, api.PathAudit, nil).Is(200).Body), "the audit log as "+form)
	}

	phrase := c.add("a password set by the command line", "pelican gravel umbrella 38")
	prints(t, server.Command(phrase+"\n", "user", "reset-password", "--email", binary.Email, "--password-stdin"))
	d.Click(browser.Link("Secrets & Keys"))
	d.At("/sign-in?next=")
	fillSignIn(tab, c.add("a wrong password", "walnut harbor engine 64"))
	tab.Press(browser.Enter)
	tab.Until("a refusal", `Boolean([...document.querySelectorAll("[role=alert]")].some((e) => e.textContent))`)
	fillSignIn(tab, phrase)
	tab.Press(browser.Enter)
	tab.At(secretsKeys)
	d.drawn()
	c.add("the second session cookie", tab.Cookies()[session])
	d.kept()

	c.text(d.Document(), "the document")
	c.text(d.Eval(`JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, performance.getEntries().map((e) => e.name)])`), "the page's storage")
	c.text(d.Eval(`caches.keys().then(async (names) => (await Promise.all(names.map(async (name) => {
		const cache = await caches.open(name);
		return (await Promise.all((await cache.keys()).filter((r) => !r.url.endsWith(".wasm")).map(async (r) => r.url + await (await cache.match(r)).text()))).join("\n");
	}))).join("\n"))`), "the worker's cache")
	c.sent(tab)
	c.text(numbers(t, metrics), "the metrics")
	c.folder(server.Data, "while the server runs")
	closed = true
	if err := own.Close(); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	c.folder(server.Data, "after the server stopped")
	c.text(server.Log(), "the log")
	c.text(strings.ReplaceAll(server.Out(), "/setup#token="+token, ""), "the output")
	// Browsers keep the address of a link that a person opened, fragment and all, before
	// any page could take it back. The token in it was good for one set-up and is spent.
	server.Run()
	server.Client().Send(http.MethodPost, api.PathSetup, setupWith(token)).Refused(409, fault.SetUpDone, "")
	c.without(token).folder(profile, "in the browser's profile")

	// The scan is worth as much as what it would have found.
	if err := os.WriteFile(filepath.Join(server.Data, "planted"), []byte("…"+first+"…"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found, _, err := leak.InFolder(server.Data, c.list); err != nil || len(found) == 0 {
		t.Errorf("a planted value is not found: %v %v", found, err)
	}
}

// program does what programs do, well and badly, with values in every place where one
// can be put.
func program(t *testing.T, server *binary.Server, admin *binary.Client, c *canaries, first, second string) {
	t.Helper()
	for _, value := range []string{first, second} {
		server.Bearer(api.Hide(value)).Send(http.MethodGet, api.PathMe, nil).Is(200)
		server.Client().With("X-API-Key", value).Send(http.MethodGet, api.PathMe, nil).Is(200)
		admin.Verify(api.Hide(value))
	}
	doomed := admin.AddKey("doomed", api.ReadOnly)
	c.value("a deleted API key", doomed.Value.Reveal())
	server.Bearer(doomed.Value).Send(http.MethodGet, api.PathMe, nil).Is(200)
	admin.Send(http.MethodDelete, api.PathKey(doomed.Key.ID), nil).Is(204)

	for i, place := range places(server, admin) {
		token := c.token(i)
		for value, secret := range map[string]string{first: secretPart(api.Hide(first)), c.planted(i): secretPart(api.Hide(neverMade(i))), token: token[len(token)-20:]} {
			if answer := place(value); answer.Status < 500 && strings.Contains(string(answer.Body), secret) {
				t.Errorf("place %d: the answer says the value back: %s", i, answer.Body)
			}
		}
	}
}

// places are where a program might put a value, most of them wrong.
func places(server *binary.Server, admin *binary.Client) []func(value string) binary.Answer {
	org := admin.Org().ID
	return []func(value string) binary.Answer{
		func(v string) binary.Answer { return server.Client().Send(http.MethodGet, "/v1/me?api_key="+v, nil) },
		func(v string) binary.Answer { return server.Client().Send(http.MethodGet, "/v1/me?whatever="+v, nil) },
		func(v string) binary.Answer { return server.Client().Send(http.MethodGet, "/v1/"+v, nil) },
		func(v string) binary.Answer { return server.Client().Send(http.MethodGet, "/settings/"+v+"/x", nil) },
		func(v string) binary.Answer { return server.Client().Send(http.MethodGet, "/assets/"+v+".js", nil) },
		func(v string) binary.Answer {
			return server.Client().With("Authorization", "Basic "+v).Send(http.MethodGet, "/v1/me", nil)
		},
		func(v string) binary.Answer {
			return server.Client().With("Authorization", v).Send(http.MethodGet, "/v1/me", nil)
		},
		func(v string) binary.Answer {
			return server.Client().With("Cookie", "keystead_"+server.Port+"="+v).With("Sec-Fetch-Site", "none").Send(http.MethodGet, "/v1/me", nil)
		},
		func(v string) binary.Answer {
			return server.Client().With("Origin", "http://"+v).Send(http.MethodPost, "/v1/session", "{}")
		},
		func(v string) binary.Answer {
			return server.Client().With("User-Agent", v).Send(http.MethodPost, "/v1/session", "{}")
		},
		func(v string) binary.Answer {
			return server.Client().With("Referer", "http://x/"+v).Send(http.MethodGet, "/v1/me", nil)
		},
		func(v string) binary.Answer {
			return server.Client().With("X-Request-Id", v).Send(http.MethodGet, "/v1/me", nil)
		},
		func(v string) binary.Answer {
			return server.Client().With("X-Forwarded-For", v).Send(http.MethodGet, "/v1/me", nil)
		},
		func(v string) binary.Answer {
			return server.Client().With("Host", v+".example").Send(http.MethodGet, "/v1/me", nil)
		},
		func(v string) binary.Answer {
			return server.Client().With("Content-Encoding", v).Send(http.MethodPost, "/v1/session", "{}")
		},
		func(v string) binary.Answer {
			return server.Client().With("Content-Type", v).Send(http.MethodPost, "/v1/session", "{}")
		},
		func(v string) binary.Answer {
			return admin.Send(http.MethodPost, api.PathOrgKeys(org), `{"name":"x","`+v+`":1}`)
		},
		func(v string) binary.Answer { return admin.Send(http.MethodPost, api.PathOrgKeys(org), `{"name":"`+v) },
		func(v string) binary.Answer {
			return admin.Send(http.MethodPost, api.PathOrgKeys(org), `{"name":"x","role":"`+v+`"}`)
		},
		func(v string) binary.Answer {
			return admin.Send(http.MethodPost, api.PathOrgKeys(org), `{"name":"x","role":"ADMIN","expires_at":"`+v+`"}`)
		},
		func(v string) binary.Answer {
			return admin.Send(http.MethodPost, api.PathSession, binary.JSON{"email": v, "password": v})
		},
		func(v string) binary.Answer { return admin.Send(http.MethodPost, api.PathSetup, setupWith(v)) },
		func(v string) binary.Answer {
			return admin.Send(http.MethodPost, api.PathVerify, binary.JSON{"key": v})
		},
		func(v string) binary.Answer {
			return admin.Send(http.MethodPost, api.PathVerify, binary.JSON{"key": v, "permission": v, "organization": v, "ip": v})
		},
		func(v string) binary.Answer { return admin.Send(http.MethodGet, api.PathOrgKeys(org)+"?q="+v, nil) },
		func(v string) binary.Answer { return admin.Send(http.MethodGet, api.PathOrgKeys(org)+"?sort="+v, nil) },
		func(v string) binary.Answer {
			return server.Client().With("Content-Type", "multipart/form-data; boundary="+v).Send(http.MethodPost, "/sign-in", "--"+v+"\r\nContent-Disposition: form-data; name=\""+v+"\"\r\n\r\n"+v+"\r\n--"+v+"--\r\n")
		},
		func(v string) binary.Answer {
			return server.Client().With("Content-Type", "application/x-www-form-urlencoded").Send(http.MethodPost, "/sign-in?next=/"+v, "email="+v+"&password="+v)
		},
	}
}

// others are what machines and further people hold, and keys in number: made, used,
// changed, ended and backed up.
func others(t *testing.T, server *binary.Server, admin *binary.Client, c *canaries) {
	t.Helper()
	org := admin.Org().ID
	link := func(l api.Link, what string) string {
		_, token, _ := strings.Cut(l.URL.Reveal(), "#token=")
		return c.add(what, token)
	}
	added := binary.Post[api.AddedUser](admin, api.PathUsers, binary.JSON{"email": "lee.park@example.com"}, 201)
	invited := link(added.Link, "an invitation")
	lee := server.ClientFor(t)
	binary.Post[api.Session](lee, api.PathInvitation, binary.JSON{"token": invited, "password": c.add("the password of an invited user", "meadow cobalt harness 91")}, 200)
	c.add("the session cookie of an invited user", lee.Cookie().Value)
	link(binary.Post[api.Link](admin, api.PathUserLink(added.User.ID), binary.JSON{"purpose": "reset"}, 201), "a reset link")
	admin.Send(http.MethodDelete, api.PathUser(added.User.ID), nil).Is(204)

	agent := binary.Post[api.Revealed](admin, api.PathSecretReveal(org, api.AgentKey), nil, 200)
	machine := server.Bearer(agent.Value)
	enrolled := binary.Post[api.Enrolled](machine, api.PathAgentEnroll, binary.JSON{"hostname": "web-1", "os": "Linux", "agent_version": "1.0"}, 201)
	device := server.Bearer(api.Hide(c.value("a device's token", enrolled.Token.Reveal())))
	device.Send(http.MethodPost, api.PathAgentCheckIn, nil).Is(200)
	for range 2 {
		rotated := binary.Post[api.AddedOrgSecret](admin, api.PathSecretRotate(org, api.AgentKey), nil, 200)
		c.value("a rotated agent access key", rotated.Value.Reveal())
		device.Send(http.MethodPost, api.PathAgentCheckIn, nil).Is(200)
	}
	for i := range size.Of(t, 25, 1000, "canaries of API keys") {
		k := admin.AddKey(fmt.Sprintf("canary-%d", i), api.Admin)
		c.value(fmt.Sprintf("canary %d", i), k.Value.Reveal())
		server.Bearer(k.Value).Send(http.MethodGet, api.PathMe, nil).Is(200)
		switch i % 3 {
		case 0:
			rotated := binary.Post[api.AddedKey](admin, api.PathKeyRotate(k.Key.ID), nil, 200)
			c.value(fmt.Sprintf("canary %d, rotated", i), rotated.Value.Reveal())
		case 1:
			admin.Send(http.MethodDelete, api.PathKey(k.Key.ID), nil).Is(204)
		}
	}
}

// backup makes one into the data folder, which is looked at, and looks at what is made
// of it by a restore.
func (c *canaries) backup(server *binary.Server) {
	c.t.Helper()
	file, restored := filepath.Join(server.Data, "keystead.backup"), c.t.TempDir()
	prints(c.t, server.Command("", "backup", file))
	prints(c.t, binary.Command(c.t, "", "restore", file, "--data", restored, "--master-key-file", filepath.Join(server.Data, "master.key")))
	c.folder(restored, "after a restore")
}

// canaries are the secrets of the tour.
type canaries struct {
	t    *testing.T
	list []leak.Canary
}

// add plants a secret, of which nothing may be found.
func (c *canaries) add(what, value string) string {
	c.t.Helper()
	if len(value) < 12 {
		c.t.Fatalf("%s is %q", what, value)
	}
	c.list = append(c.list, leak.Canary{What: what, Value: value})
	return value
}

// value plants a credential of ours, whose public id may be found.
func (c *canaries) value(what, value string) string {
	c.t.Helper()
	c.add(what, secretPart(api.Hide(value))[:32])
	return value
}

// planted is a well-formed API key that was never made.
func (c *canaries) planted(i int) string {
	return c.value(fmt.Sprintf("key %d that was never made", i), neverMade(i))
}

// token is a well-formed signed token that was never made.
func (c *canaries) token(i int) string {
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	return c.signed(fmt.Sprintf("token %d that was never made", i), strings.Join([]string{
		part(`{"alg":"HS256","typ":"ks-session+jwt"}`), part(fmt.Sprintf(`{"sid":"NEVERMADE%02dBUTLONG","sub":"someone"}`, i)), part(fmt.Sprintf("a signature of %02d or so bytes, 32", i)),
	}, "."))
}

// without are all canaries but one.
func (c *canaries) without(value string) *canaries {
	rest := slices.DeleteFunc(slices.Clone(c.list), func(canary leak.Canary) bool { return canary.Value == value })
	return &canaries{t: c.t, list: rest}
}

func (c *canaries) text(text, where string) {
	c.t.Helper()
	if text == "" {
		c.t.Errorf("nothing to look at: %s", where)
	}
	c.report(leak.In([]byte(text), where, c.list))
}

func (c *canaries) folder(folder, when string) {
	c.t.Helper()
	found, read, err := leak.InFolder(folder, c.list)
	if err != nil || read < 10_000 {
		c.t.Errorf("read %d bytes of %s: %v", read, folder, err)
	}
	for i := range found {
		found[i].Where += " " + when
	}
	c.report(found)
}

// sent looks at the addresses that the page asked for (P08).
func (c *canaries) sent(tab *browser.Tab) {
	c.t.Helper()
	for _, request := range tab.Sent() {
		if at, fragment, ok := strings.Cut(request.URL, "#"); ok && strings.HasSuffix(at, "/setup") && fragment != "" {
			request.URL = at // the fragment stays in the browser
		}
		c.report(leak.In([]byte(request.URL), "a request's address", c.list))
	}
}

func (c *canaries) report(found []leak.Found) {
	c.t.Helper()
	for _, f := range found {
		c.t.Error(f)
	}
}
