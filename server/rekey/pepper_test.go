package rekey_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keystead/server/seal"
	"keystead/server/verify"
	"keystead/shared/api"
)

// peppers checks how many older ones there are.
func (s *stage) peppers(when string, want int) {
	s.T.Helper()
	if old, _ := s.Seal.Old(); len(old) != want {
		s.T.Errorf("%s there are %d old peppers, want %d", when, len(old), want)
	}
}

func (s *stage) pepperStatus(words ...string) {
	s.T.Helper()
	said, err := s.Rekey.PepperStatus(ctx)
	s.Must(err)
	for _, word := range words {
		if !strings.Contains(said, word) {
			s.T.Errorf("it does not say %q: %s", word, said)
		}
	}
}

// TestP03ThePepperIsReplacedUnderLoad: what has a ciphertext is carried over while keys
// are added and judged, and the old pepper goes.
func TestP03ThePepperIsReplacedUnderLoad(t *testing.T) {
	s := newStage(t, 300)
	for round := range 2 {
		var old [][]byte
		s.Must(s.DB.Read(ctx).Select(&old, "SELECT sealed FROM keyset WHERE purpose = 'pepper'"))
		end := s.load(2)
		_, err := s.Rekey.RotatePepper(ctx)
		s.Must(err)
		if added, judged := end(); added == 0 || judged == 0 {
			t.Errorf("during the rotation %d were added, %d judged", added, judged)
		}
		s.peppers("after the rotation", 0)
		s.Must(s.DB.Checkpoint(ctx))
		s.gone("the old pepper", old)
		if n := s.Number("SELECT count(*) FROM audit WHERE act IN ('pepper.rotate', 'pepper.delete')"); n != int64(2*round+2) {
			t.Errorf("%d audit rows", n)
		}
	}
	s.whole("after two peppers")
	s.Reopen(nil)
	s.whole("after a restart")
}

// TestWithoutACiphertextAPepperMovesByUse: keys that nobody may be shown, previous
// values, machines, links.
func TestWithoutACiphertextAPepperMovesByUse(t *testing.T) {
	s := newStage(t, 3)
	valid := func(when, value string) {
		t.Helper()
		if v, err := s.Verify.Check(ctx, value, verify.Target{}); err != nil || !v.Valid() {
			t.Errorf("%s: %s, %v", when, v.Code, err)
		}
	}
	rotated, previous := s.add("rotated")
	added, err := s.Keys.Rotate(ctx, s.As(s.owner), rotated, api.Rotate{OverlapSeconds: 86400})
	s.Must(err)
	s.values[rotated] = added.Value.Reveal()
	hidden, value := s.add("hidden")
	s.Exec("UPDATE api_keys SET ciphertext = NULL WHERE id = ?", hidden)
	delete(s.values, hidden)
	_, token := s.Device(s.org, "build-1")
	agentKey := s.AgentKey(s.org)
	s.RotateAgentKey(s.org, 86400)

	_, err = s.Rekey.RotatePepper(ctx)
	s.Must(err)
	s.peppers("before any use", 1)
	s.pepperStatus(" is still needed by 4 digests (", "2 of API keys", "1 of agent keys", "1 of devices")
	if !strings.Contains(s.Logged(), "an old pepper is still needed") || !strings.Contains(s.Logged(), "digests=4") {
		t.Error("the log does not tell what the old pepper is for")
	}
	s.whole("what has a ciphertext")

	s.Reopen(nil) // what is left is read from the rows
	valid("hidden", value)
	valid("previous", previous)
	s.Must(s.Rekey.Move(ctx))
	s.pepperStatus("2 digests (1 of agent keys and shared secrets, 1 of devices)")
	valid("hidden, moved", value)
	valid("previous, moved", previous)

	s.Send(token, "POST "+api.PathAgentCheckIn, `{}`)
	s.Must(s.Rekey.Move(ctx))
	s.pepperStatus(" is still needed by 1 digest (1 of agent keys and shared secrets)")
	_, again := s.Enroll(agentKey, "build-2")
	s.Must(s.Rekey.Move(ctx))
	s.Must(s.Rekey.Round(ctx))
	s.peppers("after every use", 0)
	for _, c := range []struct{ name, value string }{{"hidden", value}, {"previous", previous}} {
		valid(c.name+" without the old pepper", c.value)
	}
	if a := s.Send(token, "POST "+api.PathAgentCheckIn, `{}`); a.Status != 200 {
		t.Errorf("a machine is answered %d", a.Status)
	}
	if a := s.Send(again, "POST "+api.PathAgentCheckIn, `{}`); a.Status != 200 {
		t.Errorf("a new machine is answered %d", a.Status)
	}
	s.Enroll(agentKey, "build-3") // by the overlapping key
	s.pepperStatus("is the one in use.")
}

