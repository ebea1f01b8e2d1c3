package rest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// members are those of a JSON object as encoding/json tells its tokens; not ok where it is
// none, goes on after its end, or has a member twice, at any depth.
func members(body []byte) (top map[string]json.RawMessage, ok bool) {
	if json.Unmarshal(body, &top) != nil || top == nil {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if !once(d) {
		return nil, false
	}
	_, err := d.Token()
	return top, errors.Is(err, io.EOF)
}

// once reads a value and reports whether each member of each object in it comes once.
func once(d *json.Decoder) bool {
	begin, err := d.Token()
	if err != nil {
		return false
	}
	end, nested := begin.(json.Delim)
	if !nested {
		return true
	}
	seen := map[any]bool{}
	for d.More() {
		if end == '{' {
			name, err := d.Token()
			if err != nil || seen[name] {
				return false
			}
			seen[name] = true
		}
		if !once(d) {
			return false
		}
	}
	_, err = d.Token()
	return err == nil
}

// FuzzP44Decode: a body that is taken is an object whose members are all known, spelled
// so, and there once; what was read is what the standard library reads. A refusal repeats
// nothing of it.
func FuzzP44Decode(f *testing.F) {
	for _, seed := range []string{
		`{"name":"n","role":"ADMIN"}`, `{"name":"n","role":"ADMIN","expires_at":null}`, `{"name":"n","Role":"ADMIN"}`,
		`{"name":"n","name":"m","role":"ADMIN"}`, `{"name":"n","rol\u0065":"ADMIN","role":"READONLY"}`, `{"name":"n","role":"ADMIN"} x`,
		`[]`, `null`, `{`, `{"name":1,"role":"ADMIN"}`, `{"name":null,"role":"ADMIN"}`, "{\"name\":\"\xff\",\"role\":\"ADMIN\"}", `{"name":"n","role":"ADMIN","id":1}`,
		`{"name":"n","role":"ADMIN","expires_at":"2027-01-01T00:00:00Z"}`, `{"name":"n","role":"ADMIN","expires_at":{"a":1,"a":1}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var in api.AddKey
		if err := rest.Decode(body, &in); err != nil {
			if said, ok := fault.From(err); !ok || said.Code != fault.BadRequest && (said.Code != fault.InvalidValue || said.Field != "expires_at") || strings.Contains(said.Detail, "canary") {
				t.Errorf("%q: %v", body, err)
			}
			return
		}
		top, ok := members(body)
		if !ok {
			t.Fatalf("%q was taken", body)
		}
		for name := range top {
			if !slices.Contains([]string{"name", "description", "role", "expires_at"}, name) {
				t.Errorf("%q was taken, with %q", body, name)
			}
		}
		var name, role string
		if json.Unmarshal(top["name"], &name) != nil || json.Unmarshal(top["role"], &role) != nil || in.Name != name || string(in.Role) != role {
			t.Errorf("%q was read as %+v", body, in)
		}
		if _, sent := top["expires_at"]; sent != in.ExpiresAt.Set {
			t.Errorf("%q: an expiry is set: %v", body, in.ExpiresAt.Set)
		}
	})
}

// TestP44NoMemberIsReadInAnotherWay: nor where every member may be absent.
func TestP44NoMemberIsReadInAnotherWay(t *testing.T) {
	for body, good := range map[string]bool{
		`{"name":"a"}`: true, `{}`: true, `{"name":"a","name":"b"}`: false, `{"name":"a","n\u0061me":"b"}`: false,
		`{"Name":"a"}`: false, `{"NAME":"a","name":"b"}`: false, `{"name":"a"}{}`: false, `{"expires_at":null,"expires_at":null}`: false,
	} {
		var in api.EditKey
		if err := rest.Decode([]byte(body), &in); (err == nil) != good {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// FuzzDecodeForm: what is read of a form is the one value of each parameter, by another
// reading of it.
func FuzzDecodeForm(f *testing.F) {
	for _, seed := range []string{"token=a&token_type_hint=b", "token=a&token_type_hint=b&token_type_hint=c", "token=a&token=b", "token=", "", "token=%zz", "token=a;b", "t%6fken=a&token=b", "token=a+b%20c", "token&x=1", "=&&token=%00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		found := map[string][]string{}
		good := true
		for pair := range strings.SplitSeq(string(body), "&") {
			name, value, _ := strings.Cut(pair, "=")
			name, err1 := url.QueryUnescape(name)
			value, err2 := url.QueryUnescape(value)
			good = good && err1 == nil && err2 == nil && !strings.Contains(pair, ";")
			if pair != "" {
				found[name] = append(found[name], value)
			}
		}
		token, hint := found["token"], found["token_type_hint"]
		good = good && len(token) == 1 && token[0] != "" && len(hint) < 2
		var in api.OAuthToken
		err := rest.DecodeForm(body, &in)
		if (err == nil) != good {
			t.Fatalf("%q: %v", body, err)
		}
		if err == nil && (in.Token.Reveal() != token[0] || in.Hint != strings.Join(hint, "")) {
			t.Errorf("%q was read as %q, %q", body, in.Token.Reveal(), in.Hint)
		}
	})
}

// FuzzP47Query: a query is read by the parameters of the door and in their bounds, or
// refused; nothing else happens.
func FuzzP47Query(f *testing.F) {
	e := newEcho(f)
	for _, seed := range []string{"", "page=2&limit=50&sort=name&order=desc&q=a+b", "page=0", "page=01", "page=1&page=1", "limit=101", "p%61ge=2", "sort=id", "q=%ff", "page=%EF%BC%91", "x=1", "&", "page", "q=;%00#", "key=x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		request := &fasthttp.RequestCtx{}
		request.Request.Header.SetMethod("GET")
		request.URI().SetPath("/list")
		request.URI().SetQueryString(query)
		e.log.Reset()
		e.app.Handler()(request)
		switch status := request.Response.StatusCode(); status {
		case 200:
		case 400:
			return
		default:
			t.Fatalf("%q: %d %s", query, status, request.Response.Body())
		}
		sent := map[string]string{}
		for name, value := range request.QueryArgs().All() {
			if _, twice := sent[string(name)]; twice {
				t.Errorf("%q: %s twice", query, name)
			}
			sent[string(name)] = string(value)
		}
		if !slices.Contains([]string{"", "name"}, sent["sort"]) || !slices.Contains([]string{"", "asc", "desc"}, sent["order"]) {
			t.Errorf("%q: another order", query)
		}
		for name, bound := range map[string]int{"page": 1 << 31, "limit": api.MaxLimit} {
			text, ok := sent[name]
			if n, err := strconv.ParseUint(text, 10, 64); ok && (err != nil || n < 1 || n > uint64(bound)) { // #nosec G115 -- constants
				t.Errorf("%q: %s is %q", query, name, text)
			}
			delete(sent, name)
		}
		for name := range sent {
			if !slices.Contains([]string{"sort", "order", "q"}, name) {
				t.Errorf("%q: there is no %s", query, name)
			}
		}
	})
}

// FuzzP42Problem: whatever a fault says, the answer is one JSON document that says the
// same, in our words and in those of OAuth.
func FuzzP42Problem(f *testing.F) {
	for _, seed := range []string{"This is missing.", "\"}\r\nX: y", "\u2028<script>", "\\", "’", "\x00\x1b[31m"} {
		f.Add(seed, "name")
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, ErrorHandler: rest.Problem(slog.New(slog.DiscardHandler), rest.OAuth)})
	var refusal error
	for _, path := range []string{"/v1/x", "/v1/oauth/x"} {
		app.Get(path, func(*fiber.Ctx) error { return refusal })
	}
	f.Fuzz(func(t *testing.T, detail, field string) {
		detail, field = strings.ToValidUTF8(detail, "?"), strings.ToValidUTF8(field, "?")
		refusal = fault.At(field, fault.InvalidValue, "%s", detail)
		for path, member := range map[string]string{"/v1/x": "detail", "/v1/oauth/x": "error_description"} {
			request := &fasthttp.RequestCtx{}
			request.Request.SetRequestURI(path)
			app.Handler()(request)
			said := map[string]any{}
			if err := json.Unmarshal(request.Response.Body(), &said); err != nil || request.Response.StatusCode() != 422 {
				t.Fatalf("%q: %d %s", detail, request.Response.StatusCode(), request.Response.Body())
			}
			text, _ := said[member].(string)
			if path == "/v1/x" && (text != detail || field != "" && said["field"] != field) {
				t.Errorf("%q at %q is %v", detail, field, said)
			}
			if path != "/v1/x" && strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
				t.Errorf("%q is described as %q", detail, text)
			}
		}
	})
}
