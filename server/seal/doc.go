// Package seal makes credentials and keeps them: random values, keyed digests to
// find them by, ciphertexts to show them from. It is the only package that touches
// the cryptography of stored secrets.
//
// A digest is HMAC-SHA-256 under a pepper; a ciphertext is Tink AEAD (AES-256-GCM),
// bound to the [Place] where it is stored, so that one moved to another row,
// column or organization does not open. Pepper, AEAD keyset and the keys for
// sessions and the audit chain lie in the table keyset, each sealed by the master
// key (XChaCha20-Poly1305), which lies outside the database.
package seal
