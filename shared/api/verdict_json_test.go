package api_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	strict "github.com/go-json-experiment/json"

	"keystead/shared/api"
	"keystead/shared/perm"
)

// AppendJSON knows every member that the type has, and writes what encoders write.
func TestAVerdictWritesItselfAsAnEncoderDoes(t *testing.T) {
	id, name, role := api.KeyID(7), "deploy", api.Admin
	at := time.Date(2026, 5, 4, 12, 0, 0, 120_000_000, time.UTC)
	full := func(name string) api.Verdict {
		return api.Verdict{
			Valid: true, Code: api.Valid, KeyID: &id, Name: &name, Role: &role, ExpiresAt: &at,
			Owner:        &api.VerdictOwner{ID: 3, UUID: "u-3", Email: "ada@northwind.example"},
			Organization: &api.VerdictOrg{ID: 1, UUID: "o-1", ShortName: "ops"},
			Permissions:  perm.All().List(),
		}
	}
	for member, value := range reflect.ValueOf(full(name)).Fields() {
		if member.IsExported() && value.IsZero() {
			t.Errorf("%s is not tested", member.Name)
		}
	}
	list := []api.Verdict{{}, {Code: api.NotFound}, {Valid: true, Code: api.Valid, KeyID: &id, Name: &name, Permissions: []perm.Permission{}}}
	for _, name := range []string{name, "", `quo"te and \`, "Zürich 東京 \U0001f511", "<b>&'", "tab\tline\nend\r\b\f\x01\x1f\x7f", "\u2028"} {
		list = append(list, full(name))
	}
	for _, v := range list {
		got := v.AppendJSON(nil)
		if again := v.Encoded().AppendJSON([]byte("before ")); string(again) != "before "+string(got) {
			t.Errorf("%s, encoded %s", got, again)
		}
		var back api.Verdict
		if err := strict.Unmarshal(got, &back); err != nil {
			t.Fatalf("%s: %v", got, err)
		}
		want, err := strict.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var asEncoded api.Verdict
		if err := json.Unmarshal(want, &asEncoded); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back, asEncoded) || v.Name == &name && string(got) != string(want) {
			t.Errorf("%s, encoder %s", got, want)
		}
	}
}

// FuzzReadPlain: what is read as nothing but a key is what a strict decoder reads, too.
func FuzzReadPlain(f *testing.F) {
	for _, body := range []string{
		`{"key":"ks_a"}`, `{"key": "ks_a"}`, `{"key":""}`, `{"key":"}`, `{"key":"a","key":"b"}`, `{"key":"a\u0041"}`, `{"key":"a","ip":"::1"}`,
		` {"key":"a"}`, `{"key":"a"} `, `{"Key":"a"}`, `{"key":"é"}`, "{\"key\":\"a\x00\"}", `{"key":"a}`, `{"key":null}`, `{"key":  "a"}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var got, want api.Verify
		if !got.ReadPlain([]byte(body)) {
			return
		}
		if err := strict.Unmarshal([]byte(body), &want, strict.RejectUnknownMembers(true)); err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		if got.Key.Reveal() == "" || got.Key.Reveal() != want.Key.Reveal() || want.Permission != nil || want.Organization != nil || want.IP != nil {
			t.Errorf("%q is read as %q, by a decoder as %q", body, got.Key.Reveal(), want.Key.Reveal())
		}
	})
}

func TestABodyWithAKeyAloneIsReadPlain(t *testing.T) {
	for body, want := range map[string]bool{`{"key":"ks_a"}`: true, `{"key": "ks_a"}`: true, `{"key":""}`: false, `{"key":"a","ip":"::1"}`: false, `{"key":"\n"}`: false} {
		if got := new(api.Verify).ReadPlain([]byte(body)); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

func FuzzVerdictNames(f *testing.F) {
	f.Add("deploy")
	f.Add("\xff\"\\\x00")
	f.Fuzz(func(t *testing.T, name string) {
		got := api.Verdict{Name: &name}.AppendJSON(nil)
		var back, want api.Verdict
		if err := strict.Unmarshal(got, &back); err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		text, _ := json.Marshal(map[string]string{"name": name})
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		if *back.Name != *want.Name {
			t.Errorf("%q became %q", name, *back.Name)
		}
	})
}
