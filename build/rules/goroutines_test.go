package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"testing"
)

// Where the server starts goroutines: nobody is above one, so a panic in it ends the
// server. Whatever works in the background does so through package worker; these few
// guard themselves.
var starters = map[string]string{
	"server/worker/worker.go":    "every round is guarded",
	"server/backups/backups.go":  "every look at the schedule is guarded",
	"server/backups/status.go":   "the one backup is guarded",
	"server/db/open.go":          "the writer: every act and hook is guarded, and panics where it came from",
	"server/rekey/rekey.go":      "every round is guarded",
	"server/logbook/lines.go":    "the late write is guarded; a worker would log to the log that it writes",
	"server/rest/stream.go":      "what it writes is guarded",
	"server/house/control.go":    "every command is guarded",
	"server/serve.go":            "the listener; handlers are guarded by rest.Recover",
	"server/metrics_listener.go": "the listener; net/http guards its handlers",
}

func TestP43GoroutinesAreGuarded(t *testing.T) {
	all, _ := native(t)
	for _, p := range all {
		if !in(p.ImportPath, "server") || in(p.ImportPath, "server/remote") { // a client
			continue
		}
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			rel, err := filepath.Rel(top(t), path)
			if err != nil {
				t.Fatal(err)
			}
			if starters[filepath.ToSlash(rel)] != "" {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, spawned := n.(*ast.CallExpr)
				if spawned {
					f, ok := call.Fun.(*ast.SelectorExpr)
					spawned = ok && (f.Sel.Name == "Go" || f.Sel.Name == "AfterFunc")
				} else {
					_, spawned = n.(*ast.GoStmt)
				}
				if spawned {
					t.Errorf("%s:%d starts a goroutine: use package worker", rel, set.Position(n.Pos()).Line)
				}
				return true
			})
		}
	}
}

// TestP72EachPackageLooksForGoroutines: the tests of each package of the server end by
// looking whether a goroutine is left, so that a new package can't forget.
func TestP72EachPackageLooksForGoroutines(t *testing.T) {
	all, _ := native(t)
	for _, p := range all {
		if !in(p.ImportPath, "server") {
			continue
		}
		files, err := filepath.Glob(filepath.Join(p.Dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) > 0 && !slices.ContainsFunc(files, func(path string) bool { return looksForGoroutines(t, path) }) {
			t.Errorf("%s has tests and no TestMain that calls testkit.Main or goleak.VerifyTestMain", p.ImportPath)
		}
	}
}

// looksForGoroutines reports whether a file has a TestMain that looks.
func looksForGoroutines(t *testing.T, path string) (looks bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		if main, ok := decl.(*ast.FuncDecl); ok && main.Name.Name == "TestMain" {
			ast.Inspect(main.Body, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					called := types.ExprString(call.Fun)
					looks = looks || called == "testkit.Main" || called == "goleak.VerifyTestMain"
				}
				return true
			})
		}
	}
	return looks
}
