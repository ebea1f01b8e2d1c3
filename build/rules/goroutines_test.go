package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
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
