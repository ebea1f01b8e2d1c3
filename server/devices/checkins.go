package devices

import (
	"time"

	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
)

// checkIn is the latest time that a device was there.
type checkIn struct {
	at      time.Time
	address string
	version string // of the agent; "": as it was
}

func (n checkIn) Time() time.Time { return n.at }

// Over keeps the version that is known.
func (n checkIn) Over(older checkIn) checkIn {
	if n.version == "" {
		n.version = older.version
	}
	return n
}

// overlay puts what is not written yet over what was read.
func (d *Devices) overlay(device *row) {
	news, ok := d.checkIns.Of(device.ID)
	if !ok || device.LastCheckInAt != nil && news.at.Before(device.LastCheckInAt.Time) {
		return
	}
	at := db.At(news.at)
	device.LastCheckInAt, device.LastIP = &at, news.address
	if news.version != "" {
		device.AgentVersion = news.version
	}
}

// writeCheckIn moves a last check-in forward, never back.
func writeCheckIn(tx *db.Tx, id api.DeviceID, news checkIn) error {
	d, err := one(tx, id)
	if err != nil {
		return ignoreMissing(err)
	}
	if news.version != "" {
		d.AgentVersion = news.version
	}
	_, err = tx.Exec(`
		UPDATE devices
		   SET last_check_in_at = ?,
		       last_ip = ?,
		       agent_version = ?,
		       search = ?
		 WHERE id = ?
		   AND (last_check_in_at IS NULL OR last_check_in_at < ?)`,
		db.At(news.at), news.address, d.AgentVersion, fold.Text(d.search()), id, db.At(news.at))
	return err
}
