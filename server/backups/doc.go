// Package backups makes backups, proves them and restores them.
//
// A backup is one file: a line that names the format, a line of JSON that says what
// it holds ([Header]), a line with two sums, and the database as SQLite wrote it:
//
//	keystead backup 1
//	{"version":"1.2","schema":6,"account":"0b5f…","made_at":"…","audit_head":"…","size":…,"sha256":"…"}
//	<SHA-256 of the two lines above> <their MAC, by a key that the master key seals>
//	SQLite format 3…
//
// So "tail -n +4" brings the database back on a day on which nothing else does. With
// recipients the whole is an age file around that. It never holds the master key:
// without the one that was in use then it opens for nobody.
//
// A backup is made hot: others write on, and what they write is not in it. It gets
// its name only after it was read back from the disk and proven: sums, MAC, pages,
// references, every stored value opened and held against its digest, the audit log
// up to the head that the header names. Since nobody here can read what is encrypted
// for others, it is encrypted for one key more, which is drawn for this file, reads it
// back once and is dropped. That the recipient's own key opens it is for its holder to
// try: "restore --check".
//
// Restoring ends every session and link, which the backup would bring back to life.
package backups
