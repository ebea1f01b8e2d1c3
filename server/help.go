package main

import (
	"cmp"
	"fmt"
	"strings"
)

const serveHelp = `keystead serve [flags]: serve the console and the API. It is the default: the word may be left out.

Without a flag it serves ./data on http://127.0.0.1:8080. The first start makes the data
folder and its master key, and prints a link to set the server up with. SIGTERM or Ctrl+C
stops it, and no request is lost.

  keystead serve --data /var/lib/keystead --public-url https://keys.example.com --trusted-proxies 127.0.0.1

`

const demoHelp = `keystead demo [flags]: serve an example installation.

It holds two organizations with keys in every state, and prints how to sign in. It lies in a
scratch folder that goes when the server stops. With --data it is made in that folder, which
must not hold an installation yet, and stays: keystead serve --data goes on with it.

  keystead demo --listen 127.0.0.1:9000
  keystead demo --data example && keystead serve --data example

`

const openAPIHelp = `keystead openapi: print the description of the API.

It is OpenAPI 3.1 in JSON, as a running server answers it at /openapi.json. There are no flags.

  keystead openapi | jq '.paths | keys'
`

const versionHelp = `keystead version: print the version. keystead --version does the same. There are no flags.

  keystead version
`

// withSettings is the help of a command that serves.
func withSettings(help string) string {
	var b strings.Builder
	b.WriteString(help + "Flags; each is a variable too (--listen is KEYSTEAD_LISTEN), and the flag wins:\n\n")
	writeSettings(&b)
	b.WriteString(hostEnd)
	return b.String()
}

// groupHelp is the help of a word that begins several commands: key, user, master-key.
func groupHelp(all []command, word string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "keystead %s is followed by one of:\n\n", word)
	var first string
	for _, cmd := range all {
		if strings.HasPrefix(cmd.words, word+" ") {
			fmt.Fprintf(&b, "  keystead %-22s %s\n", strings.TrimSpace(cmd.words+" "+cmd.takes), cmd.means)
			first = cmp.Or(first, cmd.words)
		}
	}
	fmt.Fprintf(&b, "\nEach has a help of its own, with an example and its flags: keystead %s --help\n", first)
	return b.String()
}
