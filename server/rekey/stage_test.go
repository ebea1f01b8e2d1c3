package rekey_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keystead/server/config"
	"keystead/server/db"
	"keystead/server/house"
	"keystead/server/seal"
	"keystead/server/testkit"
	"keystead/server/verify"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

var ctx = context.Background()

// stage is an installation with one organization and people with keys.
type stage struct {
	*testkit.Kit
	org    api.OrgID
	owner  api.UserID
	values map[api.KeyID]string // of the keys that were added
}

func newStage(t *testing.T, keys int) *stage {
	t.Helper()
	s := &stage{Kit: testkit.New(t, func(c *config.Config) { c.MaxKeysPerUser = 1 << 30 }), values: map[api.KeyID]string{}}
	s.org, s.owner = s.Org("Here"), s.Person("Ada")
	s.Join(s.owner, s.org, s.Role("organization", "organizations:read"))
	for n := range keys {
		s.add(fmt.Sprintf("key %d", n))
	}
	return s
}

func (s *stage) add(name string) (api.KeyID, string) {
	s.T.Helper()
	id, credential := s.Key(s.owner, s.org, api.Admin, name)
	s.values[id] = strings.TrimPrefix(credential[0], "Authorization: Bearer ")
	return id, s.values[id]
}

// whole checks that every key is found and shown as it was made.
func (s *stage) whole(when string) {
	s.T.Helper()
	who := s.As(s.owner)
	for id, value := range s.values {
		if v, err := s.Verify.Check(ctx, value, verify.Target{}); err != nil || !v.Valid() || v.Key.ID != id {
			s.T.Fatalf("%s: key %d is %s, %v", when, id, v.Code, err)
		}
		if shown, err := s.Keys.Reveal(ctx, who, id, api.Reveal{}); err != nil || shown.Value.Reveal() != value {
			s.T.Fatalf("%s: key %d is not shown as it was made: %v", when, id, err)
		}
	}
	if _, err := s.Trail.Verify(ctx); err != nil {
		s.T.Errorf("%s: %v", when, err)
	}
}

// many adds keys by the thousand, past the acts.
func (s *stage) many(n int) {
	s.T.Helper()
	var uuid string
	s.Must(s.DB.Read(ctx).Get(&uuid, "SELECT uuid FROM organizations WHERE id = ?", s.org))
	for done := 0; done < n; {
		s.write(func(tx *db.Tx) error {
			for range min(1000, n-done) {
				parts := seal.New(keyfmt.APIKey)
				digest := s.Seal.Digest(parts.Value())
				sealed, err := s.Seal.Seal(parts.Value(), seal.Place{Table: "api_keys", Column: "ciphertext", Row: parts.PublicID, Org: uuid})
				if err != nil {
					return err
				}
				var id api.KeyID
				err = tx.Get(&id, `
					INSERT INTO api_keys (org_id, owner_id, owner_sort, name, name_folded, search, role, created_at, updated_at,
					                      public_id, hint, digest, pepper_id, ciphertext)
					VALUES (?, ?, '', ?, ?, '', 'ADMIN', 0, 0, ?, ?, ?, ?, ?)
					RETURNING id`, s.org, s.owner, parts.PublicID, parts.PublicID, parts.PublicID, parts.Hint(), digest.Sum, digest.Pepper, sealed)
				if err != nil {
					return err
				}
				s.values[id] = parts.Value()
				done++
			}
			return nil
		})
	}
}

// some checks a few hundred of the keys, at random.
func (s *stage) some(when string) {
	s.T.Helper()
	all := s.values
	s.values = map[api.KeyID]string{}
	for id, value := range all { // in no order
		if s.values[id] = value; len(s.values) == 300 {
			break
		}
	}
	s.whole(when)
	s.values = all
}

func (s *stage) master() seal.Master {
	s.T.Helper()
	m, err := seal.ReadMaster(s.Config.MasterKey())
	s.Must(err)
	return m
}

// sealedOf are the sealed keys as they lie in the database.
func (s *stage) sealed() (list [][]byte) {
	s.T.Helper()
	s.Must(s.DB.Read(ctx).Select(&list, "SELECT sealed FROM keyset"))
	return list
}

// rotate replaces the master key and answers the one before.
func (s *stage) rotate() seal.Master {
	s.T.Helper()
	old := s.master()
	if said, err := s.Rekey.RotateMaster(ctx, nil); err != nil || !strings.Contains(said, "All stored values are sealed by the newest") {
		s.T.Fatalf("%s %v", said, err)
	}
	return old
}

