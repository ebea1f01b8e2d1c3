package audit

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Log writes and reads the record.
type Log struct {
	macs seal.MACs
	head *headFile
}

// New is the log whose chain is made with key. headPath is the file that keeps the
// newest row's place in the chain; "" keeps none.
func New(key []byte, headPath string) *Log {
	return &Log{macs: seal.NewMACs(key), head: &headFile{path: headPath}}
}

// Format prints "[secret]", whatever the verb: it holds the key of the chain.
func (*Log) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// Target is what an act was done to.
type Target struct {
	Kind string // the noun of the act
	ID   int64
	Name string
	Org  api.OrgID // 0: of the account
}

// Facts are what else is worth knowing: a purpose, a count, the names of changed
// members. Never a secret.
type Facts map[string]any

// Results of an act.
const (
	Done    = api.AuditDone
	Refused = api.AuditRefused
)

// Write notes an act that is done in the same transaction.
func (l *Log) Write(tx *db.Tx, who caller.Caller, act Act, on Target, facts Facts) error {
	return l.write(tx, who, act, Done, on, facts)
}

// Refuse notes a refusal of a known caller, or of a sign-in to a known user.
func (l *Log) Refuse(tx *db.Tx, who caller.Caller, act Act, on Target, facts Facts) error {
	return l.write(tx, who, act, Refused, on, facts)
}

func (l *Log) write(tx *db.Tx, who caller.Caller, act Act, result string, on Target, facts Facts) error {
	r := row{
		At: db.At(tx.Now()), Act: act, Result: result, Caller: callerName(who),
		UserID: unlessZero(int64(who.User.ID)), UserEmail: unlessZero(who.User.Email),
		OrgID: unlessZero(int64(on.Org)), Target: on.Kind, TargetID: unlessZero(on.ID), Name: unlessZero(on.Name),
		Facts: "{}", IP: who.Address, RequestID: who.RequestID,
	}
	if who.Key != nil {
		r.KeyID, r.KeyName = unlessZero(int64(who.Key.ID)), unlessZero(who.Key.Name)
	}
	if who.Session != nil {
		r.SessionID = unlessZero(int64(who.Session.ID))
	}
	if len(facts) > 0 {
		text, err := json.Marshal(facts)
		if err != nil {
			return fmt.Errorf("write the facts of %s: %w", act, err)
		}
		r.Facts = string(text)
	}
	last, known := tx.Handed(end{}).(Head)
	if !known {
		var err error
		if last, err = HeadOf(tx); err != nil {
			return err
		}
	}
	r.ID = last.Row + 1
	r.MAC = l.mac(last.MAC, r)
	_, err := tx.Exec(`
		INSERT INTO audit (id, at, act, result, caller, user_id, user_email, key_id, key_name, session_id, org_id,
		                   target, target_id, target_name, facts, ip, request_id, mac)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.At, r.Act, r.Result, r.Caller, r.UserID, r.UserEmail, r.KeyID, r.KeyName, r.SessionID, r.OrgID,
		r.Target, r.TargetID, r.Name, r.Facts, r.IP, r.RequestID, r.MAC)
	if err != nil {
		return fmt.Errorf("audit %s: %w", act, errors.Join(err, unaudited))
	}
	tx.Hand(end{}, Head{r.ID, r.MAC})
	if tx.Handed(l.head) == nil { // the first of its commit keeps the head for all of them
		tx.Hand(l.head, last)
		tx.OnCommit(func() { l.head.keep(last, tx.Handed(end{}).(Head)) })
	}
	return nil
}

// end is the name of the head that the acts of a commit hand on to each other.
type end struct{}

// unaudited is what the person reads whose act can't be noted, and so is not done.
var unaudited = &fault.Error{
	Code: fault.ReadOnlyStorage, RetryAfter: 5,
	Detail: "The server can't write to its audit log right now. Nothing was changed.",
}

func newest(r db.Reader) (last row, err error) {
	err = r.Get(&last, "SELECT id, mac FROM audit ORDER BY id DESC LIMIT 1")
	if err != nil && !db.IsNone(err) {
		return row{}, fmt.Errorf("read the head of the audit log: %w", err)
	}
	return last, nil
}

// mac chains a row to the one before it. Each part is preceded by its length, so
// that no two rows read alike.
func (l *Log) mac(before []byte, r row) []byte {
	sum := l.macs.Sum(func(said []byte) []byte { return chained(said, before, r) })
	return sum[:]
}

// chained appends what the MAC of a row stands for.
func chained(said, before []byte, r row) []byte {
	part := func(b []byte) {
		said = binary.BigEndian.AppendUint64(said, uint64(len(b)))
		said = append(said, b...)
	}
	text := func(s string) { part([]byte(s)) }
	number := func(n *int64) {
		if n == nil {
			text("")
			return
		}
		text(strconv.FormatInt(*n, 10))
	}
	maybe := func(s *string) {
		if s == nil {
			text("-")
			return
		}
		text("+" + *s)
	}
	part(before)
	number(&r.ID)
	text(r.At.UTC().Format(time.RFC3339Nano))
	text(string(r.Act))
	text(r.Result)
	text(r.Caller)
	number(r.UserID)
	maybe(r.UserEmail)
	number(r.KeyID)
	number(r.SessionID)
	number(r.OrgID)
	text(r.Target)
	number(r.TargetID)
	maybe(r.Name)
	text(r.Facts)
	text(r.IP)
	text(r.RequestID)
	if r.KeyName != nil { // rows that were written before there was one keep their MAC
		text(*r.KeyName)
	}
	return said
}

// callerName is the kind of caller, or who acts without a credential.
func callerName(who caller.Caller) string {
	if who.Nobody() {
		return api.AuditAnonymous
	}
	return string(who.Kind)
}

// Console is the caller of commands on the data directory.
func Console() caller.Caller { return caller.Caller{Kind: api.AuditCommandLine, Address: "local"} }

// Itself is the caller of what Keystead does by itself, a while after somebody asked or at its time.
func Itself() caller.Caller { return caller.Caller{Kind: api.AuditItself, Address: "local"} }

func unlessZero[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
