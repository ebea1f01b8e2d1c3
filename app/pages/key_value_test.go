package pages

import (
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/shared/api"
)

const planted = "ks_plantedvalue"

func stepHTML(v *valueStep) string {
	return app.HTMLString(app.Div().Body(append(v.body(), v.footer(func(app.Context) {})...)...))
}

func TestTheValueIsNowhereOnceItWasDropped(t *testing.T) {
	var v valueStep
	v.begin(api.Hide(planted), `key "ci"`, "You can show it again.", curlExample("http://localhost"))
	wants(t, stepHTML(&v), planted, "$KEYSTEAD_KEY", "Copy", "Done")
	v.drop()
	if v.on() {
		t.Error("there is still a value")
	}
	lacks(t, stepHTML(&v), planted)
}

func TestLeavingUncopiedAsksOnce(t *testing.T) {
	var v valueStep
	v.begin(api.Hide(planted), `key "ci"`, "It can’t be shown again.", "")
	if v.mayLeave() {
		t.Fatal("left without being asked")
	}
	wants(t, stepHTML(&v), "You have not copied it.", "It can’t be shown again.", "Close without copying")
	if !v.mayLeave() {
		t.Error("asked twice")
	}
	v.begin(api.Hide(planted), `key "ci"`, "", "")
	v.copied = true
	if !v.mayLeave() {
		t.Error("asked although it was copied")
	}
}
