// Package seal makes credentials and keeps them: random values, keyed digests to
// find them by, ciphertexts to show them from. It is the only package that touches
// the cryptography of stored secrets.
//
// A digest is HMAC-SHA-256 under a pepper; a ciphertext is Tink AEAD (AES-256-GCM),
// bound to the [Place] where it is stored, so that one moved to another row,
// column or organization does not open. Peppers, data keys and the keys for
// sessions, access tokens and the audit chain lie in the table keyset, each sealed by
// the master key (XChaCha20-Poly1305), which lies outside the database.
//
// # Replacing keys
//
// The master key seals the keyset only, so replacing it ([Sealer.Rotate]) is one short
// transaction: every row, whatever its purpose, is sealed by the new one. Whoever has
// the old master key and an old copy of the database has the old data key too, so
// the same transaction adds a data key, which is the primary from then on; values are
// sealed anew under it row by row, and the old data key is dropped when no ciphertext
// is left under it. A ciphertext begins with the id of its data key ([Sealer.Prefix]),
// which is how rows that are left are found.
//
// A file and a database do not change in one moment. So the transaction also keeps the
// new master key sealed by the old one, the [Bridge]: a start with the old key goes over
// it, a start with the new one takes it away. In order: the transaction; the new file,
// written beside the old one, synced and renamed over it; the bridge burnt. Wherever
// that is cut off, the key that lies in the file opens the database, and the next start
// goes on from there. A file that is the operator's is replaced by the operator, and the
// bridge stands until then.
//
// A digest can't be turned into another without the value. A new pepper
// ([Sealer.AddPepper]) is added to those that there are, and values are looked for under
// all ([Sealer.Find]); what has a ciphertext is digested anew from it, the rest when its
// value comes by. A pepper is dropped when no row needs it.
//
// The key of the audit chain is sealed anew and never replaced: rows that were written
// must verify for as long as there are any. So it is with the session key, because it
// signs only names of sessions that a row must exist for: whoever had it and an old copy
// of the database could sign the cookies of sessions that were open then, for the half
// day that they last. End those that matter.
package seal
