package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"keystead/shared/api"
)

const planted = "planted-canary-value"

func TestP06SecretsPrintAsRedacted(t *testing.T) {
	secret := api.Hide(planted)
	holder := api.AddedKey{Value: secret}
	see := func(by, text string) {
		t.Helper()
		if strings.Contains(text, planted) || strings.Contains(text, fmt.Sprintf("%x", planted)) || strings.Contains(text, fmt.Sprintf("%q", planted)) {
			t.Errorf("%s shows the value: %s", by, text)
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%10.3s", "%t"} {
		see(verb, fmt.Sprintf(verb, secret))
		see(verb+" of a pointer", fmt.Sprintf(verb, &secret))
		see(verb+" of a holder", fmt.Sprintf(verb, holder))
		see(verb+" of a slice", fmt.Sprintf(verb, []api.Secret{secret}))
		see(verb+" of one that keeps it to itself", fmt.Sprintf(verb, struct{ own api.Secret }{secret}))
		see(verb+" of a list that does", fmt.Sprintf(verb, struct{ own []api.Secret }{[]api.Secret{secret}}))
	}
	see("an error", fmt.Errorf("adding: %w %v", errors.New("x"), holder).Error())
	for name, v := range map[string]any{"value": secret, "pointer": &secret, "holder": holder} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		see("JSON of a "+name, string(data))
		var logs bytes.Buffer
		slog.New(slog.NewTextHandler(&logs, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&logs, nil)).Info("x", "v", v)
		see("a log of a "+name, logs.String())
	}
}

func TestP06SecretMembersHaveTheRedactingType(t *testing.T) {
	for _, holder := range []any{
		api.Setup{}, api.SignIn{}, api.Elevate{}, api.NewPassword{}, api.AddedKey{}, api.Revealed{}, api.AddedOrgSecret{}, api.Verify{},
		api.Redeem{}, api.Link{},
	} {
		typ, found := reflect.TypeOf(holder), false
		for i := range typ.NumField() {
			switch field := typ.Field(i); field.Tag.Get("json") {
			case "password", "token", "value", "url":
				found = true
				if field.Type != reflect.TypeFor[api.Secret]() {
					t.Errorf("%s.%s is a %s", typ, field.Name, field.Type)
				}
			case "key":
				found = found || field.Type == reflect.TypeFor[api.Secret]()
			}
		}
		if !found {
			t.Errorf("%s holds no secret: take it off this list", typ)
		}
	}
}

func TestSecretReadsItsValue(t *testing.T) {
	var in api.SignIn
	if err := json.Unmarshal([]byte(`{"email":"a","password":"`+planted+`"}`), &in); err != nil {
		t.Fatal(err)
	}
	if in.Password.Reveal() != planted {
		t.Error("the value was lost")
	}
}

func TestMaybeTellsAbsentFromNull(t *testing.T) {
	for body, want := range map[string]api.Maybe[int]{
		`{}`: {}, `{"n":null}`: api.Null[int](), `{"n":7}`: api.Just(7),
	} {
		var got struct {
			N api.Maybe[int] `json:"n,omitzero"`
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.N, want) {
			t.Errorf("%s read as %+v", body, got.N)
		}
		if back, err := json.Marshal(got); err != nil || string(back) != body {
			t.Errorf("%s written as %s, %v", body, back, err)
		}
	}
}
