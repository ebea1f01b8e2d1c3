// Package rekey replaces the keys under everything, while the server works: the master
// key and with it the data key of stored values, and the pepper of their digests. How
// the keys hang together is told in package seal; here are the acts, and the rounds
// that carry the rows over.
//
// Both acts are short: new keys, one transaction, an audit row. What is stored from
// then on is stored under the new keys. The rows of before are carried over in rounds:
// a few at a time, each batch a commit of its own, and as much rest after it as it took,
// so that nobody who writes waits for long; readers never wait. Which rows are left is
// read from the rows themselves (the data key's id stands at the start of a ciphertext,
// the pepper's beside the digest), so a round that was cut off, by a kill too, is simply
// begun again: at the next start, or the next turn.
//
// What has a ciphertext is carried over from it. What has none (keys that nobody may be
// shown, previous values, devices' tokens) is known only when somebody brings it: its
// digest moves then, within a second, never in the way of the answer. A pepper is kept
// for as long as a row needs it, and not longer; links and overlaps need it until they
// end. A row that does not open is named in the log and keeps the old data key: it can
// be deleted or rotated.
package rekey
