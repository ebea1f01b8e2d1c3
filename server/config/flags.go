package config

import (
	"flag"
	"regexp"
	"strings"
	"time"
)

// Why says of an error of package flag what can be given, in a sentence. Package flag has
// no types for its faults, spells names with one dash, and repeats values, which may be
// secrets in the wrong place.
func Why(f *flag.FlagSet, err error) error {
	text := err.Error()
	if name, unknown := strings.CutPrefix(text, "flag provided but not defined: -"); unknown {
		name, _, _ = strings.Cut(strings.TrimLeft(name, "-"), "=")
		return misuse("--%s is not a setting", name)
	}
	if name, short := strings.CutPrefix(text, "flag needs an argument: -"); short {
		return misuse("--%s needs a value behind it", name)
	}
	if found := invalid.FindStringSubmatch(text); found != nil {
		return misuse("--%s is %s", found[1], kind(f, found[1]))
	}
	return misuse("a setting is --name or --name=value: keystead help lists them")
}

// invalid is how package flag says that a value can't be had.
var invalid = regexp.MustCompile(`^(?s)invalid .* for (?:flag )?-([a-z-]+): `)

// kind is what a flag takes.
func kind(f *flag.FlagSet, name string) string {
	var value any
	if known := f.Lookup(name); known != nil {
		if getter, ok := known.Value.(flag.Getter); ok {
			value = getter.Get()
		}
	}
	switch value.(type) {
	case time.Duration:
		return "a length of time, such as 90s, 30m or 24h"
	case int:
		return "a whole number"
	case bool:
		return "true or false"
	}
	return "something else"
}
