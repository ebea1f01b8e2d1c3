package seal_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"keystead/server/seal"
)

// FuzzP04Master: what is taken for a master key is 32 bytes in base64 and nothing else,
// and reads the same when it is written down again.
func FuzzP04Master(f *testing.F) {
	good := strings.Repeat("A", 42) + "E="
	for _, seed := range []string{good, good + "\n", " " + good, good[:43], strings.Repeat("A", 40), strings.Repeat("A", 48), "", good + good, good[:20] + "\r\n" + good[20:]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		master, ok := seal.ParseMaster(text)
		if !ok {
			return
		}
		again, ok := seal.ParseMaster(master.Text().Reveal())
		if !ok || !again.Equal(master) {
			t.Fatalf("%q reads otherwise when it is written again", text)
		}
		digits := strings.Map(func(r rune) rune {
			if strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", r) {
				return r
			}
			return -1
		}, text)
		if len(digits) != base64.RawStdEncoding.EncodedLen(32) {
			t.Errorf("%q is taken for 32 bytes", text)
		}
	})
}
