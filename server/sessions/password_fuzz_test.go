package sessions

import (
	"fmt"
	"regexp"
	"testing"

	"golang.org/x/crypto/argon2"
)

// phc is the form of our hashes, written down a second time: 16 bytes of salt and 32 of
// hash are 22 and 43 characters.
var phc = regexp.MustCompile(fmt.Sprintf(`^\$argon2id\$v=%d\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]*\$[A-Za-z0-9+/]{43}$`, argon2.Version))

// FuzzP11Stored: a stored hash that is taken apart has the form, and its parts make it
// again; what has not, never matches.
func FuzzP11Stored(f *testing.F) {
	for _, seed := range []string{
		nobodys, "", "$argon2id$", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA", "$argon2id$v=19$m=0,t=0,p=0$$",
		"$argon2id$v=19$m=19456,t=2,p=1x$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=+19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stored string) {
		p, salt, hash, ok := decode(stored)
		if !ok {
			return
		}
		if !phc.MatchString(stored) || p.encode(salt, hash) != stored {
			t.Errorf("%q is taken for %q", stored, p.encode(salt, hash))
		}
		if p.time == 0 || p.threads == 0 || len(hash) != hashLen {
			t.Errorf("%q makes argon2 panic, or weak", stored)
		}
	})
}
