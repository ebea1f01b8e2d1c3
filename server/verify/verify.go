package verify

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/lately"
	"keystead/server/rest"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// Needs is what the evaluator works with.
type Needs struct {
	DB   *db.DB
	Seal *seal.Sealer
	Log  *slog.Logger
	// Retire disables the key that the caller came with, whatever else it may do.
	Retire func(context.Context, caller.Caller) error
	Tokens Tokens
	// Trusted reports a peer that is one of the operator's proxies; nil: none is.
	Trusted func(*rest.Request) bool
}

// Tokens are the acts of package tokens.
type Tokens struct {
	// Read is what a presented access token or refresh token stands for, as long as the
	// token itself is good.
	Read func(ctx context.Context, presented string) (token Token, ok bool, err error)
	// End ends a token, with all that came of the same exchange.
	End func(context.Context, caller.Caller, Token) error
}

// Verify is the evaluator.
type Verify struct {
	db      *db.DB
	seal    *seal.Sealer
	retire  func(context.Context, caller.Caller) error
	tokens  Tokens
	trusted func(*rest.Request) bool
	salt    salt
	byValue *db.Cache[fingerprint, *record]
	byBasis *db.Cache[basis, *record] // of tokens
	orgs    *orgs
	people  *persons
	logins  *lately.Notes[api.KeyID, login]
	counts  counts
	log     *slog.Logger
	warned  atomic.Int64 // when a proxy's key was complained about, in minutes
}

// New is an evaluator that notes last logins until [Verify.Close].
func New(n Needs) *Verify {
	if n.Trusted == nil {
		n.Trusted = func(*rest.Request) bool { return false }
	}
	return &Verify{
		db:      n.DB,
		seal:    n.Seal,
		retire:  n.Retire,
		tokens:  n.Tokens,
		trusted: n.Trusted,
		salt:    newSalt(),
		byValue: db.NewCache[fingerprint, *record](cacheSize),
		byBasis: db.NewCache[basis, *record](cacheSize),
		orgs:    &orgs{db: n.DB},
		people:  newPersons(n.DB),
		logins:  lately.Keep(n.DB, "write last logins", n.Log, writeLogin),
		log:     n.Log,
	}
}

// Close writes the last logins that are still in memory.
func (v *Verify) Close(ctx context.Context) error { return v.logins.Close(ctx) }

// Flush writes the last logins that are still in memory, all of them.
func (v *Verify) Flush(ctx context.Context) error { return v.logins.Flush(ctx) }

// Pending is how many last logins are still in memory.
func (v *Verify) Pending() int { return v.logins.Waiting() }

// Note remembers that a key was found valid, and where; it is written within a
// minute.
func (v *Verify) Note(key api.KeyID, at time.Time, address string) {
	v.logins.Note(key, login{at, address})
}

// Target is what a presented key is wanted for.
type Target struct {
	Org        api.OrgID       // 0: the key's own; a global key is then judged for none
	Permission perm.Permission // "": that it is good is enough
}

// Verdict is the outcome, as data. Key and Owner are set as soon as the key was
// found, whatever the code: who may be told is decided by who asks.
type Verdict struct {
	Code        api.VerdictCode
	Key         *Key
	Owner       *caller.Person
	Org         api.OrgID // where it was judged; 0 for a global key without a target
	Permissions perm.Set  // effective there

	at    time.Time // when it was judged
	token bool      // a token was judged, not the key itself
	known *record   // nil: none, or a token was judged
}

// Valid reports whether the key is good.
func (v Verdict) Valid() bool { return v.Code == api.Valid }

// Until is when the key ends, or before it the older value that was presented; nil where
// neither does.
func (v Verdict) Until() *time.Time {
	var until *time.Time
	for _, end := range []*db.Stamp{v.Key.ExpiresAt, v.Key.Until} {
		if end != nil && (until == nil || end.Before(*until)) {
			until = &end.Time
		}
	}
	return until
}

// Key is what a verdict rests on. It has no id where a person came by password.
type Key struct {
	ID        api.KeyID   `db:"id"`
	Org       *api.OrgID  `db:"org_id"`
	OwnerID   api.UserID  `db:"owner_id"`
	Name      string      `db:"name"`
	Hint      string      `db:"hint"` // of the value that was presented
	Role      api.KeyRole `db:"role"`
	Enabled   bool        `db:"enabled"`
	ExpiresAt *db.Stamp   `db:"expires_at"`
	Until     *db.Stamp   `db:"until"` // of a value that was rotated away
}

// Check judges a presented API key for a target. An error says that it could not
// be judged; a bad key is a verdict.
func (v *Verify) Check(ctx context.Context, presented string, want Target) (Verdict, error) {
	mark, ok := v.salt.fingerprint(presented)
	if !ok {
		return Verdict{Code: api.Malformed}, nil
	}
	epoch := v.db.Epoch() // before the read: what changes meanwhile makes the entry stale
	known, ok := v.byValue.Get(mark, epoch)
	if !ok {
		if parts, ok := keyfmt.Parse(presented); !ok || parts.Kind != keyfmt.APIKey {
			return Verdict{Code: api.Malformed}, nil
		}
		var err error
		if known, err = v.find(ctx, presented); err != nil {
			return Verdict{}, err
		}
		if known != nil { // else anyone could send some without end
			v.byValue.Put(mark, epoch, known)
		}
	}
	now := v.db.Now()
	verdict := judge(known, want, now)
	verdict.at, verdict.known = now, known
	return verdict, nil
}

