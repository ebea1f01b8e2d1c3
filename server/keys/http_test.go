package keys_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// TestTour is one key's life over HTTP, by its owner in a browser and by the key.
func TestTour(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	browser := h.Session(ada)
	path := api.PathOrgKeys(org)

	added := testkit.Read[map[string]any](h.Kit, h.Send(browser, "POST "+path, `{"name":"tour","role":"ADMIN","description":"d"}`), http.StatusCreated)
	value := added["value"].(string)
	key := added["key"].(map[string]any)
	want := "created_at,description,enabled,expires_at,hint,id,last_login_at,last_login_ip,name,organization_id,previous,role,updated_at,user"
	var members []string
	for name := range key {
		members = append(members, name)
	}
	slices.Sort(members)
	if got := strings.Join(members, ","); got != want {
		t.Errorf("a key has the members %s, want %s", got, want)
	}
	id := api.KeyID(key["id"].(float64))
	self := testkit.Bearer(api.Hide(value))

	revealed := h.Send(self, "POST "+api.PathKeyReveal(id), "")
	if revealed.Status != 200 || revealed.Body != `{"value":"`+value+`"}` || revealed.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a key shows itself: %d, %v", revealed.Status, revealed.Header)
	}
	listed := h.Send(self, "GET "+path+"?q=tour&sort=last_login_at", "")
	page := testkit.Read[api.Page[api.Key]](h.Kit, listed, 200)
	if page.Total != 1 || page.Items[0].ID != id || strings.Contains(listed.Body, value) {
		t.Errorf("the list is %s", listed.Body)
	}
	rotated := testkit.Read[map[string]any](h.Kit, h.Send(browser, "POST "+api.PathKeyRotate(id), ""), 200)
	if a := h.Send(self, "GET "+api.PathKey(id), ""); a.Status != 401 {
		t.Errorf("the rotated value is still good: %d", a.Status)
	}
	self = testkit.Bearer(api.Hide(rotated["value"].(string)))
	testkit.Read[api.Key](h.Kit, h.Send(browser, "PATCH "+api.PathKey(id), `{"expires_at":null,"name":"ended"}`), 200)
	if a := h.Send(self, "DELETE "+api.PathKey(id), ""); a.Status != 204 || a.Body != "" {
		t.Errorf("a key deletes itself: %d %s", a.Status, a.Body)
	}
	if a := h.Send(self, "GET "+api.PathKey(id), ""); a.Status != 401 {
		t.Errorf("the deleted key is still good: %d", a.Status)
	}
}

// TestDoors is what the doors refuse before an act begins.
func TestDoors(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	browser := h.Session(ada)
	key := h.add(ada, &org, "mine").Key
	list, one := "GET "+api.PathOrgKeys(org), api.PathKey(key.ID)
	for _, c := range []struct {
		what, body string
		status     int
		code       string
	}{
		{list + "?sort=hint", "", 400, "bad_request"},
		{list + "?order=up", "", 400, "bad_request"},
		{list + "?page=0", "", 400, "bad_request"},
		{list + "?page=-0", "", 400, "bad_request"},
		{list + "?page=1e3", "", 400, "bad_request"},
		{list + "?page=99999999999999999999", "", 400, "bad_request"},
		{list + "?limit=101", "", 400, "bad_request"},
		{list + "?limit=%EF%BC%91", "", 400, "bad_request"},
		{list + "?scope=mine", "", 400, "bad_request"},
		{list + "?user=x", "", 400, "bad_request"},
		{list + "?review=yes", "", 400, "bad_request"},
		{list + "?deleted=true", "", 400, "bad_request"},
		{list + "?page=1&page=2", "", 400, "bad_request"},
		{list + "?page=2147483648&limit=100", "", 200, ""},
		{"GET " + api.PathGlobalKeys + "?scope=all", "", 400, "bad_request"},
		{"GET /v1/organizations/0/api-keys", "", 404, "not_found"},
		{"GET /v1/organizations/01/api-keys", "", 404, "not_found"},
		{"GET /v1/api-keys/9223372036854775808", "", 404, "not_found"},
		{"GET /v1/api-keys/x", "", 404, "not_found"},
		{"POST " + api.PathOrgKeys(org), `{"name":"a"}`, 400, "bad_request"},
		{"POST " + api.PathOrgKeys(org), `{"name":"a","role":"ADMIN","enabled":true}`, 400, "bad_request"},
		{"POST " + api.PathOrgKeys(org), `{"name":"a","role":"ADMIN","Role":"ADMIN"}`, 400, "bad_request"},
		{"POST " + api.PathOrgKeys(org), `{"name":"a","role":"ADMIN","name":"b"}`, 400, "bad_request"},
		{"POST " + api.PathOrgKeys(org), `{"name":"a","role":"ADMIN","expires_at":"soon"}`, 422, "invalid_value"},
		{"POST " + api.PathOrgKeys(org), `{"name":"a","role":"ADMIN","expires_at":"2030-12-31T3:59:59Z"}`, 422, "invalid_value"},
		{"POST " + api.PathOrgKeys(org), `{"name":"a","role":"ADMIN","expires_at":"2020-01-01T00:00:00Z"}`, 422, "expires_in_past"},
		{"PATCH " + one, `{"id":7}`, 400, "bad_request"},
		{"PATCH " + one, `{"user":{"id":7}}`, 400, "bad_request"},
		{"PATCH " + one, `{"role":"OWNER"}`, 422, "invalid_value"},
		{"POST " + one + "/reveal", `{"purpose":"fun"}`, 422, "invalid_value"},
		{"POST " + one + "/rotate", `{"overlap_seconds":2592001}`, 422, "invalid_value"},
		{"POST " + one + "/rotate", `{"overlap_seconds":1e309}`, 400, "bad_request"},
		{"POST " + api.PathKeysBulk, `{"ids":[],"action":"delete"}`, 422, "invalid_value"},
		{"POST " + api.PathKeysBulk, fmt.Sprintf(`{"ids":[%d,%d],"action":"delete"}`, key.ID, key.ID), 422, "invalid_value"},
	} {
		if a := h.Send(browser, c.what, c.body); a.Status != c.status || a.Code() != c.code {
			t.Errorf("%s %s: %d %s, want %d %s", c.what, c.body, a.Status, a.Code(), c.status, c.code)
		}
	}
	if got, err := h.keys.Get(h.ctx, h.As(ada), key.ID); err != nil || got.UpdatedAt != key.UpdatedAt {
		t.Errorf("a refused request changed the key: %+v, %v", got, err)
	}
}

