package main

import (
	"cmp"
	"strings"

	"keystead/server/config"
)

// option is a flag as completion knows it.
type option struct {
	name    string
	takes   string   // what stands behind it, as help writes it: "FILE"; "" for a switch
	choices []string // where it takes one of a few
}

// file reports whether a file or a folder stands behind the flag.
func (o option) file() bool { return o.takes == "FILE" || o.takes == "FOLDER" }

// files are the settings that name one.
var files = map[string]string{"data": "FOLDER", "backup-dir": "FOLDER", "master-key-file": "FILE", "tls-cert": "FILE", "tls-key": "FILE"}

// settingFlags are the flags of the commands that serve.
func settingFlags() (all []option) {
	for _, set := range config.Settings() {
		o := option{name: strings.TrimPrefix(set.Flag, "--")}
		if set.Default != "false" {
			o.takes = cmp.Or(files[o.name], "VALUE")
		}
		all = append(all, o)
	}
	return all
}
