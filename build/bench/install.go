package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"keystead/shared/api"
)

// Who set the installation up.
const (
	email    = "mara.voss@example.com"
	password = "orbit lantern quarry 52"
)

// installation is the one under measurement.
type installation struct {
	args  []string // to serve it
	org   api.OrgID
	key   string // an ADMIN key of its Full Administrator
	known string // another key's value
	keys  string // file of ADMIN keys, one of each other person
	many  string // file of all keys that are not disabled
}

// install sets an installation up through the API, adds the keys that the loads
// present, and fills it while it does not run.
func (b *bench) install(ctx context.Context, name string, with crowd) (*installation, error) {
	data := filepath.Join(b.folder, name)
	home := &installation{args: []string{
		"serve", "--data", data, "--listen", "{address}", "--rate-limit", "1000000", "--max-keys-per-user", "10000000",
	}}
	server, err := b.serve(ctx, home)
	if err != nil {
		return nil, err
	}
	if err := home.setUp(ctx, server); err != nil {
		_ = server.stop()
		return nil, err
	}
	if err := server.stop(); err != nil {
		return nil, err
	}
	all, err := with.fill(ctx, data, home.org)
	if err != nil {
		return nil, fmt.Errorf("fill it: %w", err)
	}
	home.keys, home.many = data+".admin", data+".enabled"
	return home, errors.Join(writeLines(home.keys, all.admin), writeLines(home.many, all.enabled))
}

func writeLines(file string, lines []string) error {
	return os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600)
}

// serve runs the installation and waits until it answers.
func (b *bench) serve(ctx context.Context, home *installation) (*process, error) {
	server, err := b.spawn("keystead", b.keystead, home.args...)
	if err != nil {
		return nil, err
	}
	if _, err := server.answers(ctx, "/readyz"); err != nil {
		return nil, err
	}
	return server, nil
}

var setupLink = regexp.MustCompile(`/setup#token=(\S+)`)

func (home *installation) setUp(ctx context.Context, server *process) error {
	said, err := os.ReadFile(server.out)
	if err != nil {
		return err
	}
	token := setupLink.FindSubmatch(said)
	if token == nil {
		return fmt.Errorf("no set-up link in %q", said)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	c := client{server: server, http: http.Client{Jar: jar}}
	err = c.post(ctx, api.PathSetup, map[string]string{
		"token": string(token[1]), "email": email, "password": password,
		"first_name": "Mara", "last_name": "Voss", "organization": "Northwind Ops",
	}, nil)
	if err != nil {
		return err
	}
	var orgs api.Page[api.Org]
	if err := c.get(ctx, api.PathOrgs, &orgs); err != nil {
		return err
	}
	if len(orgs.Items) != 1 {
		return fmt.Errorf("%d organizations after set-up", len(orgs.Items))
	}
	home.org = orgs.Items[0].ID
	for name, value := range map[string]*string{"Load": &home.key, "Known": &home.known} {
		var added struct{ Value string }
		if err := c.post(ctx, api.PathOrgKeys(home.org), map[string]string{"name": name, "role": string(api.Admin)}, &added); err != nil {
			return err
		}
		*value = added.Value
	}
	return nil
}

// addSome adds keys at a steady pace until ctx ends.
func (home *installation) addSome(ctx context.Context, server *process, pace time.Duration) error {
	c := client{server: server, key: home.key}
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := c.post(ctx, api.PathOrgKeys(home.org), map[string]string{"name": fmt.Sprint("beside ", n), "role": string(api.ReadOnly)}, nil)
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// client asks the API, with a key or with the cookies of its jar.
type client struct {
	server *process
	http   http.Client
	key    string
}

func (c *client) get(ctx context.Context, path string, out any) error {
	return c.ask(ctx, http.MethodGet, path, nil, out)
}

func (c *client) post(ctx context.Context, path string, body, out any) error {
	return c.ask(ctx, http.MethodPost, path, body, out)
}

func (c *client) ask(ctx context.Context, method, path string, body, out any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, c.server.url(path), bytes.NewReader(text))
	if err != nil {
		return err
	}
	if body == nil {
		request.Body, request.ContentLength = http.NoBody, 0
	} else {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.key != "" {
		request.Header.Set("Authorization", "Bearer "+c.key)
	}
	if c.http.Jar != nil {
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s", method, path, answer.Status)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(out)
}
