// Package audit is the record of who did what. Every change and every reveal
// writes one row in its own transaction, or does not happen. Rows are never
// changed; each carries an HMAC over itself and the row before it, so that an
// edit, a deletion or a swap breaks the chain. The head of the chain also goes to
// a file beside the database, against a cut tail.
//
// A row never holds a secret: facts are names, ids and counts.
package audit
