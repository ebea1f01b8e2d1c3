package session

import (
	"slices"
	"strings"
	"time"

	"keystead/shared/api"
)

// Bounds of what is kept for offline use.
const (
	MaxKept = 500 // rows, over all organizations
	KeepFor = 7 * 24 * time.Hour
)

// shelf is everything that is kept: who the person is, and lists of their keys.
type shelf struct {
	At    time.Time          `json:"at"` // when the server said who they are
	Me    api.Me             `json:"me"`
	Lists map[api.OrgID]list `json:"lists"`
}

type list struct {
	At   time.Time `json:"at"`
	Rows []row     `json:"rows"`
}

// row is a key as it is kept. What it has no place for, as a hint or an address,
// can't be kept by mistake.
type row struct {
	ID        api.KeyID   `json:"id"`
	Name      string      `json:"name"`
	Role      api.KeyRole `json:"role"`
	Enabled   bool        `json:"enabled"`
	Org       *api.OrgID  `json:"org"`
	Owner     api.UserID  `json:"owner"`
	First     string      `json:"first"`
	Last      string      `json:"last"`
	Created   time.Time   `json:"created"`
	Expires   *time.Time  `json:"expires"`
	LastLogin *time.Time  `json:"last_login"`
}

func bare(k api.Key) row {
	return row{
		ID: k.ID, Name: k.Name, Role: k.Role, Enabled: k.Enabled, Org: k.OrganizationID,
		Owner: k.User.ID, First: k.User.FirstName, Last: k.User.LastName,
		Created: k.CreatedAt, Expires: k.ExpiresAt, LastLogin: k.LastLoginAt,
	}
}

func (r row) key() api.Key {
	return api.Key{
		ID: r.ID, Name: r.Name, Role: r.Role, Enabled: r.Enabled, OrganizationID: r.Org,
		User:      api.KeyOwner{ID: r.Owner, FirstName: r.First, LastName: r.Last},
		CreatedAt: r.Created, UpdatedAt: r.Created, ExpiresAt: r.Expires, LastLoginAt: r.LastLogin,
	}
}

// put keeps who the person is, and the keys of one organization as of now. What was
// another person's is dropped.
func (s *shelf) put(me api.Me, org api.OrgID, keys []api.Key, now time.Time) {
	if s.Me.User.ID != me.User.ID {
		*s = shelf{}
	}
	s.At, s.Me = now, slim(me)
	rows := make([]row, 0, min(len(keys), MaxKept))
	for _, k := range keys[:min(len(keys), MaxKept)] {
		rows = append(rows, bare(k))
	}
	if s.Lists == nil {
		s.Lists = map[api.OrgID]list{}
	}
	s.Lists[org] = list{At: now, Rows: rows}
	s.trim(org)
}

// slim leaves of a person what the frame shows.
func slim(me api.Me) api.Me {
	me.User.Email, me.Key, me.Limits = "", nil, api.Limits{}
	return me
}

// trim drops the oldest lists until no more rows than allowed are left; the one of
// the organization that was kept last stays.
func (s *shelf) trim(stay api.OrgID) {
	total := 0
	var others []api.OrgID
	for org, l := range s.Lists {
		total += len(l.Rows)
		if org != stay {
			others = append(others, org)
		}
	}
	slices.SortFunc(others, func(a, b api.OrgID) int { return s.Lists[a].At.Compare(s.Lists[b].At) })
	for _, org := range others {
		if total <= MaxKept {
			return
		}
		total -= len(s.Lists[org].Rows)
		delete(s.Lists, org)
	}
}

// fresh drops what is too old at now.
func (s *shelf) fresh(now time.Time) {
	for org, l := range s.Lists {
		if now.Sub(l.At) > KeepFor {
			delete(s.Lists, org)
		}
	}
	if now.Sub(s.At) > KeepFor {
		*s = shelf{}
	}
}

// keys are the kept keys of an organization by name, and when the server said so.
func (s *shelf) keys(org api.OrgID) ([]api.Key, time.Time) {
	l := s.Lists[org]
	keys := make([]api.Key, 0, len(l.Rows))
	for _, r := range l.Rows {
		keys = append(keys, r.key())
	}
	slices.SortFunc(keys, func(a, b api.Key) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return keys, l.At
}
