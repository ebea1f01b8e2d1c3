package sessions

import (
	"context"
	"crypto/rand"

	"github.com/golang-jwt/jwt/v5"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// SignIn opens a session for who knows the password. People who do not exist, are
// disabled or have no password yet cannot be told from a wrong password, neither
// by the answer nor by the time it takes. Faults: bad_credentials; too_many_tries.
func (s *Sessions) SignIn(ctx context.Context, in api.SignIn, from Visit) (Opened, error) {
	p, err := s.recall(ctx, in, from)
	if err != nil {
		return Opened{}, err
	}
	acc := p.account
	var opened row
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		// The account may have changed while the password was hashed.
		now, err := byID(tx, acc.ID)
		if db.IsNone(err) || err == nil && (now.State != api.UserActive || *now.Password != *acc.Password) {
			return wrong()
		}
		if err != nil {
			return err
		}
		if p.better != "" {
			if err := s.SetPassword(tx, acc.ID, p.better); err != nil {
				return err
			}
		}
		if err := s.giveBack(tx, p.counted); err != nil {
			return err
		}
		opened, err = s.open(tx, acc.User, from)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	return s.opened(ctx, opened, acc.User, p.device), nil
}

// Know checks a password as SignIn does, for who wants something else than a session. It
// answers whose it is, and its hash, by which a later one is told from it.
// Faults: bad_credentials; too_many_tries.
func (s *Sessions) Know(ctx context.Context, in api.SignIn, from Visit) (user api.UserID, hash string, err error) {
	p, err := s.recall(ctx, in, from)
	if err != nil {
		return 0, "", err
	}
	err = s.DB.Note(ctx, func(tx *db.Tx) error { return s.giveBack(tx, p.counted) })
	return p.account.ID, *p.account.Password, err
}

// person is someone whose password was right.
type person struct {
	account account
	device  device
	counted []bucket // where the try was counted
	better  string   // as in proof
}

// recall finds the active person whose e-mail address and password were given.
func (s *Sessions) recall(ctx context.Context, in api.SignIn, from Visit) (person, error) {
	folded := fold.Email(in.Email)
	acc, err := byEmail(s.DB.Read(ctx), folded)
	exists := err == nil
	if err != nil && !db.IsNone(err) {
		return person{}, err
	}
	device := s.deviceOf(from.Device, acc.UUID)
	counted := s.buckets(folded, device.name(), from.Address)
	lane := anyBrowser
	if device.known() {
		lane = knownBrowser
	}
	proof, err := s.prove(ctx, in.Password, acc.Password, counted, lane)
	if err != nil {
		if fault.Is(err, fault.TooManyTries) {
			s.CountRefusal(from.Address)
		}
		return person{}, err
	}
	if !proof.ok || acc.State != api.UserActive {
		return person{}, s.refuse(ctx, acc, exists, counted, from)
	}
	return person{acc, device, counted, proof.better}, nil
}

func wrong() error {
	return fault.New(fault.BadCredentials, "The e-mail address or the password is wrong.")
}

// proof is what came of comparing a password.
type proof struct {
	ok     bool
	better string // the hash under the current parameters, where the stored one is older
}

// prove compares a password with a stored hash, of nobody where there is none. The
// order keeps floods cheap: who has no try left is refused before the line, who
// finds no place in the line before anything is written.
func (s *Sessions) prove(ctx context.Context, password api.Secret, stored *string, counted []bucket, lane int) (proof, error) {
	wait, err := s.left(ctx, counted)
	if err != nil {
		return proof{}, err
	}
	if wait > 0 {
		return proof{}, tooMany(wait)
	}
	if err := s.hashing.enter(ctx, lane); err != nil {
		return proof{}, err
	}
	defer s.hashing.leave()
	if err := s.take(ctx, counted); err != nil {
		return proof{}, err
	}
	if stored == nil {
		stored = &nobodys
	}
	text := normal(password)
	ok, old := matches(text, *stored)
	p := proof{ok: ok}
	if ok && old {
		p.better = current.hash(text)
	}
	return p, nil
}

// refuse answers a wrong sign-in. A known person's is audited, a stranger's counted;
// either way one transaction is committed, so that the time tells nothing.
func (s *Sessions) refuse(ctx context.Context, acc account, exists bool, counted []bucket, from Visit) error {
	err := s.DB.Note(ctx, func(tx *db.Tx) error {
		if !exists {
			return s.shift(tx, tx.Now(), counted, 0)
		}
		return s.Audit.Refuse(tx, from.caller(), audit.SessionRefuse, userTarget(acc.User), nil)
	})
	if err != nil {
		return err
	}
	if !exists {
		s.CountRefusal(from.Address)
	}
	return wrong()
}

func userTarget(u caller.User) audit.Target {
	return audit.Target{Kind: "user", ID: int64(u.ID), Name: u.Email}
}

// open makes a session for a person who just proved who they are.
func (s *Sessions) open(tx *db.Tx, user caller.User, from Visit) (row, error) {
	now := tx.Now()
	elevated := db.At(now.Add(s.Elevation))
	opened := row{
		SID: newSID(), User: user.ID, CreatedAt: db.At(now), ElevatedUntil: &elevated,
		LastActiveAt: db.At(now), ExpiresAt: db.At(now.Add(lifetime)), IP: from.Address, UserAgent: from.UserAgent,
	}
	if err := insert(tx, &opened); err != nil {
		return row{}, err
	}
	if err := s.NoteActive(tx, user.ID, now); err != nil {
		return row{}, err
	}
	who := from.caller()
	who.Kind, who.User, who.Session = api.CallerSession, user, opened.caller()
	return opened, s.Audit.Write(tx, who, audit.SessionAdd, sessionTarget(opened.ID), nil)
}

func sessionTarget(id api.SessionID) audit.Target {
	return audit.Target{Kind: "session", ID: int64(id)}
}

// newSID names a session: 130 random bits.
func newSID() string { return rand.Text() }

// opened is what a browser gets of a session.
func (s *Sessions) opened(ctx context.Context, r row, user caller.User, device device) Opened {
	rights := "" // where they can't be read, the next request sees that they differ
	if person, err := caller.Load(s.DB.Read(ctx), user.ID); err == nil {
		rights = person.Rights
	}
	o := Opened{Session: s.session(r, user), Token: s.token(r, user, rights)}
	if !device.known() {
		o.Device = s.newDevice(user.UUID)
	}
	return o
}

// token is that of the session cookie.
func (s *Sessions) token(r row, user caller.User, rights string) api.Secret {
	return s.browser.sign(claims{
		Session: r.SID, Rights: rights,
		RegisteredClaims: jwt.RegisteredClaims{
			Subject: user.UUID, IssuedAt: jwt.NewNumericDate(s.DB.Now()), ExpiresAt: jwt.NewNumericDate(r.ExpiresAt.Time),
		},
	})
}

func (s *Sessions) session(r row, user caller.User) api.Session {
	return api.Session{
		ID: r.ID,
		User: api.User{
			ID: user.ID, UUID: user.UUID, Email: user.Email,
			FirstName: user.FirstName, LastName: user.LastName, State: api.UserActive,
		},
		ElevatedUntil: r.ElevatedUntil.Or(),
		IdleAt:        s.lastActive(r).Add(idle),
		ExpiresAt:     r.ExpiresAt.Time,
	}
}
