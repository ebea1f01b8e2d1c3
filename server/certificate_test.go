package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keystead/server/config"
)

// The pair of a setting is there and can be used, or there is no start: a listener
// without a certificate fails every handshake, and says so to nobody.
func TestACertificateThatIsNotThereStopsTheStart(t *testing.T) {
	folder := t.TempDir()
	quiet := slog.New(slog.DiscardHandler)
	good, err := openCertificate(config.Config{Data: folder, TLSSelfSigned: true}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	here, missing, garbage := good.cert, filepath.Join(folder, "missing.pem"), filepath.Join(folder, "garbage.pem")
	if err := os.WriteFile(garbage, []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]string{{missing, missing}, {here, missing}, {missing, good.key}, {garbage, garbage}, {folder, folder}} {
		pair, err := openCertificate(config.Config{TLSCert: pair[0], TLSKey: pair[1]}, quiet)
		if err == nil || !strings.HasPrefix(err.Error(), "can't use the certificate: ") || pair != nil {
			t.Errorf("%v: %v", pair, err)
		}
	}
	if _, err := openCertificate(config.Config{TLSCert: here, TLSKey: good.key}, quiet); err != nil {
		t.Error(err)
	}
}

// Whoever renews the files may take them away first.
func TestACertificateStaysWhileItsFilesAreGone(t *testing.T) {
	pair, err := openCertificate(config.Config{Data: t.TempDir(), TLSSelfSigned: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ends := pair.expires()
	for _, file := range []string{pair.cert, pair.key} {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if pair.expires() != ends || pair.current() == nil {
			t.Errorf("without %s another certificate is shown", file)
		}
	}
}
