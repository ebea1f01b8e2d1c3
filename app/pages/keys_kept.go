package pages

import (
	"sort"
	"strings"
	"time"

	"keystead/shared/api"
)

// keptPage does without the server what the server does with a list: search, filter,
// sort and cut a page out of the rows that were kept.
func keptPage(kept []api.Key, q api.KeyList, now time.Time) (rows []api.Key, total int) {
	q = filled(q)
	for _, k := range kept {
		if keptMatch(&k, &q, now) {
			rows = append(rows, k)
		}
	}
	sort.Stable(keyOrder{rows, q})
	from := min((q.Page-1)*q.Limit, len(rows))
	to := min(from+q.Limit, len(rows))
	return rows[from:to], len(rows)
}

// onlyKey is the one of that id, or none.
func onlyKey(kept []api.Key, id api.KeyID) []api.Key {
	for i := range kept {
		if kept[i].ID == id {
			return kept[i : i+1]
		}
	}
	return nil
}

// keyOrder sorts keys. A generic sort of a type this large is 40 KB of WASM; this is one.
type keyOrder struct {
	rows []api.Key
	q    api.KeyList
}

func (o keyOrder) Len() int           { return len(o.rows) }
func (o keyOrder) Less(i, j int) bool { return keptOrder(&o.rows[i], &o.rows[j], &o.q) < 0 }
func (o keyOrder) Swap(i, j int)      { o.rows[i], o.rows[j] = o.rows[j], o.rows[i] }

func keptMatch(k *api.Key, q *api.KeyList, now time.Time) bool {
	words := strings.ToLower(k.Name + " " + k.Description + " " + ownerName(k.User))
	switch {
	case q.Q != "" && !strings.Contains(words, strings.ToLower(q.Q)),
		q.Role != "" && k.Role != q.Role,
		q.User != 0 && k.User.ID != q.User,
		q.Scope == api.ScopeGlobal && !k.Global(),
		q.State == api.StateEnabled && (!k.Enabled || k.Expired(now)),
		q.State == api.StateDisabled && k.Enabled,
		q.State == api.StateExpired && !k.Expired(now),
		q.Review && !whyReview(*k, now).any():
		return false
	}
	switch q.Use {
	case api.UseNever:
		return k.LastLoginAt == nil
	case api.UseIdle30:
		return idleFor(*k, 30, now)
	case api.UseIdle90:
		return idleFor(*k, 90, now)
	case api.UseIdle365:
		return idleFor(*k, 365, now)
	}
	return true
}

func idleFor(k api.Key, days int, now time.Time) bool {
	return k.LastLoginAt != nil && now.Sub(*k.LastLoginAt) > time.Duration(days)*24*time.Hour
}

// keptOrder compares two keys by the column asked for; absent values come last in
// either order.
func keptOrder(a, b *api.Key, q *api.KeyList) int {
	order := 0
	switch q.Sort {
	case api.SortUser:
		order = strings.Compare(strings.ToLower(ownerName(a.User)), strings.ToLower(ownerName(b.User)))
	case api.SortRole:
		order = strings.Compare(string(a.Role), string(b.Role))
	case api.SortEnabled:
		order = strings.Compare(turned(a.Enabled), turned(b.Enabled))
	case api.SortCreated:
		order = a.CreatedAt.Compare(b.CreatedAt)
	case api.SortExpires:
		return timeOrder(a.ExpiresAt, b.ExpiresAt, q.Order)
	case api.SortLastLogin:
		return timeOrder(a.LastLoginAt, b.LastLoginAt, q.Order)
	default:
		order = strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	}
	if q.Order == api.Descending {
		return -order
	}
	return order
}

func timeOrder(a, b *time.Time, order string) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	case order == api.Descending:
		return b.Compare(*a)
	}
	return a.Compare(*b)
}
