package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"keystead/shared/api"
)

const (
	patience  = 30 * time.Second // for one request with its answer
	maxAnswer = 8 << 20          // bytes; a page of 100 keys has about 60 KB
)

// client asks one server with one key.
type client struct {
	base string
	key  api.Secret
	http *http.Client
}

// newClient checks where the key would go. By plain http it would travel readable, so
// beyond this machine that has to be asked for, as on the server.
func newClient(base string, key api.Secret, insecure bool) (*client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, misuse("KEYSTEAD_URL is a URL such as https://keys.example.com")
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) && !insecure {
		return nil, misuse("http://%s would carry the key readable: give KEYSTEAD_URL an https address, or --insecure-http", u.Host)
	}
	return &client{strings.TrimRight(base, "/"), key, &http.Client{
		Timeout: patience,
		// Nobody but the server that was named gets the key.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// ask sends in, if there is one, and reads the answer into out. A refusal is a
// [refused].
func (c *client) ask(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.key.Reveal())
	req.Header.Set("Accept", "application/json")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return c.unreached(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return c.unreached(err)
	}
	if err := refusal(res, text); err != nil {
		return err
	}
	if out != nil && json.Unmarshal(text, out) != nil {
		return fmt.Errorf("what answers at %s is not Keystead", c.base)
	}
	return nil
}

// unreached says in words why there was no answer.
func (c *client) unreached(err error) error {
	var wrapped *url.Error
	var op *net.OpError
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &wrapped) && wrapped.Timeout():
		return fmt.Errorf("%s did not answer within %s", c.base, patience)
	case errors.As(err, &op):
		err = op.Err
	case wrapped != nil:
		err = wrapped.Err
	}
	return fmt.Errorf("can't reach %s: %w", c.base, err)
}
