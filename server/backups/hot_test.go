package backups_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"keystead/build/e2e/leak"
	"keystead/build/promises/size"
	"keystead/server/audit"
	"keystead/server/house"
	"keystead/shared/api"
)

// aSecond is how many writes go on meanwhile. As fast as they go, the database would soon
// be larger than a backup of it is worth waiting for.
const aSecond = 500

// load adds keys and changes them, and knows what was acknowledged.
type load struct {
	mu      sync.Mutex
	done    []api.AddedKey
	changed map[api.KeyID]int // the number in the description
	writes  int
	pace    *time.Ticker
	ended   chan struct{}
	all     sync.WaitGroup
}

func (s *stage) load(writers int) *load {
	l := &load{changed: map[api.KeyID]int{}, pace: time.NewTicker(time.Second / aSecond), ended: make(chan struct{})}
	for w := range writers {
		l.all.Go(func() {
			for i := 0; s.T.Context().Err() == nil; i++ {
				select {
				case <-l.ended:
					return
				case <-l.pace.C:
				}
				if err := s.write(l, w, i); err != nil {
					s.T.Error(err)
					return
				}
			}
		})
	}
	return l
}

// write adds a key, or changes the one that was added last, nineteen times.
func (s *stage) write(l *load, writer, i int) error {
	const turns = 20
	who, name := s.As(s.admin), fmt.Sprintf("hot-%d-%d", writer, i/turns)
	if i%turns == 0 {
		added, err := s.Keys.Add(s.T.Context(), who, &s.org, api.AddKey{Name: name, Role: api.ReadOnly, ExpiresAt: api.Null[time.Time]()})
		l.note(func() { l.done, l.changed[added.Key.ID] = append(l.done, added), 0 })
		return err
	}
	var id api.KeyID
	if err := s.DB.Read(s.T.Context()).Get(&id, "SELECT id FROM api_keys WHERE name = ?", name); err != nil {
		return err
	}
	text := strconv.Itoa(i % turns)
	_, err := s.Keys.Edit(s.T.Context(), who, id, api.EditKey{Description: &text})
	l.note(func() { l.changed[id] = i % turns })
	return err
}

func (l *load) note(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	l.writes++
}

// acknowledged is what was answered so far.
func (l *load) acknowledged() (added []api.AddedKey, changed map[api.KeyID]int, writes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.done[:len(l.done):len(l.done)], maps.Clone(l.changed), l.writes
}

func (l *load) end() {
	close(l.ended)
	l.all.Wait()
	l.pace.Stop()
}

// TestP65HotBackupsAreConsistentAndComplete backs up while keys are added and changed,
// restores every backup and demands all that was acknowledged before it began. What Restore
// proves on its way, the integrity and the chain, is proven again from outside.
func TestP65HotBackupsAreConsistentAndComplete(t *testing.T) {
	s := newStage(t, nil)
	id, file := identity(t)
	l := s.load(4)
	defer l.end()
	began := time.Now()
	next := time.NewTicker(time.Millisecond)
	defer next.Stop()
	for i := range size.Of(t, 3, 100, "hot backups") {
		before, changed, writes := l.acknowledged()
		for ; writes < 100*(i+1); <-next.C { // there is something to lose each time
			before, changed, writes = l.acknowledged()
		}
		in := house.Restore{File: s.make(fmt.Sprintf("hot-%d.backup", i))}
		if i%2 == 1 {
			in = house.Restore{File: s.make(fmt.Sprintf("hot-%d.backup.age", i), id.Recipient()), Identity: file}
		}
		h, _ := s.restored(in)
		s.holds(h, before, changed)
		if rows, err := h.Trail.Verify(t.Context()); err != nil || rows == 0 {
			t.Errorf("backup %d: %d rows of the audit log, %v", i, rows, err)
		}
		if found, read, err := leak.InFolder(s.dir, canaries(s.value, before)); err != nil || read == 0 || len(found) > 0 {
			t.Errorf("backup %d: %v in %d bytes, %v", i, found, read, err)
		}
		s.Must(os.Remove(in.File))
	}
	_, _, writes := l.acknowledged()
	t.Logf("%d writes in %v", writes, time.Since(began))
}

