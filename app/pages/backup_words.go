package pages

import (
	"strconv"
	"strings"
	"time"

	"keystead/app/ui"
	"keystead/shared/api"
)

// backupAge is how old the last backup may be where none is scheduled.
const backupAge = 7 * 24 * time.Hour

// backupTrouble is what is wrong with the backups, "" where nothing is.
func backupTrouble(b api.Backup, now time.Time) (tone ui.Tone, title, text string) {
	switch {
	case b.Failed != nil:
		text = b.Failed.Why
		if b.EverySeconds != nil {
			text += " It is tried again by itself."
		}
		return ui.Bad, "The last backup failed " + ui.Distance(b.Failed.At, now) + ".", text
	case b.Last == nil && !b.Folder:
		return ui.Warn, "Nothing is backed up.", "Start the server with --backup-dir, and it makes a backup every day and proves it."
	case b.Last == nil && b.EverySeconds == nil && !b.Running:
		return ui.Warn, "Nothing is backed up yet.", "None is made by itself: --backup-every is 0."
	case backupOld(b, now):
		return ui.Warn, "The last backup is old.", "Whatever was changed since would be lost."
	}
	return ui.Neutral, "", ""
}

// backupOld reports a last backup that missed two turns of the schedule.
func backupOld(b api.Backup, now time.Time) bool {
	may := backupAge
	if b.EverySeconds != nil {
		may = 2 * time.Duration(*b.EverySeconds) * time.Second
	}
	return b.Last != nil && now.Sub(b.Last.At) > may
}

// backupFacts is the small print below the line.
func backupFacts(b api.Backup) string {
	var facts []string
	if b.Last != nil {
		how := "not encrypted"
		if b.Last.Encrypted {
			how = "encrypted"
		}
		facts = append(facts, b.Last.File+", "+sizeOf(b.Last.Size)+", "+how+".")
	}
	if b.EverySeconds != nil {
		facts = append(facts, "One is made every "+spanOf(*b.EverySeconds)+", read back and proven.")
	}
	return strings.Join(facts, " ")
}

// sizeOf writes a number of bytes with the unit that fits.
func sizeOf(bytes int64) string {
	switch {
	case bytes < 1000:
		return strconv.FormatInt(bytes, 10) + " bytes"
	case bytes < 1_000_000:
		return strconv.FormatInt(bytes/1000, 10) + " KB"
	case bytes < 1_000_000_000:
		return tenths(bytes/100_000) + " MB"
	}
	return tenths(bytes/100_000_000) + " GB"
}

// tenths writes 12 as 1.2.
func tenths(n int64) string {
	return strconv.FormatInt(n/10, 10) + "." + strconv.FormatInt(n%10, 10)
}

// spanOf writes seconds as people say them behind "every".
func spanOf(seconds int64) string {
	for _, unit := range []struct {
		seconds   int64
		one, many string
	}{{86400, "day", "days"}, {3600, "hour", "hours"}, {60, "minute", "minutes"}} {
		switch n := seconds / unit.seconds; {
		case n == 0 || seconds%unit.seconds != 0:
		case n == 1:
			return unit.one
		default:
			return strconv.FormatInt(n, 10) + " " + unit.many
		}
	}
	return strconv.FormatInt(seconds, 10) + " seconds"
}
