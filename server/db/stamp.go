package db

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Stamp is a time as it is stored: Unix milliseconds in UTC. A column that may be
// null scans into *Stamp.
type Stamp struct{ time.Time }

// At is the stamp of t.
func At(t time.Time) Stamp { return Stamp{t.UTC().Truncate(time.Millisecond)} }

// AtOrNull is the stamp of t, or null where there is no t.
func AtOrNull(t *time.Time) *Stamp {
	if t == nil {
		return nil
	}
	s := At(*t)
	return &s
}

// Or is the time of s, or nil where it is null.
func (s *Stamp) Or() *time.Time {
	if s == nil {
		return nil
	}
	return &s.Time
}

// Value is the number for the database.
func (s Stamp) Value() (driver.Value, error) { return s.stored(), nil }

func (s Stamp) stored() int64 { return s.UnixMilli() }

// Scan reads the number.
func (s *Stamp) Scan(src any) error {
	ms, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as a number, not as %T", src)
	}
	s.Time = time.UnixMilli(ms).UTC()
	return nil
}
