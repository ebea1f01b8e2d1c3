package db

// LoseCheckpoints leaves the checkpoints to the writer, as where there was no descriptor left
// for another connection.
func (d *DB) LoseCheckpoints() error { return d.checkpoints.Close() }
