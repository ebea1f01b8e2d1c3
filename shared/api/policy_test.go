package api_test

import (
	"reflect"
	"testing"

	"keystead/shared/api"
)

func days(n int) *int { return &n }

func TestStrictest(t *testing.T) {
	open := api.Policy{Reveal: "owner", AllowNoExpiry: true, KeysManageKeys: true}
	for name, c := range map[string]struct {
		of   []api.Policy
		want api.Policy
	}{
		"of none it is the default": {nil, open},
		"of one it is that one": {
			[]api.Policy{{Reveal: "never", DefaultLifetimeDays: days(7), MaxLifetimeDays: days(30)}},
			api.Policy{Reveal: "never", DefaultLifetimeDays: days(7), MaxLifetimeDays: days(30)},
		},
		"each member is the strictest one's": {
			[]api.Policy{
				{Reveal: "owner", MaxLifetimeDays: days(90), AllowNoExpiry: true},
				{Reveal: "never", MaxLifetimeDays: days(365), KeysManageKeys: true},
			},
			api.Policy{Reveal: "never", MaxLifetimeDays: days(90)},
		},
		"no bound loses to a bound": {
			[]api.Policy{open, {Reveal: "owner", MaxLifetimeDays: days(1), AllowNoExpiry: true, KeysManageKeys: true}, open},
			api.Policy{Reveal: "owner", MaxLifetimeDays: days(1), AllowNoExpiry: true, KeysManageKeys: true},
		},
		"a default does not pass another's bound": {
			[]api.Policy{
				{Reveal: "owner", DefaultLifetimeDays: days(365), AllowNoExpiry: true, KeysManageKeys: true},
				{Reveal: "owner", MaxLifetimeDays: days(30), AllowNoExpiry: true, KeysManageKeys: true},
			},
			api.Policy{Reveal: "owner", DefaultLifetimeDays: days(30), MaxLifetimeDays: days(30), AllowNoExpiry: true, KeysManageKeys: true},
		},
	} {
		if got := api.Strictest(c.of...); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
