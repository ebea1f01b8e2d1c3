package db

// LoseCheckpoints leaves the checkpoints to the writer, as where there was no descriptor left
// for another connection.
func (d *DB) LoseCheckpoints() error { return d.checkpoints.Close() }

// BeginCheckpoint is as if one of a full WAL had begun, and goes on until end.
func (d *DB) BeginCheckpoint() (end func()) {
	d.checkpointing.Lock()
	return d.checkpointing.Unlock
}
