package backups_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"keystead/build/e2e/leak"
	"keystead/server/audit"
	"keystead/server/house"
	"keystead/shared/api"
)

// hot is how many backups are made under load: BACKUPS=100 for the whole promise.
func hot(t *testing.T) int {
	t.Helper()
	text := os.Getenv("BACKUPS")
	if text == "" {
		return 3
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// load adds keys as fast as it goes, and knows which were acknowledged.
type load struct {
	mu    sync.Mutex
	done  []api.AddedKey
	ended chan struct{}
	all   sync.WaitGroup
}

func (s *stage) load(writers int) *load {
	l := &load{ended: make(chan struct{})}
	who := s.As(s.admin)
	for w := range writers {
		l.all.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-l.ended:
					return
				default:
				}
				added, err := s.Keys.Add(s.T.Context(), who, &s.org, api.AddKey{
					Name: fmt.Sprintf("hot-%d-%d", w, i), Role: api.ReadOnly, ExpiresAt: api.Null[time.Time](),
				})
				if err != nil {
					s.T.Error(err)
					return
				}
				l.mu.Lock()
				l.done = append(l.done, added)
				l.mu.Unlock()
			}
		})
	}
	return l
}

func (l *load) acknowledged() []api.AddedKey {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.done[:len(l.done):len(l.done)]
}

func (l *load) end() {
	close(l.ended)
	l.all.Wait()
}

// TestP65HotBackupsAreConsistentAndComplete backs up while keys are added, restores
// every backup and demands all that was acknowledged before it began. What Restore
// proves on its way, the integrity and the chain, is proven again from outside.
func TestP65HotBackupsAreConsistentAndComplete(t *testing.T) {
	s := newStage(t, nil)
	id, file := identity(t)
	l := s.load(4)
	defer l.end()
	began := time.Now()
	for i := range hot(t) {
		for len(l.acknowledged()) < 50*(i+1) { // there is something to lose each time
			time.Sleep(time.Millisecond)
		}
		before := l.acknowledged()
		in := house.Restore{File: s.make(fmt.Sprintf("hot-%d.backup", i))}
		if i%2 == 1 {
			in = house.Restore{File: s.make(fmt.Sprintf("hot-%d.backup.age", i), id.Recipient()), Identity: file}
		}
		h, _ := s.restored(in)
		s.holds(h, before)
		if rows, err := h.Trail.Verify(t.Context()); err != nil || rows == 0 {
			t.Errorf("backup %d: %d rows of the audit log, %v", i, rows, err)
		}
		if found, read, err := leak.InFolder(s.dir, canaries(s.value, before)); err != nil || read == 0 || len(found) > 0 {
			t.Errorf("backup %d: %v in %d bytes, %v", i, found, read, err)
		}
		s.Must(os.Remove(in.File))
	}
	t.Logf("%d writes in %v", len(l.acknowledged()), time.Since(began))
}

// holds demands acknowledged keys in a restored house, the last of them good.
func (s *stage) holds(h *house.House, acknowledged []api.AddedKey) {
	s.T.Helper()
	var ids []api.KeyID
	s.Must(h.DB.Read(s.T.Context()).Select(&ids, "SELECT id FROM api_keys WHERE deleted_at IS NULL"))
	there := map[api.KeyID]bool{}
	for _, id := range ids {
		there[id] = true
	}
	for _, added := range acknowledged {
		if !there[added.Key.ID] {
			s.T.Errorf("key %d was acknowledged before the backup and is not in it", added.Key.ID)
		}
	}
	last := acknowledged[len(acknowledged)-1]
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
