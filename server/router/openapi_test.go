package router_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"keystead/server/testkit"
	"keystead/shared/api"
)

func document(t *testing.T, k *testkit.Kit) *openapi3.T {
	t.Helper()
	answer := k.Send(nil, "GET /openapi.json", "")
	if answer.Status != 200 {
		t.Fatalf("%d %s", answer.Status, answer.Body)
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(answer.Body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestP48TheOpenAPIDocumentIsValid(t *testing.T) {
	doc := document(t, testkit.New(t, nil))
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.Summary == "" || op.OperationID == "" || ids[op.OperationID] {
				t.Errorf("%s %s has no summary or no name of its own", method, path)
			}
			ids[op.OperationID] = true
			if path == api.PathForwardAuth { // proxies read statuses
				for _, status := range []int{401, 403} {
					if said := op.Responses.Status(status); said == nil || len(said.Value.Content) > 0 || len(said.Value.Headers) == 0 {
						t.Errorf("%s %s says of %d: %+v", method, path, status, said)
					}
				}
				if op.Responses.Default() != nil {
					t.Errorf("%s %s says that it has other refusals", method, path)
				}
			} else if op.Responses.Default() == nil {
				t.Errorf("%s %s says nothing of refusals", method, path)
			}
		}
	}
}

func TestP48TheOpenAPIDocumentListsWhatTheRouterHas(t *testing.T) {
	k := testkit.New(t, nil)
	doc := document(t, k)
	described := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described[method+" "+path] = true
		}
	}
	mounted := map[string]bool{}
	for _, stack := range k.Router.App.Stack() {
		for _, route := range stack {
			if described[route.Method+" "+openPath(strings.TrimSuffix(route.Path, "/"))] {
				route.Path = strings.TrimSuffix(route.Path, "/") // served too, and not told of
			}
			api := api.ServerOwned(route.Path) && !slices.Contains([]string{"/sign-in", "/setup", "/invite"}, route.Path)
			if api && route.Method != "HEAD" {
				mounted[route.Method+" "+openPath(route.Path)] = true
			}
		}
	}
	for name := range maps.Keys(mounted) {
		if !described[name] {
			t.Errorf("%s is mounted and not described", name)
		}
	}
	for name := range maps.Keys(described) {
		if !mounted[name] {
			t.Errorf("%s is described and not mounted", name)
		}
	}
}

func openPath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

// TestP45AnswersAreAsDescribed sends the matrix and checks each answer against the
// schema of its operation, in which no member may be that is not described.
func TestP45AnswersAreAsDescribed(t *testing.T) {
	s := newStage(t)
	doc := document(t, s.Kit)
	for i, route := range s.Router.Routes {
		op := doc.Paths.Find(openPath(route.Path)).GetOperation(route.Method)
		for j, who := range []string{"admin", "key", "anonymous"} {
			name := route.Method + " " + route.Path
			body := strings.ReplaceAll(bodies[name], "NAME", fmt.Sprintf("o-%d-%d", i, j))
			got := s.Send(s.as(who), route.Method+" "+s.path(route.Path), body)
			conforms(t, name+" as "+who, op, got)
		}
	}
}

func conforms(t *testing.T, name string, op *openapi3.Operation, got testkit.Answer) {
	t.Helper()
	response := op.Responses.Status(got.Status)
	if response == nil && got.Status >= 400 {
		response = op.Responses.Default()
	}
	if response == nil {
		t.Errorf("%s: %d is not described", name, got.Status)
		return
	}
	media := response.Value.Content.Get(got.Header.Get("Content-Type"))
	if media == nil {
		if got.Body != "" {
			t.Errorf("%s: a body that is not described: %s", name, got.Body)
		}
		return
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader([]byte(got.Body)))
	if err := decoder.Decode(&value); err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if err := media.Schema.Value.VisitJSON(value); err != nil {
		t.Errorf("%s: %s: %v", name, got.Body, err)
	}
}

// TestP48TheCheckWouldSeeAWrongAnswer proves that the check above can fail.
func TestP48TheCheckWouldSeeAWrongAnswer(t *testing.T) {
	k := testkit.New(t, nil)
	schema := document(t, k).Components.Schemas["Key"].Value
	for _, wrong := range []string{`{}`, `{"id":"x"}`, `{"ciphertext":"x"}`} {
		var value any
		k.Must(json.Unmarshal([]byte(wrong), &value))
		if schema.VisitJSON(value) == nil {
			t.Errorf("%s passes for a key", wrong)
		}
	}
}

func TestTheCommandPrintsWhatTheServerServes(t *testing.T) {
	k := testkit.New(t, nil)
	printed, err := k.Router.OpenAPI()
	k.Must(err)
	if served := k.Send(nil, "GET /openapi.json", ""); served.Body != string(printed) {
		t.Error("they differ")
	}
}
