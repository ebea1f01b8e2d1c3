package e2e_test

import "testing"

// What the console shows first is asked for while its program still loads, and by the
// program no second time.
func TestTheFirstListIsAskedForAhead(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"/", secretsKeys, apiKeys, apiKeys + "?org=Northwind-OPS"} {
		d := signedIn(t)
		release := d.Hold("*.wasm")
		d.Go(d.server.Site() + address)
		d.Until("the list asked for", `[...asked.keys()].some((path) => path.includes("/api-keys?"))`)
		release()
		d.drawn()
		d.askedOnce(address)
	}
}

// An answer that comes after the program changes nothing: it takes the list from the
// page then, too.
func TestTheFirstListIsAskedForOnceWhereTheLineIsSlow(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	release := d.Hold("*/v1/me")
	d.Go(d.server.Site() + apiKeys)
	d.Until("the program waiting for who it is", `performance.getEntriesByName(location.origin + "/v1/session").length > 0 && !keysteadSession`)
	release()
	d.drawn()
	d.askedOnce("a slow line")
}

// A list that is searched or filtered is the program's to ask for, and so is the
// organization that an address names but that is not theirs.
func TestOnlyThePlainListIsAskedForAhead(t *testing.T) {
	t.Parallel()
	d := open(t, secretsKeys+"?q=x")
	d.askedOnce("a search")
	d.visit(secretsKeys + "?org=someone-elses")
	d.askedOnce("a foreign organization")
}

// A warm visit asks the API for everything once, too.
func TestAWarmVisitAsksEverythingOnce(t *testing.T) {
	t.Parallel()
	d := open(t, secretsKeys)
	d.installed()
	for _, screen := range []string{apiKeys, secretsKeys} {
		d.visit(screen)
		d.askedOnce(screen)
	}
}

// askedOnce fails where the page asked for anything twice, or asked ahead for what its
// program did not take.
func (d desk) askedOnce(where string) {
	d.t.Helper()
	var twice, left []string
	d.EvalInto(`performance.getEntriesByType("resource").filter((e) => e.initiatorType === "fetch").map((e) => e.name)
		.filter((name, i, all) => all.indexOf(name) < i)`, &twice)
	d.EvalInto("[...asked.keys()]", &left)
	if len(twice) > 0 || len(left) > 0 {
		d.t.Errorf("%s: asked twice for %q, in vain for %q", where, twice, left)
	}
}