// TestAPepperIsNotKeptForWhatEnds: overlaps and links that end need it no more.
func TestAPepperIsNotKeptForWhatEnds(t *testing.T) {
	s := newStage(t, 1)
	id, _ := s.add("rotated")
	added, err := s.Keys.Rotate(ctx, s.As(s.owner), id, api.Rotate{OverlapSeconds: 3600})
	s.Must(err)
	s.values[id] = added.Value.Reveal()
	s.RotateAgentKey(s.org, 3600)
	_, err = s.Sessions.NewSetupToken(ctx)
	s.Must(err)
	_, err = s.Rekey.RotatePepper(ctx)
	s.Must(err)
	s.pepperStatus("3 digests", "1 of links")
	s.Pass(25 * time.Hour)
	s.Must(s.Rekey.Round(ctx))
	s.peppers("after a day", 0)
	s.whole("after a day")
}

// TestSeveralPeppersStandBesideEachOther: three rotations without a use between them.
func TestSeveralPeppersStandBesideEachOther(t *testing.T) {
	s := newStage(t, 1)
	var values []string
	for n := range 3 {
		id, value := s.add(fmt.Sprint("hidden ", n))
		s.Exec("UPDATE api_keys SET ciphertext = NULL WHERE id = ?", id)
		delete(s.values, id)
		values = append(values, value)
		_, err := s.Rekey.RotatePepper(ctx)
		s.Must(err)
	}
	s.peppers("before any use", 3)
	old := s.rotate() // the old peppers too are sealed by the new master key
	if _, err := seal.Open(ctx, s.DB, old); err == nil {
		t.Error("the old master key opens the database")
	}
	s.Reopen(nil)
	for n, value := range values {
		if v, err := s.Verify.Check(ctx, value, verify.Target{}); err != nil || !v.Valid() {
			t.Errorf("key %d is %s, %v", n, v.Code, err)
		}
		s.Must(s.Rekey.Move(ctx))
		s.Must(s.Rekey.Round(ctx))
		s.peppers(fmt.Sprint("after use ", n), 2-n)
	}
	if v, err := s.Verify.Check(ctx, seal.New("ks").Value(), verify.Target{}); err != nil || v.Code != api.NotFound {
		t.Errorf("a key that never was is %s, %v", v.Code, err)
	}
}

// TestTheDatabaseRefusesAPepperThatIsGone: a digest that could never be found.
func TestTheDatabaseRefusesAPepperThatIsGone(t *testing.T) {
	s := newStage(t, 1)
	first := s.Seal.Pepper()
	_, err := s.Rekey.RotatePepper(ctx)
	s.Must(err)
	for _, statement := range []string{
		"UPDATE api_keys SET pepper_id = ?",
		"INSERT INTO secrets (uuid, org_id, kind, version, hint, digest, pepper_id, ciphertext, created_at) VALUES ('u', 1, 'shared-secret', 1, 'h', x'00', ?, x'00', 0)",
	} {
		if err := s.exec(statement, first); err == nil || !strings.Contains(err.Error(), "no such pepper") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}
