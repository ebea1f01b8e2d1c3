package router_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"keystead/build/promises/size"
	"keystead/server/rest"
	"keystead/server/testkit"
	"keystead/shared/api"
)

// injections are what goes into a parameter to become part of a statement: each way
// into one with each way out.
func injections() (list []string) {
	ways := []string{"", "1", "name", "'", "\"", "`", "]", "')", "'))", "%'", "\\'", "\x00'", "ʼ", "＇", "name'", "name,", "name desc,", "-1", "1)", "*", "name:", "NEAR(", "^"}
	acts := []string{
		"", " OR 1=1", " OR '1'='1", " AND 1=0", ";DROP TABLE users", " UNION SELECT password_hash FROM users", " UNION ALL SELECT 1,2,3,4,5,6,7,8,9",
		" AND (SELECT length(hex(randomblob(9))))>0", " ORDER BY 99", " LIMIT 1000 OFFSET -1", " COLLATE NOCASE", " GLOB '*'", " LIKE '%'", " ESCAPE ''",
		"||(SELECT sealed FROM keyset)", " IN (SELECT id FROM users)", "/**/OR/**/1", ";ATTACH DATABASE '/tmp/x' AS x", " RETURNING *", " ?1 :a @b $c ?999",
		",(CASE WHEN 1 THEN name ELSE id END)", " AND load_extension('x')", ")+(SELECT 1", " OR printf('%s',1)", " WINDOW w AS ()", "\n-- x\n",
	}
	ends := []string{"", "--", "-- -", "/*", ";", "'", "\"", "#", "\x00"}
	for _, way := range ways {
		for _, act := range acts {
			for _, end := range ends {
				list = append(list, way+act+end)
			}
		}
	}
	return list
}

// plainly are values that a parameter without a list of choices is meant for.
var plainly = []string{"1", "a", "a b", "a b c", "a b c d", "a b c d e", "a b c d e f", "2026-01-01T00:00:00Z", "key.add", "user", "done"}

// Whatever is in sort, filter, search or page, SQLite gets one of the statements that
// ordinary questions make.
func TestP46NoParameterBecomesPartOfAStatement(t *testing.T) {
	s := newStage(t)
	s.Device(s.X, "web-1")
	session, key := s.Session(s.Admin), s.keys["global"]
	type door struct {
		route rest.Route
		path  string
		as    testkit.Credential
	}
	var doors []door
	for _, route := range s.Router.Routes {
		if route.Method != rest.Get || len(route.Query) == 0 || route.Guard.Public() {
			continue
		}
		d := door{route, s.path(route.Path), session}
		if !slices.Contains(route.Guard.Kinds(), api.CallerSession) {
			d.as = key
		}
		doors = append(doors, d)
	}
	ask := func(d door, name, value string) testkit.Answer {
		return s.Send(d.as, "GET "+d.path+"?"+name+"="+url.QueryEscape(value), "")
	}
	for _, d := range doors {
		s.Send(d.as, "GET "+d.path, "")
		for _, p := range d.route.Query {
			for _, value := range append(slices.Clone(p.Enum), plainly...) {
				ask(d, p.Name, value)
			}
		}
	}
	recorded := s.DB.Statements()
	all := injections()
	each := len(all)
	if !size.Full() {
		each = 40
	}
	sent := 0
	for i, d := range doors {
		for j, p := range d.route.Query {
			for n := range each {
				// Another part of them at each parameter, so that all are sent somewhere.
				payload := all[(n*len(all)/each+(i*7+j)*13)%len(all)]
				sent++
				got := ask(d, p.Name, payload)
				free := p.Max == 0 && p.Enum == nil || d.route.Do.Lenient
				if got.Status >= 500 || got.Status < 400 && !free && !slices.Contains(p.Enum, payload) && payload != "1" {
					t.Errorf("%s?%s=%q: %d %.200s", d.path, p.Name, payload, got.Status, got.Body)
				}
			}
		}
	}
	after := s.DB.Statements()
	if len(after) >= 256 {
		t.Errorf("%d statements: there may be more that are not kept", len(after))
	}
	for _, text := range after {
		if !slices.Contains(recorded, text) {
			t.Errorf("a statement that no ordinary question makes:\n%s", text)
		}
	}
	if n := s.Number("SELECT count(*) FROM users"); n < 5 {
		t.Errorf("%d users are left", n)
	}
	for _, text := range recorded {
		if strings.Contains(text, "web-1") || strings.Contains(text, "a b c") {
			t.Errorf("what was searched for is in\n%s", text)
		}
	}
	size.Ran(t, sent, "payloads")
}
