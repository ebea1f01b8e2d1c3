// Package audit is the record of who did what. Every change and every reveal
// writes one row in its own transaction, or does not happen. Rows are never
// changed; each carries an HMAC over itself and the row before it, so that an
// edit, a deletion or a swap breaks the chain. The head of the chain also goes to
// a file beside the database, against a cut tail.
//
// Refusals change nothing, so they must not cost a write each: whoever is refused
// could fill the disk. Those of known callers, at doors that change or reveal
// something, are counted in memory by caller, address, act, target and reason, and
// each count is one row within a minute, with its number. A caller has few counters
// and all callers together a bounded number; what is beyond loses its details, not its
// count. A crash loses the refusals of its last minute, and nothing else. Strangers
// are counted by address in package sessions.
//
// Who holds audit:read on the account reads all rows, in an organization those of that
// organization. What was done to one API key is its history, for whoever may see the
// details of that key. Exports are streamed in bounded pages; a spreadsheet takes no
// cell of them for a formula.
//
// A row never holds a secret: facts are names, ids and counts.
package audit
