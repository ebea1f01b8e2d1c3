package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// secretName is how a member is called that holds a secret, or what a secret could be
// made of.
var secretName = regexp.MustCompile(`(?i)(password|passphrase|secret|token|value|credential|cookie|presented|private|master|pepper|session ?key|audit ?key)|^key$`)

// plain are members of such names that hold none.
var plainMembers = map[string]string{
	"shared/api.Introspection.TokenType":          "the word Bearer",
	"shared/api.Secret.value":                     "the type itself",
	"shared/keyfmt.Parts.Secret":                  "Parts prints as redacted",
	"server/config.Config.MasterKeyFile":          "a path",
	"server/rekey.Needs.MasterKey":                "a path",
	"server/rest.Gate.Cookie":                     "a name",
	"server/sessions.Needs.Cookie":                "a name",
	"server/sessions.Page.Values":                 "what may be shown again in a form: never a password or token",
	"server/compat/automox.Server.IPAddrsPrivate": "addresses",
	"server/seal.Master.key":                      "Master prints as redacted",
}

// TestP06SecretMembersPrintAsRedacted looks at every member of every exported struct on
// the server and in the words that both sides share: what is called like a secret has
// the type that prints as "[secret]", or is on the list with the reason why not.
func TestP06SecretMembersPrintAsRedacted(t *testing.T) {
	used := map[string]bool{}
	all, _ := native(t)
	for _, p := range all {
		if !in(p.ImportPath, "server", "shared") {
			continue
		}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range bareSecrets(file) {
				full := strings.TrimPrefix(p.ImportPath, module) + "." + at
				if _, ok := plainMembers[full]; !ok {
					t.Errorf("%s is called like a secret and prints as it is: make it an api.Secret", full)
				}
				used[full] = true
			}
		}
	}
	for full := range plainMembers {
		if !used[full] {
			t.Errorf("%s is on the list and not in the sources", full)
		}
	}
}

// bareSecrets are the members with such a name whose type is text or bytes.
func bareSecrets(file *ast.File) (found []string) {
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range group.Specs {
			typ, ok := spec.(*ast.TypeSpec)
			if !ok || !typ.Name.IsExported() {
				continue
			}
			body, ok := typ.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, field := range body.Fields.List {
				for _, name := range field.Names {
					if secretName.MatchString(name.Name) && bare(field.Type) {
						found = append(found, typ.Name.Name+"."+name.Name)
					}
				}
			}
		}
	}
	return found
}

// bare reports whether a type is text or bytes, or lists or pointers of them.
func bare(e ast.Expr) bool {
	switch types.ExprString(e) {
	case "string", "*string", "[]string", "[]byte", "[][]byte", "map[string]string", "any":
		return true
	}
	return false
}
