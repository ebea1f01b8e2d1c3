// Package verify answers one question: is this presented key good? One evaluator
// serves the verify door and our own authentication, so a key that is refused at
// one is refused at the other.
//
// A known key is answered from a bounded cache, any other is refused by its checksum
// before it is looked up. Entries hold while the database's epoch stands: a change of
// anything that a verdict rests on moves the epoch before the change is answered, so the
// very next request sees it. Nothing is written on this path: the last login is noted in
// memory and written later.
//
// A [Verdict] is the outcome for a [Target]. What the caches keep of a key is its record,
// found by the fingerprint of a presented value (byValue) or by what a token rests on
// (byBasis).
package verify
