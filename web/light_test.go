package web_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"keystead/web"
)

// site is the sources as they are, which are templates like the packed ones.
func site(t *testing.T) *web.Site {
	t.Helper()
	dist := fstest.MapFS{web.Index: {Data: []byte(`{"version":"1","light":{"/sign-in":"sign_in.html","/setup":"setup.html","/invite":"invite.html"}}`)}}
	for _, name := range []string{web.LightFrame, "sign_in.html", "setup.html", "invite.html"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		dist[name] = &fstest.MapFile{Data: text}
	}
	opened, err := web.OpenFS(dist)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

type element = map[string]string

// rendered answers a page's text and its elements by id or, for inputs, by name.
func rendered(t *testing.T, path string, form web.Form) (string, map[string]element) {
	t.Helper()
	var page strings.Builder
	if err := site(t).Render(&page, path, form); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(strings.NewReader(page.String()))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]element{}
	for node := range doc.Descendants() {
		attributes := element{"tag": node.Data}
		for _, a := range node.Attr {
			attributes[a.Key] = a.Val
		}
		if node.FirstChild != nil && node.FirstChild.Type == html.TextNode {
			attributes["text"] = node.FirstChild.Data
		}
		for _, key := range []string{attributes["id"], attributes["name"]} {
			if key != "" {
				found[key] = attributes
			}
		}
		if node.Type == html.ElementNode && node.Data == "form" {
			found["form"] = attributes
		}
	}
	return page.String(), found
}

func TestFields(t *testing.T) {
	for path, fields := range map[string]map[string][2]string{ // name → type, autocomplete
		"/sign-in": {
			"email": {"email", "username"}, "password": {"password", "current-password"}, "next": {"hidden", ""},
		},
		"/setup": {
			"token": {"text", "off"}, "organization": {"text", "organization"}, "account": {"text", "off"},
			"first_name": {"text", "given-name"}, "last_name": {"text", "family-name"},
			"email": {"email", "username"}, "password": {"password", "new-password"},
		},
		"/invite": {
			"token": {"text", "off"}, "first_name": {"text", "given-name"}, "last_name": {"text", "family-name"},
			"password": {"password", "new-password"},
		},
	} {
		_, found := rendered(t, path, web.Form{})
		if form := found["form"]; form["method"] != "post" || form["action"] != path {
			t.Errorf("%s: form %v", path, form)
		}
		for name, want := range fields {
			input := found[name]
			if input["tag"] != "input" || input["type"] != want[0] || input["autocomplete"] != want[1] {
				t.Errorf("%s: field %s is %v, want %v", path, name, input, want)
			}
			if _, bad := input["aria-invalid"]; bad {
				t.Errorf("%s: %s is invalid before anything was typed", path, name)
			}
			_, required := input["required"]
			if optional := name == "account" || name == "next" || path == "/invite" && strings.HasSuffix(name, "_name"); required == optional {
				t.Errorf("%s: %s is required: %v", path, name, required)
			}
		}
	}
	_, setup := rendered(t, "/setup", web.Form{})
	if setup["password"]["minlength"] != "15" || !strings.Contains(setup["password-hint"]["text"], "15 characters or more") {
		t.Errorf("the password's rule is not said at its field: %v", setup["password"])
	}
}

// A reset asks for nothing but the new password, and the link where no script took it.
func TestAResetAsksForThePasswordAlone(t *testing.T) {
	page, found := rendered(t, "/invite", web.Form{Reset: true})
	for _, name := range []string{"first_name", "last_name"} {
		if found[name] != nil {
			t.Errorf("it asks for %s", name)
		}
	}
	if found["token"]["type"] != "text" || found["password"]["autocomplete"] != "new-password" || found["form"]["action"] != "/invite?for=reset" {
		t.Errorf("%v %v %v", found["form"], found["token"], found["password"])
	}
	if !strings.Contains(page, "<title>Set a new password · Keystead</title>") || strings.Contains(page, "Come in") {
		t.Error("it is titled like an invitation")
	}
}

func TestRefusalStandsAtItsField(t *testing.T) {
	form := web.Form{Error: "That doesn’t match.", Field: "password", Values: map[string]string{"email": `"><script>`, "password": "kept from sight"}}
	page, found := rendered(t, "/sign-in", form)
	input, sentence := found["password"], found["password-error"]
	if input["aria-invalid"] != "true" || input["aria-describedby"] != "password-error" {
		t.Errorf("the field does not point at its refusal: %v", input)
	}
	if _, focused := input["autofocus"]; !focused {
		t.Error("the refused field is not focused")
	}
	if sentence["role"] != "alert" || sentence["text"] != form.Error {
		t.Errorf("the refusal is %v", sentence)
	}
	if found["form-error"]["text"] != "" || found["email-error"]["text"] != "" {
		t.Error("the refusal stands in two places")
	}
	if found["email"]["value"] != form.Values["email"] {
		t.Errorf("what was typed is lost: %v", found["email"])
	}
	if strings.Contains(page, "kept from sight") {
		t.Error("the page holds the password")
	}
}

func TestRefusalOfTheWholeForm(t *testing.T) {
	page, found := rendered(t, "/sign-in", web.Form{Error: "Too many tries. Wait 30 seconds.", Next: `/a?b="c"`, Account: "Northwind <Ops>"})
	if got := found["form-error"]; got["role"] != "alert" || got["text"] != "Too many tries. Wait 30 seconds." {
		t.Errorf("the refusal is %v", got)
	}
	if found["next"]["value"] != `/a?b="c"` {
		t.Errorf("next is %q", found["next"]["value"])
	}
	if !strings.Contains(page, "Northwind &lt;Ops&gt;") {
		t.Error("the account's name is missing or not escaped")
	}
	if _, focused := found["email"]["autofocus"]; !focused {
		t.Error("no field is focused")
	}
}

func TestWithoutFrontEnd(t *testing.T) {
	var none *web.Site
	if err := none.Render(&strings.Builder{}, "/sign-in", web.Form{}); !errors.Is(err, web.ErrNotBuilt) {
		t.Errorf("a nil site answers %v", err)
	}
	if _, err := web.OpenFS(fstest.MapFS{".gitkeep": {}}); !errors.Is(err, web.ErrNotBuilt) {
		t.Errorf("an empty dist answers %v", err)
	}
	if err := site(t).Render(&strings.Builder{}, "/nowhere", web.Form{}); err == nil {
		t.Error("an unknown page was rendered")
	}
}