// holds demands acknowledged keys and changes in a restored house, the last key good.
func (s *stage) holds(h *house.House, added []api.AddedKey, changed map[api.KeyID]int) {
	s.T.Helper()
	var rows []struct {
		ID          api.KeyID `db:"id"`
		Description string    `db:"description"`
	}
	s.Must(h.DB.Read(s.T.Context()).Select(&rows, "SELECT id, description FROM api_keys WHERE deleted_at IS NULL"))
	there := map[api.KeyID]int{}
	for _, row := range rows {
		there[row.ID], _ = strconv.Atoi(row.Description)
	}
	for id, want := range changed {
		if got, ok := there[id]; !ok || got < want {
			s.T.Errorf("key %d was at %d before the backup and is at %d in it (there: %v)", id, want, got, ok)
		}
	}
	last := added[len(added)-1]
	shown, err := h.Keys.Reveal(s.T.Context(), s.As(s.admin), last.Key.ID, api.Reveal{})
	if err != nil || shown.Value.Reveal() != last.Value.Reveal() {
		s.T.Errorf("the last value is not shown as it was: %v", err)
	}
	var sound string
	s.Must(h.DB.Read(s.T.Context()).Get(&sound, "PRAGMA integrity_check"))
	if sound != "ok" {
		s.T.Error(sound)
	}
}

func canaries(first string, added []api.AddedKey) []leak.Canary {
	list := []leak.Canary{{What: "the first key", Value: secretOf(first)}}
	for _, a := range added[max(0, len(added)-50):] {
		list = append(list, leak.Canary{What: a.Key.Name, Value: secretOf(a.Value.Reveal())})
	}
	return list
}

// secretOf is the part of a value that nothing may show.
func secretOf(value string) string { return value[len(value)-7-32 : len(value)-7] }

// TestP01WhatWasDeletedIsNotInABackup: not even in pages that SQLite keeps for later.
func TestP01WhatWasDeletedIsNotInABackup(t *testing.T) {
	s := newStage(t, nil)
	var sealed []byte
	s.Must(s.DB.Read(t.Context()).Get(&sealed, "SELECT ciphertext FROM api_keys WHERE id = ?", s.key))
	one := []leak.Canary{{What: "the ciphertext", Value: string(sealed)}}
	with := s.make("with.backup")
	s.Must(s.Keys.Delete(t.Context(), s.As(s.admin), s.key))
	without := s.make("without.backup")
	for path, want := range map[string]int{with: 1, without: 0} {
		text, err := os.ReadFile(path)
		s.Must(err)
		if found := leak.In(text, path, one); len(found) != want {
			t.Errorf("%s: found %d, want %d", filepath.Base(path), len(found), want)
		}
	}
}

func TestP65ABackupIsPrivateAndAuditedAndNeverOverwrites(t *testing.T) {
	s := newStage(t, nil)
	path := s.make("one.backup")
	info, err := os.Stat(path)
	s.Must(err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("it is %v", info.Mode())
	}
	master, err := os.ReadFile(s.Config.MasterKey())
	s.Must(err)
	text, err := os.ReadFile(path)
	s.Must(err)
	if found := leak.In(text, path, []leak.Canary{{What: "the master key", Value: string(master[:43])}}); len(found) > 0 {
		t.Error(found)
	}
	if n := s.Number("SELECT count(*) FROM audit WHERE act = 'backup.make' AND target_name = 'one.backup'"); n != 1 {
		t.Errorf("%d rows of the audit log", n)
	}
	if _, err := s.Backups.Make(t.Context(), audit.Console(), path, nil); err == nil {
		t.Error("a backup was written over")
	}
	after, err := os.ReadFile(path)
	s.Must(err)
	if string(after) != string(text) {
		t.Error("the backup changed")
	}
	if got := names(t, s.dir); len(got) != 1 {
		t.Errorf("beside it lie %v", got)
	}
	for _, name := range names(t, s.Config.Data) {
		if info, err := os.Stat(filepath.Join(s.Config.Data, name)); err == nil && info.IsDir() {
			t.Errorf("a working copy stays: %s", name)
		}
	}
}

func TestP65ABackupThatIsGivenUpLeavesNothing(t *testing.T) {
	s := newStage(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Backups.Make(ctx, audit.Console(), filepath.Join(s.dir, "late.backup"), nil); err == nil {
		t.Error("it was made")
	}
	if got := names(t, s.dir); len(got) != 0 {
		t.Errorf("there is %v", got)
	}
	if n := s.Number("SELECT count(*) FROM backups") + s.Number("SELECT count(*) FROM audit WHERE act = 'backup.make'"); n != 0 {
		t.Errorf("%d rows tell of it", n)
	}
	s.make("later.backup") // and the next one is made
}
