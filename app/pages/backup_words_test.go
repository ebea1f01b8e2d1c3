package pages

import (
	"testing"
	"time"

	"keystead/app/ui"
	"keystead/shared/api"
)

func TestP65WhatIsWrongWithBackups(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	made := func(ago time.Duration) *api.BackupMade { return &api.BackupMade{At: now.Add(-ago)} }
	six := int64(6 * 3600)
	failed := &api.BackupFailed{At: now, Why: "There is no room for it."}
	for name, c := range map[string]struct {
		b    api.Backup
		tone ui.Tone
	}{
		"fresh":                       {api.Backup{Folder: true, EverySeconds: &six, Last: made(11 * time.Hour)}, ui.Neutral},
		"two turns late":              {api.Backup{Folder: true, EverySeconds: &six, Last: made(13 * time.Hour)}, ui.Warn},
		"by hand, this week":          {api.Backup{Last: made(6 * 24 * time.Hour)}, ui.Neutral},
		"by hand, long ago":           {api.Backup{Last: made(8 * 24 * time.Hour)}, ui.Warn},
		"none and no folder":          {api.Backup{}, ui.Warn},
		"none and nobody makes one":   {api.Backup{Folder: true}, ui.Warn},
		"the first is being made":     {api.Backup{Folder: true, Running: true}, ui.Neutral},
		"the first is on its way":     {api.Backup{Folder: true, EverySeconds: &six}, ui.Neutral},
		"failed, though one is fresh": {api.Backup{Folder: true, EverySeconds: &six, Last: made(time.Hour), Failed: failed}, ui.Bad},
		"failed, and there never was": {api.Backup{Folder: true, Failed: failed}, ui.Bad},
	} {
		tone, title, text := backupTrouble(c.b, now)
		if tone != c.tone || (title == "") != (tone == ui.Neutral) || (text == "") != (title == "") {
			t.Errorf("%s: %q %q %q", name, tone, title, text)
		}
	}
}

func TestSizesAndSpansOfBackups(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 340_500: "340 KB", 1_250_000: "1.2 MB", 12_000_000_000: "12.0 GB"} {
		if got := sizeOf(bytes); got != want {
			t.Errorf("%d: %s, want %s", bytes, got, want)
		}
	}
	for seconds, want := range map[int64]string{86400: "day", 21600: "6 hours", 3600: "hour", 5400: "90 minutes", 61: "61 seconds", 172800: "2 days"} {
		if got := spanOf(seconds); got != want {
			t.Errorf("%d: %s, want %s", seconds, got, want)
		}
	}
	day := int64(86400)
	b := api.Backup{EverySeconds: &day, Last: &api.BackupMade{File: "k.backup.age", Size: 2_000_000, Encrypted: true}}
	if got := backupFacts(b); got != "k.backup.age, 2.0 MB, encrypted. One is made every day, read back and proven." {
		t.Error(got)
	}
}
