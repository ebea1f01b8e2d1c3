package backups

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"testing"
)

// vouching stands for the master key.
func vouching(head []byte) []byte {
	sum := sha256.Sum256(append([]byte("the master key "), head...))
	return sum[:]
}

// FuzzP65Open: a file is a backup if its three lines are, and what follows has the size
// and the sum that they say. Whoever can't vouch for the lines makes none that is.
func FuzzP65Open(f *testing.F) {
	whole := func(body string) []byte {
		sum := sha256.Sum256([]byte(body))
		line, err := json.Marshal(Header{Version: "1", Schema: 3, AuditHead: "1 aa", Size: int64(len(body)), SHA256: hex.EncodeToString(sum[:])})
		if err != nil {
			f.Fatal(err)
		}
		return line
	}
	f.Add(whole("a database"), []byte("a database"), false)
	f.Add(whole("a database"), []byte("a databas"), false)
	f.Add(whole(""), []byte{}, false)
	f.Add([]byte(`{"size":-1}`), []byte("x"), false)
	f.Add([]byte("{}\n{}"), []byte("x"), true)
	f.Add(whole("a database"), []byte("a database"), true)
	f.Fuzz(func(t *testing.T, line, body []byte, forged bool) {
		head := append([]byte(magic), append(line, '\n')...)
		third := sums(head, vouching(head))
		if forged {
			third = sums(head, make([]byte, sha256.Size))
		}
		o, err := open(bytes.NewReader(append(append(head, third...), body...)), nil)
		if err != nil {
			return
		}
		if o.vouched(vouching) == forged {
			t.Fatalf("vouched for: %v, forged: %v", o.vouched(vouching), forged)
		}
		var h Header
		if err := json.Unmarshal(line, &h); err != nil || bytes.ContainsRune(line, '\n') {
			t.Fatalf("%q is taken for a header", line)
		}
		sum := sha256.Sum256(body)
		good := h.Size == int64(len(body)) && h.SHA256 == hex.EncodeToString(sum[:])
		if err := o.unpack(filepath.Join(t.TempDir(), "k.db")); (err == nil) != good {
			t.Errorf("%d bytes under %q: %v", len(body), line, err)
		}
	})
}
