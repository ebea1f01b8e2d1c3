package e2e_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Product.md section 7, row by row, at the API of the running binary.
func TestP42P47BadInput(t *testing.T) {
	t.Parallel()
	server := binary.Start(t, "--max-keys-per-user", "3")
	admin := server.SetUp()
	org := admin.Org().ID
	keys := api.PathOrgKeys(org)
	mine := admin.AddKey("Größe", api.ReadOnly)
	admin.AddKey("two", api.Admin)
	server.AddUser("sam.reed@example.com", "Read Only", binary.OrgShort)
	sam := server.SignIn("sam.reed@example.com")

	post := func(c *binary.Client, body any) binary.Answer { return c.Send(http.MethodPost, keys, body) }
	for name, c := range map[string]struct {
		answer binary.Answer
		status int
		code   fault.Code
		field  string
	}{
		"a taken name":                  {post(admin, binary.JSON{"name": "two", "role": "ADMIN"}), 409, fault.NameTaken, "name"},
		"a taken name in other letters": {post(admin, binary.JSON{"name": " GRÖSSE ", "role": "ADMIN"}), 409, fault.NameTaken, "name"},
		"a taken name in other marks":   {post(admin, binary.JSON{"name": "GRO\u0308SSE", "role": "ADMIN"}), 409, fault.NameTaken, "name"},
		"a past expiry":                 {post(admin, binary.JSON{"name": "x", "role": "ADMIN", "expires_at": "2020-01-01T00:00:00Z"}), 422, fault.ExpiresInPast, "expires_at"},
		"an expiry that is none":        {post(admin, binary.JSON{"name": "x", "role": "ADMIN", "expires_at": "soon"}), 422, fault.InvalidValue, "expires_at"},
		"no name":                       {post(admin, binary.JSON{"role": "ADMIN"}), 400, fault.BadRequest, "name"},
		"an empty name":                 {post(admin, binary.JSON{"name": "  ", "role": "ADMIN"}), 422, fault.InvalidValue, "name"},
		"a name with a slash":           {post(admin, binary.JSON{"name": "a/b", "role": "ADMIN"}), 422, fault.InvalidValue, "name"},
		"an invisible name":             {post(admin, binary.JSON{"name": "a\u200bb", "role": "ADMIN"}), 422, fault.InvalidValue, "name"},
		"a name of 256":                 {post(admin, binary.JSON{"name": strings.Repeat("é", 256), "role": "ADMIN"}), 422, fault.InvalidValue, "name"},
		"an unknown role":               {post(admin, binary.JSON{"name": "x", "role": "KING"}), 422, fault.InvalidValue, "role"},
		"an unknown member":             {post(admin, binary.JSON{"name": "x", "role": "ADMIN", "owner_id": 1}), 400, fault.BadRequest, ""},
		"a member in other case":        {post(admin, `{"name":"x","Role":"ADMIN"}`), 400, fault.BadRequest, ""},
		"a member twice":                {post(admin, `{"name":"x","role":"READONLY","role":"ADMIN"}`), 400, fault.BadRequest, ""},
		"a member twice, escaped":       {post(admin, `{"name":"x","role":"READONLY","rol\u0065":"ADMIN"}`), 400, fault.BadRequest, ""},
		"a wrong type":                  {post(admin, `{"name":7,"role":"ADMIN"}`), 400, fault.BadRequest, "name"},
		"half of JSON":                  {post(admin, `{"name":"x"`), 400, fault.BadRequest, ""},
		"two of JSON":                   {post(admin, `{"name":"x","role":"ADMIN"}{}`), 400, fault.BadRequest, ""},
		"a list":                        {post(admin, `[]`), 400, fault.BadRequest, ""},
		"null":                          {post(admin, `null`), 400, fault.BadRequest, ""},
		"nothing":                       {post(admin, ``), 400, fault.BadRequest, ""},
		"no text":                       {post(admin, "{\"name\":\"\xff\",\"role\":\"ADMIN\"}"), 400, fault.BadRequest, ""},
		"too much":                      {post(admin, `{"name":"`+strings.Repeat("x", 65<<10)+`"}`), 413, fault.TooLarge, ""},
		"no JSON type":                  {post(admin.With("Content-Type", "text/plain"), `{"name":"x","role":"ADMIN"}`), 415, fault.WrongType, ""},
		"an unknown sort":               {admin.Send(http.MethodGet, keys+"?sort=colour", nil), 400, fault.BadRequest, "sort"},
		"an unknown filter":             {admin.Send(http.MethodGet, keys+"?colour=red", nil), 400, fault.BadRequest, ""},
		"an unknown filter value":       {admin.Send(http.MethodGet, keys+"?state=tired", nil), 400, fault.BadRequest, "state"},
		"a filter twice":                {admin.Send(http.MethodGet, keys+"?role=ADMIN&role=READONLY", nil), 400, fault.BadRequest, "role"},
		"page 0":                        {admin.Send(http.MethodGet, keys+"?page=0", nil), 400, fault.BadRequest, "page"},
		"a limit of 101":                {admin.Send(http.MethodGet, keys+"?limit=101", nil), 400, fault.BadRequest, "limit"},
		"a page that is none":           {admin.Send(http.MethodGet, keys+"?page=1e3", nil), 400, fault.BadRequest, "page"},
		"an unknown key":                {admin.Send(http.MethodGet, api.PathKey(9999), nil), 404, fault.NotFound, ""},
		"an id that is none":            {admin.Send(http.MethodGet, api.PathKeys+"/01", nil), 404, fault.NotFound, ""},
		"an id beyond all":              {admin.Send(http.MethodGet, api.PathKeys+"/99999999999999999999", nil), 404, fault.NotFound, ""},
		"an unknown organization":       {admin.Send(http.MethodGet, api.PathOrgKeys(9999), nil), 404, fault.NotFound, ""},
		"an unknown path":               {admin.Send(http.MethodGet, "/v1/nothing", nil), 404, fault.NotFound, ""},
		"a method that is not there":    {admin.Send(http.MethodPut, keys, nil), 405, fault.MethodNotAllowed, ""},
		"a key of someone else":         {sam.Send(http.MethodGet, api.PathKey(mine.Key.ID), nil), 404, fault.NotFound, ""},
		"what needs a permission":       {sam.Send(http.MethodGet, api.PathSecret(org, api.AgentKey), nil), 403, fault.PermissionRequired, ""},
		"nobody":                        {server.Client().Send(http.MethodGet, api.PathMe, nil), 401, fault.NotSignedIn, ""},
		"two credentials":               {admin.With("Authorization", "Bearer "+mine.Value.Reveal()).Send(http.MethodGet, api.PathMe, nil), 400, fault.SeveralCredentials, ""},
		"two headers with keys":         {server.Bearer(mine.Value).With("X-API-Key", mine.Value.Reveal()).Send(http.MethodGet, api.PathMe, nil), 400, fault.SeveralCredentials, ""},
		"basic authentication":          {server.Client().With("Authorization", "Basic eDp5").Send(http.MethodGet, api.PathMe, nil), 401, fault.BadCredentials, ""},
		"a key in the query":            {server.Client().Send(http.MethodGet, api.PathMe+"?api_key="+mine.Value.Reveal(), nil), 400, fault.BadRequest, ""},
		"a key in the path":             {server.Client().Send(http.MethodGet, "/v1/"+mine.Value.Reveal(), nil), 400, fault.BadRequest, ""},
		"a bulk of nothing":             {admin.Send(http.MethodPost, api.PathKeysBulk, binary.JSON{"ids": []int{}, "action": "delete"}), 422, fault.InvalidValue, "ids"},
		"a bulk of an unknown act":      {admin.Send(http.MethodPost, api.PathKeysBulk, binary.JSON{"ids": []int{1}, "action": "burn"}), 422, fault.InvalidValue, "action"},
		"an overlap of 31 days":         {admin.Send(http.MethodPost, api.PathKeyRotate(mine.Key.ID), binary.JSON{"overlap_seconds": 31 * 86400}), 422, fault.InvalidValue, "overlap_seconds"},
		"a head that is too large":      {server.Client().With("X-Long", strings.Repeat("x", 17<<10)).Send(http.MethodGet, api.PathMe, nil), 431, fault.HeaderTooLarge, ""},
	} {
		t.Run(name, func(t *testing.T) { c.answer.Refused(c.status, c.code, c.field) })
	}

	if p := sam.Send(http.MethodGet, api.PathSecret(org, api.AgentKey), nil).Refused(403, fault.PermissionRequired, ""); !strings.Contains(p.Detail, "agent_key:read") {
		t.Errorf("the refusal does not name the permission: %s", p.Detail)
	}
	if page := admin.Keys("?page=99"); len(page.Items) != 0 || page.Total != 2 || page.Page != 99 {
		t.Errorf("the page after the last is %+v", page)
	}
	admin.AddKey("three", api.ReadOnly)
	post(admin, binary.JSON{"name": "four", "role": "ADMIN"}).Refused(409, fault.KeyLimitReached, "")
	if got := admin.Keys("").Total; got != 3 {
		t.Errorf("after all that there are %d keys", got)
	}
}