// shut checks that a master key opens nothing here.
func (s *stage) shut(old seal.Master) {
	s.T.Helper()
	if s.master().Equal(old) {
		s.T.Error("the file holds the old master key")
	}
	if _, err := seal.Open(ctx, s.DB, old); err == nil {
		s.T.Error("the old master key opens the database")
	}
	if n := s.Number("SELECT count(*) FROM master_bridge"); n != 0 {
		s.T.Error("the bridge stands")
	}
	if n := s.Number("SELECT count(*) FROM api_keys WHERE ciphertext IS NOT NULL AND substr(ciphertext, 1, 5) <> ?", s.Seal.Prefix()) +
		s.Number("SELECT count(*) FROM secrets WHERE ciphertext IS NOT NULL AND substr(ciphertext, 1, 5) <> ?", s.Seal.Prefix()); n != 0 {
		s.T.Errorf("%d values lie under the old data key", n)
	}
	if peppers, dataKeys := s.Seal.Old(); len(peppers) != 0 || dataKeys != 0 {
		s.T.Errorf("left: peppers %v, %d data keys", peppers, dataKeys)
	}
}

// kept checks that these master keys, and no others, lie beside the one in use, for their
// owner only, and answers where.
func (s *stage) kept(when string, olds ...seal.Master) map[string]string {
	s.T.Helper()
	paths, err := filepath.Glob(s.Config.MasterKey() + ".until-*")
	s.Must(err)
	at := map[string]string{}
	for _, path := range paths {
		info, err := os.Stat(path)
		s.Must(err)
		m, err := seal.ReadMaster(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			s.T.Errorf("%s: %s is %v, %v", when, path, info.Mode(), err)
			continue
		}
		at[m.Text().Reveal()] = path
	}
	for _, m := range olds {
		if at[m.Text().Reveal()] == "" {
			s.T.Errorf("%s: an old master key is lost", when)
		}
	}
	if len(paths) != len(olds) {
		s.T.Errorf("%s: %d lie beside the one in use: %v", when, len(paths), paths)
	}
	return at
}

// gone checks that none of these bytes lies in the database's files.
func (s *stage) gone(what string, pieces [][]byte) {
	s.T.Helper()
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(s.Config.Database() + suffix)
		if os.IsNotExist(err) {
			continue
		}
		s.Must(err)
		for _, piece := range pieces {
			if bytes.Contains(text, piece) {
				s.T.Errorf("%s still lies in keystead.db%s", what, suffix)
			}
		}
	}
}

// load adds keys and has keys judged until end is called, which answers how many.
func (s *stage) load(owners int) (end func() (added, judged int64)) {
	begun := time.Now()
	var stop atomic.Bool
	var adding, judging atomic.Int64
	var mu sync.Mutex
	var all sync.WaitGroup
	known := make([]string, 0, len(s.values))
	for _, value := range s.values {
		known = append(known, value)
	}
	for w := range owners {
		who := s.As(s.owner)
		all.Go(func() {
			for n := 0; !stop.Load(); n++ {
				added, err := s.Keys.Add(ctx, who, &s.org, api.AddKey{Name: fmt.Sprintf("load %d %d %d", w, n, begun.UnixNano()), Role: api.Admin})
				if err != nil {
					s.T.Errorf("add during the rotation: %v", err)
					return
				}
				adding.Add(1)
				mu.Lock()
				s.values[added.Key.ID] = added.Value.Reveal()
				mu.Unlock()
			}
		})
	}
	for w := range 3 {
		all.Go(func() {
			for n := w; !stop.Load(); n++ {
				v, err := s.Verify.Check(ctx, known[n%len(known)], verify.Target{})
				if err != nil || !v.Valid() {
					s.T.Errorf("a good key is %s during the rotation, %v", v.Code, err)
					return
				}
				judging.Add(1)
			}
		})
	}
	return func() (int64, int64) {
		stop.Store(true)
		all.Wait()
		return adding.Load(), judging.Load()
	}
}

// image copies the folder as a process that is killed leaves it, and is an installation
// on the copy.
func (s *stage) image() *stage {
	s.T.Helper()
	folder := s.T.TempDir()
	entries, err := os.ReadDir(s.Config.Data)
	s.Must(err)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-shm") || strings.HasSuffix(e.Name(), ".sock") {
			continue // of the living
		}
		text, err := os.ReadFile(filepath.Join(s.Config.Data, e.Name()))
		s.Must(err)
		s.Must(os.WriteFile(filepath.Join(folder, e.Name()), text, 0o600))
	}
	again := *s
	again.Kit = testkit.New(s.T, func(c *config.Config) { *c = s.Config; c.Data = folder })
	return &again
}

// write does one step in a transaction of its own.
func (s *stage) write(act func(tx *db.Tx) error) {
	s.T.Helper()
	s.Must(s.DB.Write(ctx, act))
}

func (s *stage) exec(statement string, args ...any) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(statement, args...)
		return err
	})
}

// refused is the sentence with which a house does not open.
func refused(t *testing.T, cfg config.Config) string {
	t.Helper()
	h, err := house.Open(ctx, cfg, house.Options{Now: testClock, Log: quiet, Version: "test"})
	if err == nil {
		_ = h.Close(ctx)
		t.Fatal("it opened")
	}
	return err.Error()
}
