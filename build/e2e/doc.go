// Package e2e tests the built binary from outside: over HTTP, on the command line,
// and in Chromium. Nothing of the server or the console is imported, so what holds
// here holds for whoever downloads the binary; of package shared only the words of
// the wire are.
//
// Its parts: [keystead/build/e2e/binary] runs a server on an empty folder and asks
// it over HTTP; [keystead/build/e2e/browser] drives a tab the way a person does, by
// role and name; [keystead/build/e2e/leak] looks for planted secrets in files.
//
// A test has a server and a browser context of its own, so tests share nothing but
// the browser and its clipboard. They wait for states, never for time. Screenshots
// of every screen and dialog are left in screens/.
package e2e
