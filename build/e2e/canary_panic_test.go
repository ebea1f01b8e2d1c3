package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/leak"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// A handler that panics with all that it holds: the log says where, and nothing of it.
// The binary is built from the same sources but for that line.
func TestP05P43APanicTellsNoSecret(t *testing.T) {
	t.Parallel()
	changed := binary.Changed(t, "server/rest/route.go", "\t\treturn act(r, in)\n",
		"\t\tif r.Fiber.Get(\"X-Panic\") == \"\" {\n\t\t\treturn act(r, in)\n\t\t}\n\t\tpanic([]any{\"by order\", in, struct{ own any }{in}, r.Fiber.Get(\"Authorization\"), r.Fiber.Get(\"Cookie\")})\n")
	server := binary.Prepare(t, changed, t.TempDir(), "--debug")
	server.Run()
	c := &canaries{t: t}
	admin := server.SetUp()
	c.signed("the session cookie", admin.Cookie().Value)
	k := admin.AddKey("ci-runner", api.Admin)
	value := c.value("an API key", k.Value.Reveal())

	word := c.add("a password", "walnut harbor engine 64")

	const times = 20
	for i := range times {
		other := c.planted(i)
		for _, panics := range []binary.Answer{
			server.Bearer(k.Value).With("X-Panic", "1").Send(http.MethodPost, api.PathVerify, binary.JSON{"key": other}),
			admin.With("X-Panic", "1").Send(http.MethodPost, api.PathVerify, binary.JSON{"key": value}),
			server.Client().With("X-Panic", "1").Send(http.MethodPost, api.PathSession, binary.JSON{"email": binary.Email, "password": word}),
		} {
			panics.Refused(500, fault.Internal, "")
			c.text(string(panics.Body), "the answer to a panic")
		}
	}
	server.Bearer(k.Value).Send(http.MethodGet, api.PathMe, nil).Is(200) // it still serves, and writes
	admin.AddKey("another", api.ReadOnly)
	server.Stop()
	if said := strings.Count(server.Log(), "level=ERROR msg=panic"); said != 3*times {
		t.Errorf("%d panics are logged, want %d:\n%.3000s", said, 3*times, server.Log())
	}
	c.text(server.Log(), "the log")
	c.folder(server.Data, "after the server stopped")
	if leak.In([]byte(server.Log()), "the log", []leak.Canary{{What: "what is no secret", Value: "by order"}}) == nil {
		t.Error("the log does not say what the panic was about")
	}
}
