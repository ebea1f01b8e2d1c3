package e2e_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// certificate makes one for this machine and answers its files and who trusts it.
func certificate(t *testing.T) (cert, key string, trust *x509.CertPool) {
	t.Helper()
	return certificateIn(t, t.TempDir())
}

// certificateIn is [certificate] with its files in that folder, over those before.
func certificateIn(t *testing.T, folder string) (cert, key string, trust *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, content []byte) string {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	trust = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	trust.AddCert(parsed)
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", secret), trust
}

// Over https the cookie is __Host- and Secure, and browsers are told to stay there:
// the client checks both of every answer.
func TestP09P54HTTPS(t *testing.T) {
	t.Parallel()
	cert, key, trust := certificate(t)
	server := binary.Start(t, "--tls-cert", cert, "--tls-key", key)
	c := server.Client().At("https://127.0.0.1:"+server.Port, &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust}})
	binary.Post[api.Session](c, api.PathSetup, setupWith(server.SetupToken()), 201)
	if name := c.Cookie().Name; name != "__Host-keystead" {
		t.Errorf("the cookie is %s", name)
	}
	c.Send(http.MethodGet, api.PathMe, nil).Is(200)
	c.Send(http.MethodGet, "/", nil).Is(200)
	c.Send(http.MethodGet, "/sign-in", nil)
	c.Send(http.MethodGet, "/nothing.txt", nil).Refused(404, fault.NotFound, "")
	old := &tls.Config{RootCAs: trust, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	if conn, err := tls.Dial("tcp", "127.0.0.1:"+server.Port, old); err == nil {
		_ = conn.Close()
		t.Error("TLS 1.1 is taken")
	}
}

// Every kind of answer carries the headers, errors too; HEAD answers like GET.
func TestP54HeadersOnEveryKindOfAnswer(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	admin := server.SetUp()
	for _, path := range []string{
		"/", "/settings/secrets-keys", "/sign-in", "/setup", "/sw.js", "/manifest.webmanifest", "/openapi.json", "/healthz", "/readyz", "/nothing.css",
		"/v1", "/v1/nothing", "/api", "/api/v1/x", "/.well-known/x", "/invite", "/assets/nothing.js", api.PathMe, api.PathSession,
	} {
		got := server.Client().Send(http.MethodGet, path, nil)
		head := server.Client().Send(http.MethodHead, path, nil)
		if got.Status >= 500 || head.Status != got.Status || len(head.Body) != 0 {
			t.Errorf("%s: GET %d, HEAD %d with %d bytes", path, got.Status, head.Status, len(head.Body))
		}
	}
	for _, method := range []string{http.MethodOptions, http.MethodTrace, http.MethodPut, "PROPFIND"} {
		if got := admin.Send(method, api.PathMe, nil); got.Status < 400 && method != http.MethodOptions {
			t.Errorf("%s: %d", method, got.Status)
		}
	}
	// A shell for every page of the console, and for nothing else.
	server.Client().Send(http.MethodGet, "/settings/anything", nil).Is(200)
	server.Client().Send(http.MethodGet, "/v1/..%2f..%2fetc/passwd", nil).Refused(404, fault.NotFound, "")
	// What was set before sign-in is never adopted as a session.
	forged := server.Client().With("Cookie", "keystead_"+server.Port+"="+admin.Cookie().Value)
	answer := forged.Send(http.MethodPost, api.PathSession, binary.JSON{"email": binary.Email, "password": binary.Password}).Is(200)
	for _, cookie := range answer.Cookies {
		if cookie.Value == admin.Cookie().Value {
			t.Error("P10: the cookie that came along became the session's")
		}
	}
}

// Who renews a certificate replaces its files: the next connection gets the new one,
// without a restart, and those that are open go on. What can't be used, at any moment of
// the replacing, leaves the one before.
func TestANewCertificateIsTakenWithoutARestart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	cert, key, old := certificateIn(t, folder)
	server := binary.Start(t, "--tls-cert", cert, "--tls-key", key)
	shown := func(trust *x509.CertPool) error {
		conn, err := tls.Dial("tcp", "127.0.0.1:"+server.Port, &tls.Config{RootCAs: trust})
		if err == nil {
			_ = conn.Close()
		}
		return err
	}
	open, err := tls.Dial("tcp", "127.0.0.1:"+server.Port, &tls.Config{RootCAs: old})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = open.Close() }()

	newCert, newKey, trust := certificateIn(t, t.TempDir())
	read := func(path string) []byte {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, step := range []struct {
		what  string
		do    func() error
		trust *x509.CertPool
	}{
		{"nothing yet", func() error { return nil }, old},
		{"half a certificate", func() error { return os.WriteFile(cert, read(newCert)[:200], 0o600) }, old},
		{"nonsense", func() error { return os.WriteFile(cert, []byte("nonsense"), 0o600) }, old},
		{"no certificate", func() error { return os.Remove(cert) }, old},
		{"the new certificate beside the old key", func() error { return os.WriteFile(cert, read(newCert), 0o600) }, old},
		{"half a key", func() error { return os.WriteFile(key, read(newKey)[:100], 0o600) }, old},
		{"both", func() error { return os.WriteFile(key, read(newKey), 0o600) }, trust},
		{"a key that went away", func() error { return os.Remove(key) }, trust},
		{"the key again", func() error { return os.WriteFile(key, read(newKey), 0o600) }, trust},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := shown(step.trust); err != nil {
				t.Errorf("%s: %v", step.what, err)
			}
		}
	}
	if shown(old) == nil {
		t.Error("the old certificate is still shown")
	}
	if said := strings.Count(server.Log(), "the pair before stays"); said != 6 {
		t.Errorf("of six changes that can't be used the log tells %d times", said)
	}
	if !strings.Contains(server.Log(), "took the new certificate") {
		t.Error("the log says nothing of the new one")
	}
	if _, err := io.WriteString(open, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(open); err != nil || !strings.HasPrefix(string(text), "HTTP/1.1 200 ") {
		t.Errorf("an open connection: %q %v", text, err)
	}
}
