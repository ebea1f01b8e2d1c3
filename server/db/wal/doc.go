// Package wal has SQLite write to its WAL in few large pieces.
//
// SQLite hands each page of a commit to the system in two pieces, its header and itself:
// some 200 writes for what a few dozen added keys change, which take longer than the sync
// after them. A VFS of ours over SQLite's own gathers what is written to a WAL one piece
// directly behind the other. It passes that on once the last page of a commit is there, and
// before anything else is done with the file. So the order of writes and syncs stays
// SQLite's, others see what they saw without it, and what fails is told to who commits.
//
// The database itself, its shared memory and its locks are left to SQLite's own VFS. Only
// where a connection lets go of its write lock is it noticed: what waits then was rolled
// back, and is forgotten, since others may write in its place.
package wal
