package audit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keystead/shared/api"
)

// An act that is missing in the list could be written and not be asked for.
func TestEveryActCanBeAskedFor(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "acts.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		found++
		if name, _ := strconv.Unquote(literal.Value); !slices.Contains(choices(), name) {
			t.Errorf("%s can't be asked for", name)
		}
		return true
	})
	for _, act := range acts {
		if noun, _, _ := strings.Cut(string(act), "."); !slices.Contains(api.AuditNouns, noun) {
			t.Errorf("the console can't ask for %s", noun)
		}
	}
	if found < 40 || found != len(acts) {
		t.Errorf("%d acts, and %d on the list", found, len(acts))
	}
}