// judge is the rule, without a look at anything but its arguments.
func judge(known *record, want Target, now time.Time) Verdict {
	if known == nil || known.key.Until != nil && !now.Before(known.key.Until.Time) {
		return Verdict{Code: api.NotFound}
	}
	key, owner := &known.key, &known.owner
	verdict := Verdict{Key: key, Owner: owner, Org: want.Org}
	if verdict.Org == 0 && key.Org != nil {
		verdict.Org = *key.Org
	}
	switch {
	case key.Org != nil && *key.Org != verdict.Org:
		verdict.Code = api.WrongOrganization
	case !key.Enabled:
		verdict.Code = api.Disabled
	case key.ExpiresAt != nil && !now.Before(key.ExpiresAt.Time):
		verdict.Code = api.Expired
	case owner.State != api.UserActive:
		verdict.Code = api.OwnerDisabled
	case verdict.Org != 0 && !owner.Member(verdict.Org):
		verdict.Code = api.OwnerNotMember
	default:
		verdict.Permissions = permissions(key, owner, verdict.Org)
		verdict.Code = api.Valid
		if want.Permission != "" && !verdict.Permissions.Has(want.Permission) {
			verdict.Code = api.Forbidden
		}
	}
	return verdict
}

// permissions are the owner's, cut down to the key's reach and role.
func permissions(key *Key, owner *caller.Person, org api.OrgID) perm.Set {
	have := owner.Account
	if org != 0 {
		have = have.Or(owner.Orgs[org])
	}
	return have.OfKey(key.Org != nil, key.Role != api.Admin)
}

// record is what the cache keeps of a key.
type record struct {
	key   Key
	owner caller.Person
	who   caller.Caller // who comes with it, as long as it is good
	said  *api.Verdict  // how that is answered; nil for a global key, where it depends on who asks for where

	noted atomic.Pointer[login] // the last one that was noted
	asked atomic.Bool
	again atomic.Pointer[api.Verdict] // said, with its JSON
}

// answer is what is said of the key, nil for a global one. Its JSON is kept from the second
// time on: of a million keys that are asked for once it would fill the memory.
func (r *record) answer() *api.Verdict {
	if again := r.again.Load(); again != nil {
		return again
	}
	if r.said == nil || !r.asked.Swap(true) {
		return r.said
	}
	again := r.said.Encoded()
	r.again.Store(&again)
	return &again
}

// isNews reports whether a login says more than the last one that was noted: a later
// second, or another address.
func (r *record) isNews(now login) bool {
	last := r.noted.Load()
	if last != nil && last.address == now.address && last.at.Unix() == now.at.Unix() {
		return false
	}
	kept := now // only now does it have to be in memory
	r.noted.Store(&kept)
	return true
}

// find looks a value up in the database, by its digest. Nil says that there is no such
// key.
func (v *Verify) find(ctx context.Context, presented string) (known *record, err error) {
	err = v.seal.Find(presented, func(digest seal.Digest) (found bool, err error) {
		known, err = v.read(ctx, digest)
		return known != nil, err
	})
	return known, err
}

func (v *Verify) read(ctx context.Context, digest seal.Digest) (*record, error) {
	// Without an end: to watch for one takes as long as the look-up, which is over before.
	r := v.db.Read(context.WithoutCancel(ctx))
	known := &record{}
	err := r.Get(&known.key, `
		SELECT id, org_id, owner_id, name, hint, role, enabled, expires_at, NULL AS until
		  FROM api_keys
		 WHERE digest = ?
		   AND pepper_id = ?
		 UNION ALL
		SELECT id, org_id, owner_id, name, previous_hint AS hint, role, enabled, expires_at, previous_until AS until
		  FROM api_keys
		 WHERE previous_digest = ?
		   AND previous_pepper = ?`, digest.Sum, digest.Pepper, digest.Sum, digest.Pepper)
	if db.IsNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the key: %w", err)
	}
	known.owner, err = v.people.of(r, known.key.OwnerID)
	if db.IsNone(err) {
		return nil, nil // deleted, and their keys with them
	}
	if err != nil {
		return nil, fmt.Errorf("find the key's owner: %w", err)
	}
	verdict := Verdict{Key: &known.key, Owner: &known.owner}
	if org := known.key.Org; org != nil {
		verdict.Org, verdict.Permissions = *org, permissions(verdict.Key, verdict.Owner, *org)
		said, err := v.said(ctx, verdict)
		if err != nil {
			return nil, err
		}
		known.said = &said
	}
	known.who = CallerOf(verdict)
	return known, nil
}