// TestElevation: a session shows and rotates only with a fresh proof of identity,
// a key needs none.
func TestElevation(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	added := h.add(ada, &org, "mine")
	browser := h.Session(ada)
	for range 5 { // the session stays awake, its elevation ends
		h.Pass(29 * time.Minute)
		if a := h.Send(browser, "GET "+api.PathKey(added.Key.ID), ""); a.Status != 200 {
			t.Fatalf("the session ended: %s", a.Body)
		}
	}
	for _, what := range []string{"POST " + api.PathKeyReveal(added.Key.ID), "POST " + api.PathKeyRotate(added.Key.ID)} {
		if a := h.Send(browser, what, ""); a.Status != 403 || a.Code() != "elevation_required" {
			t.Errorf("%s: %d %s, want elevation_required", what, a.Status, a.Code())
		}
		if a := h.Send(testkit.Bearer(added.Value), what, ""); a.Status != 200 {
			t.Errorf("%s by the key: %d %s", what, a.Status, a.Code())
		}
	}
	if a := h.Send(browser, "PATCH "+api.PathKey(added.Key.ID), `{"enabled":false}`); a.Status != 200 {
		t.Errorf("disabling needs no proof: %d %s", a.Status, a.Code())
	}
}

// TestForeignBytes: a foreign id answers byte for byte like one that never was,
// request_id aside (P23).
func TestForeignBytes(t *testing.T) {
	h := newHouse(t)
	here, there := h.Org("Here"), h.Org("There")
	foreign := h.add(h.member("Bob", there), &there, "foreign").Key.ID
	ada := h.member("Ada", here, perm.KeysModify, perm.KeysDelete, perm.KeysList)
	mine := h.add(ada, &here, "mine")
	plain := func(a testkit.Answer) string {
		var body map[string]any
		h.Must(json.Unmarshal([]byte(a.Body), &body))
		delete(body, "request_id")
		return fmt.Sprint(a.Status, body, a.Header.Get("Content-Type"))
	}
	for _, as := range []testkit.Credential{h.Session(ada), testkit.Bearer(mine.Value)} {
		for what, body := range map[string]string{
			"GET /v1/api-keys/%d": "", "DELETE /v1/api-keys/%d": "", "PATCH /v1/api-keys/%d": `{"name":"x"}`,
			"POST /v1/api-keys/%d/reveal": "", "POST /v1/api-keys/%d/rotate": "",
		} {
			got, never := plain(h.Send(as, fmt.Sprintf(what, foreign), body)), plain(h.Send(as, fmt.Sprintf(what, 1<<40), body))
			if got != never || !strings.HasPrefix(got, "404") {
				t.Errorf("%s: %s, but %s for what never was", what, got, never)
			}
		}
		for what, body := range map[string]string{"GET /v1/organizations/%d/api-keys": "", "POST /v1/organizations/%d/api-keys": `{"name":"x","role":"ADMIN"}`} {
			got, never := plain(h.Send(as, fmt.Sprintf(what, there), body)), plain(h.Send(as, fmt.Sprintf(what, 1<<40), body))
			if got != never || !strings.HasPrefix(got, "404") {
				t.Errorf("%s: %s, but %s for what never was", what, got, never)
			}
		}
	}
}
