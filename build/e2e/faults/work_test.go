package faults_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// crew are eight people who work at once, each on things of their own.
type crew struct {
	server  *binary.Server
	workers []*worker
}

// roomy are the arguments of a server that limits none of them.
var roomy = []string{"--max-keys-per-user=1000000", "--rate-limit=1000000", "--failed-per-minute=1000000"}

func hire(t *testing.T, server *binary.Server) *crew {
	t.Helper()
	org := server.SetUp().Org().ID
	c := &crew{server: server}
	for i := range 8 {
		email := fmt.Sprintf("worker%d@example.com", i)
		server.AddUser(email, perm.FullAdministrator, "")
		w := &worker{t: t, email: email, org: org, client: server.SignIn(email), random: rand.New(rand.NewPCG(63, uint64(i)))}
		w.role = binary.Post[api.Role](w.client, api.PathRoles, binary.JSON{
			"name": fmt.Sprintf("Role %d", i), "description": "0", "scope": "account", "permissions": []string{"organizations:read"},
		}, http.StatusCreated).ID
		c.workers = append(c.workers, w)
	}
	return c
}

// work until each has done so many acts, or the server is gone.
func (c *crew) work(acts int) {
	var wait sync.WaitGroup
	for _, w := range c.workers {
		wait.Go(func() {
			for range acts {
				if !w.act() {
					return
				}
			}
		})
	}
	wait.Wait()
}

// acked are the request ids of every change and reveal that was answered as done.
func (c *crew) acked() map[string]bool {
	all := map[string]bool{}
	for _, w := range c.workers {
		for _, id := range w.acked {
			all[id] = true
		}
	}
	return all
}

// worker does one act after another and knows what has to be true after each.
type worker struct {
	t      testing.TB
	email  string
	org    api.OrgID
	client *binary.Client
	random *rand.Rand

	keys    []*key
	role    api.RoleID
	edits   int // of the role: its description is their number
	names   int
	acked   []string
	reveals int
	touched map[*key]bool // since the last check
	lost    *act          // what was not answered
	cut     bool          // it was a reveal
}

// key is an API key as it has to be.
type key struct {
	id      api.KeyID
	name    string
	value   api.Secret
	former  api.Secret // the value before the last rotation, empty without one
	enabled bool
	deleted bool
}

// act is one request. After its answer done makes the worker know of its effect; where
// there was none, find looks which of the two states it left, and fails on a third.
type act struct {
	what, method, path string
	body               any
	status             int
	done               func(binary.Answer)
	find               func()
}

// act does something. It answers whether the server did.
func (w *worker) act() bool {
	next := w.choose()
	answer, err := w.client.Try(next.method, next.path, next.body)
	if err != nil {
		w.lost = &next
		return false
	}
	if answer.Status == http.StatusTooManyRequests && next.what == "sign in" {
		return true // passwords are hashed a few at a time; nothing was done
	}
	if answer.Status != next.status {
		w.t.Errorf("%s: %d %s", next.what, answer.Status, answer.Body)
		return false
	}
	w.acked = append(w.acked, answer.Header.Get("X-Request-Id"))
	next.done(answer)
	return true
}

// choose is a random act, of those that make something most often.
func (w *worker) choose() act {
	k := w.some()
	if n := w.random.IntN(100); k == nil || n < 30 {
		return w.add()
	} else if n < 45 {
		return w.rotate(k)
	} else if n < 60 {
		return w.toggle(k)
	} else if n < 75 {
		return w.remove(k)
	} else if n < 85 {
		return w.reveal(k)
	} else if n < 98 {
		return w.editRole()
	}
	return w.signIn()
}

// some is one of the keys that are there.
func (w *worker) some() *key {
	for range 20 {
		if len(w.keys) == 0 {
			return nil
		}
		if k := w.keys[w.random.IntN(len(w.keys))]; !k.deleted {
			return k
		}
	}
	return nil
}

