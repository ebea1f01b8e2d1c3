package db

// LoseCarrier leaves only the writer to carry the WAL, as where there was no descriptor left
// for another connection.
func (d *DB) LoseCarrier() error { return d.carry.Close() }
