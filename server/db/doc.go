// Package db is the one door to SQLite: it opens the file, migrates it, runs
// transactions and turns what SQLite says into faults.
//
// One connection writes, a few read. Writes share commits: many acts that arrive
// at once run one after another in one transaction, each in its own savepoint but
// for those of [DB.Append], and each is answered after the commit. So a hundred added
// keys cost a few fsyncs, not a hundred, at full durability (WAL, synchronous=FULL). What
// a commit adds to the WAL is gathered by package wal. One more connection makes the
// checkpoints while the writer goes on.
//
// After a sync that failed nothing is written any more, neither the file nor the WAL: what
// is on the disk then, only a new start can tell.
//
// Inside [DB.Write] use the [Tx] and never the [DB]: there is only one writer.
package db