func TestCompressedBodiesAreRefused(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	admin := server.SetUp()
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	if _, err := w.Write(bytes.Repeat([]byte(" "), 16<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, encoding := range []string{"gzip", "br", "deflate", "identity", "x"} {
		admin.With("Content-Encoding", encoding).Send(http.MethodPost, api.PathOrgKeys(admin.Org().ID), bomb.String()).Refused(415, fault.WrongType, "")
	}
}

// Foreign things answer byte for byte like things that never were.
func TestForeignIsLikeNothing(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	admin := server.SetUp()
	server.AddUser("sam.reed@example.com", "Read Only", binary.OrgShort)
	sam := server.SignIn("sam.reed@example.com")
	foreign := admin.AddKey("ci-runner", api.Admin).Key.ID
	body := func(method, path string) string {
		var p map[string]any
		if err := json.Unmarshal(sam.Send(method, path, nil).Body, &p); err != nil {
			t.Fatal(err)
		}
		delete(p, "request_id")
		text, _ := json.Marshal(p)
		return string(text)
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		if a, b := body(method, api.PathKey(foreign)), body(method, api.PathKey(9999)); a != b {
			t.Errorf("%s: %s\nbut %s", method, a, b)
		}
	}
	if a, b := body(http.MethodPost, api.PathKeyReveal(foreign)), body(http.MethodPost, api.PathKeyReveal(9999)); a != b {
		t.Errorf("reveal: %s\nbut %s", a, b)
	}
}

// Keys that were switched off, expired, deleted, rotated away or never were are refused
// with one body, at the next request.
func TestP59RefusedKeysLookAlike(t *testing.T) {
	t.Parallel()
	server := binary.Start(t, "--failed-per-minute", "1000")
	admin := server.SetUp()
	soon := time.Now().Add(1500 * time.Millisecond)
	add := func(name string) api.AddedKey { return admin.AddKey(name, api.ReadOnly) }
	disabled, deleted, rotated := add("disabled"), add("deleted"), add("rotated")
	expiring := binary.Post[api.AddedKey](admin, api.PathOrgKeys(admin.Org().ID),
		binary.JSON{"name": "expired", "role": "READONLY", "expires_at": soon.UTC().Format(time.RFC3339Nano)}, 201)
	for _, k := range []api.AddedKey{disabled, deleted, rotated, expiring} {
		server.Bearer(k.Value).Send(http.MethodGet, api.PathMe, nil).Is(200)
	}
	binary.Patch[api.Key](admin, api.PathKey(disabled.Key.ID), binary.JSON{"enabled": false})
	admin.Send(http.MethodDelete, api.PathKey(deleted.Key.ID), nil).Is(204)
	admin.Send(http.MethodPost, api.PathKeyRotate(rotated.Key.ID), nil).Is(200)
	tab := chromium.Open(t)
	tab.Eventually("the expiry", func() string { return want(time.Now().After(soon), true) })

	never := api.Hide(strings.Repeat("never", 9))
	bodies := map[string]string{}
	for name, value := range map[string]api.Secret{
		"disabled": disabled.Value, "deleted": deleted.Value, "rotated away": rotated.Value, "expired": expiring.Value, "never made": never,
	} {
		answer := server.Bearer(value).Send(http.MethodGet, api.PathMe, nil)
		p := answer.Refused(401, fault.BadCredentials, "")
		bodies[strings.ReplaceAll(string(answer.Body), p.RequestID, "")] = name
	}
	if len(bodies) != 1 {
		t.Errorf("%d bodies: %v", len(bodies), bodies)
	}
}

func TestTooManyTries(t *testing.T) {
	t.Parallel()
	server := binary.Start(t, "--failed-per-minute", "5")
	admin := server.SetUp()
	good := admin.AddKey("ci-runner", api.ReadOnly).Value
	var last binary.Answer
	for i := range 8 {
		last = server.Client().With("Authorization", fmt.Sprintf("Bearer ks_wrong_%d", i)).Send(http.MethodGet, api.PathMe, nil)
	}
	last.Refused(429, fault.TooManyTries, "")
	if last.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	// A session goes on: the owner is never locked out by it.
	admin.Send(http.MethodGet, api.PathMe, nil).Is(200)
	_ = good
}

// A full disk refuses what has to be written, says so, and goes on verifying; when
// there is room again it works again.
func TestP64FullDisk(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=1536k,mode=0700"); err != nil {
		t.Skipf("only root can make a small disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) })
	server := binary.StartIn(t, folder)
	admin := server.SetUp()
	key := admin.AddKey("ci-runner", api.Admin)
	filler := folder + "/filler"
	fill(t, filler)
	refused := 0
	for range 40 {
		answer := admin.Send(http.MethodPatch, api.PathKey(key.Key.ID), binary.JSON{"description": strings.Repeat("x", 900)})
		if answer.Status != http.StatusOK {
			answer.Refused(503, fault.ReadOnlyStorage, "")
			refused++
		}
	}
	if refused == 0 {
		t.Fatal("a full disk took everything")
	}
	if v := server.Bearer(key.Value).Verify(key.Value); !v.Valid {
		t.Errorf("a good key is %s while the disk is full", v.Code)
	}
	if answer := admin.Send(http.MethodPost, api.PathKeyReveal(key.Key.ID), nil); answer.Status == http.StatusOK {
		t.Error("a reveal that can't be audited was answered")
	}
	if err := syscall.Unlink(filler); err != nil {
		t.Fatal(err)
	}
	tab := chromium.Open(t)
	tab.Eventually("room again", func() string {
		return want(admin.Send(http.MethodPatch, api.PathKey(key.Key.ID), binary.JSON{"description": "after"}).Status, 200)
	})
	if got := binary.Get[api.Key](admin, api.PathKey(key.Key.ID)).Description; got != "after" {
		t.Errorf("the description is %q", got)
	}
}

// fill writes until nothing more fits.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for _, size := range []int{64 << 10, 4 << 10, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
}