func (w *worker) touch(k *key) {
	if w.touched == nil {
		w.touched = map[*key]bool{}
	}
	w.touched[k] = true
}

func (w *worker) add() act {
	w.names++
	k := &key{name: fmt.Sprintf("%s %d", w.email, w.names), enabled: true}
	found := func(id api.KeyID, value api.Secret) {
		k.id, k.value = id, value
		w.keys = append(w.keys, k)
		w.touch(k)
	}
	return act{
		"add", http.MethodPost, api.PathOrgKeys(w.org), binary.JSON{"name": k.name, "role": "READONLY"}, http.StatusCreated,
		func(a binary.Answer) {
			added := binary.Into[api.AddedKey](a, http.StatusCreated)
			found(added.Key.ID, added.Value)
		},
		func() {
			page := binary.Get[api.Page[api.Key]](w.client, api.PathOrgKeys(w.org)+"?limit=100&q="+url.QueryEscape(k.name))
			for _, one := range page.Items {
				if one.Name == k.name {
					found(one.ID, w.show(one.ID))
				}
			}
		},
	}
}

// show is the value as the server has it.
func (w *worker) show(id api.KeyID) api.Secret {
	answer := w.client.Send(http.MethodPost, api.PathKeyReveal(id), nil)
	w.acked = append(w.acked, answer.Header.Get("X-Request-Id"))
	w.reveals++
	return binary.Into[api.Revealed](answer, http.StatusOK).Value
}

func (w *worker) rotate(k *key) act {
	w.touch(k)
	turn := func(value api.Secret) { k.former, k.value = k.value, value }
	return act{
		"rotate", http.MethodPost, api.PathKeyRotate(k.id), nil, http.StatusOK,
		func(a binary.Answer) { turn(binary.Into[api.AddedKey](a, http.StatusOK).Value) },
		func() {
			if value := w.show(k.id); value.Reveal() != k.value.Reveal() {
				turn(value)
			}
		},
	}
}

func (w *worker) toggle(k *key) act {
	w.touch(k)
	return act{
		"toggle", http.MethodPatch, api.PathKey(k.id), binary.JSON{"enabled": !k.enabled}, http.StatusOK,
		func(binary.Answer) { k.enabled = !k.enabled },
		func() { k.enabled = binary.Get[api.Key](w.client, api.PathKey(k.id)).Enabled },
	}
}

func (w *worker) remove(k *key) act {
	w.touch(k)
	return act{
		"delete", http.MethodDelete, api.PathKey(k.id), nil, http.StatusNoContent,
		func(binary.Answer) { k.deleted = true },
		func() {
			k.deleted = w.client.Send(http.MethodGet, api.PathKey(k.id), nil).Status == http.StatusNotFound
		},
	}
}

func (w *worker) reveal(k *key) act {
	return act{
		"reveal", http.MethodPost, api.PathKeyReveal(k.id), nil, http.StatusOK,
		func(a binary.Answer) {
			w.reveals++
			if got := binary.Into[api.Revealed](a, http.StatusOK).Value; got.Reveal() != k.value.Reveal() {
				w.t.Errorf("key %d showed another value than the one it was given", k.id)
			}
		},
		func() {},
	}
}

func (w *worker) editRole() act {
	return act{
		"edit a role", http.MethodPatch, api.PathRole(w.role), binary.JSON{"description": fmt.Sprint(w.edits + 1)}, http.StatusOK,
		func(binary.Answer) { w.edits++ },
		func() {
			if w.described() == fmt.Sprint(w.edits+1) {
				w.edits++
			}
		},
	}
}

// described is the description of the worker's role.
func (w *worker) described() string {
	return binary.Get[api.Role](w.client, api.PathRole(w.role)).Description
}

// signIn goes on with a new session.
func (w *worker) signIn() act {
	return act{
		"sign in", http.MethodPost, api.PathSession, binary.JSON{"email": w.email, "password": binary.Password}, http.StatusOK,
		func(binary.Answer) {}, // the client has its cookie
		func() {},
	}
}
