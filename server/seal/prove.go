package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
)

// Prove opens what is stored at a place and holds the value against the digest that
// it is found by. The value is dropped here.
func (s *Sealer) Prove(sealed []byte, found Digest, at Place) error {
	value, err := s.Open(sealed, at)
	if err != nil {
		return err
	}
	for _, p := range s.keys.Load().peppers {
		if p.id == found.Pepper && hmac.Equal(p.digest(value.Reveal()).Sum, found.Sum) {
			return nil
		}
	}
	return fmt.Errorf("what is stored in %s.%s is not the value that its digest finds", at.Table, at.Column)
}

// Vouch is a MAC that only an installation with this keyset makes: by it a backup is
// known as its own and as unchanged.
func (s *Sealer) Vouch(text []byte) []byte {
	key := hmac.New(sha256.New, s.AuditKey())
	key.Write([]byte("keystead backup")) // a key of its own: the audit log's makes rows only
	mac := hmac.New(sha256.New, key.Sum(nil))
	mac.Write(text)
	return mac.Sum(nil)
}
