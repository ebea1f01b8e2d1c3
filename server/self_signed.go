package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"net"
	"os"
	"time"

	"keystead/server/config"
)

// certificateLife is how long a certificate of our own is good. Browsers refuse
// longer ones.
const certificateLife = 397 * 24 * time.Hour

// ensureCertificate makes a certificate where there is none that lasts another day.
func ensureCertificate(cfg config.Config, cert, key string) error {
	if pair, err := tls.LoadX509KeyPair(cert, key); err == nil && time.Now().Add(24*time.Hour).Before(pair.Leaf.NotAfter) {
		return nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	text, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	if err := os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text}), 0o600); err != nil {
		return err
	}
	signed, err := selfSign(private, names(cfg))
	if err != nil {
		return err
	}
	return os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), 0o644) // #nosec G306 -- everyone may see a certificate
}

func selfSign(private *ecdsa.PrivateKey, hosts []string) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template := x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Keystead"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	return x509.CreateCertificate(rand.Reader, &template, &template, private.Public(), private)
}

// names are what the certificate is for: this machine, by every name it is likely to
// be called.
func names(cfg config.Config) []string {
	list := []string{"localhost", "127.0.0.1", "::1"}
	if host, _, err := net.SplitHostPort(cfg.Listen); err == nil && host != "" {
		list = append(list, host)
	}
	if host := cfg.PublicHost(); host != "" {
		list = append(list, host)
	}
	if name, err := os.Hostname(); err == nil {
		list = append(list, name)
	}
	return list
}
