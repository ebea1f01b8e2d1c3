package e2e_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// certificate makes one for this machine and answers its files and who trusts it.
func certificate(t *testing.T) (cert, key string, trust *x509.CertPool) {
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
	folder := t.TempDir()
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
