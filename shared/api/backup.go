package api

import "time"

// PathBackup is how backups stand.
const PathBackup = "/v1/account/backup"

// Backup is how backups stand.
type Backup struct {
	Folder       bool          `json:"folder"`        // the server has a folder for them
	EverySeconds *int64        `json:"every_seconds"` // null: none is made by itself
	Encrypted    bool          `json:"encrypted"`     // the next one will be
	Running      bool          `json:"running"`
	Last         *BackupMade   `json:"last"`   // the last proven one
	Failed       *BackupFailed `json:"failed"` // null: the last try did not fail
}

// BackupMade is a backup that was read back and proven.
type BackupMade struct {
	At        time.Time `json:"at"` // nothing older is missing in it
	File      string    `json:"file"`
	Size      int64     `json:"size"`
	Encrypted bool      `json:"encrypted"`
}

// BackupFailed is a try that left no backup.
type BackupFailed struct {
	At  time.Time `json:"at"`
	Why string    `json:"why"`
}
