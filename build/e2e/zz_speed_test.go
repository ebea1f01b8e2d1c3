package e2e_test

import (
	"fmt"
	"os"
	"sort"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
)

func TestSpeed(t *testing.T) {
	b, err := browser.Launch("")
	if err != nil { t.Fatal(err) }
	defer b.Close()
	for _, path := range []string{"/tmp/sz/keystead", "/tmp/w2/build/bin/keystead", "/tmp/sz/keystead", "/tmp/w2/build/bin/keystead"} {
		s := binary.Start(t)
		s.Stop()
		s.Binary = path
		s.Run()
		admin := s.SetUp()
		for i := range 10 { admin.AddKey(fmt.Sprint("k", i), api.ReadOnly) }
		tab := b.Open(t)
		tab.Cookie(s.Site(), admin.Cookie().Name, admin.Cookie().Value)
		var starts, sorts []float64
		for range 6 {
			tab.Go(s.Site() + "/settings/secrets-keys")
			var ms float64
			tab.EvalInto(`new Promise(r=>{const f=()=>document.querySelectorAll("tbody tr .name").length===10?r(performance.now()):setTimeout(f,4);f()})`, &ms)
			starts = append(starts, ms)
			tab.EvalInto(`new Promise(async r=>{let b=document.querySelector("[id=who-menu],[aria-label='Your settings']");let t0=performance.now();for(let i=0;i<40;i++){b.click();await new Promise(requestAnimationFrame)};r(performance.now()-t0)})`, &ms)
			sorts = append(sorts, ms)
		}
		sort.Float64s(starts); sort.Float64s(sorts)
		fmt.Fprintf(os.Stdout, "%s start %.0f clicks %.0f\n", path, starts, sorts)
	}
}
