package remote

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Command is one word of the command line that asks a server.
type Command struct {
	Words string // "key list"
	Means string // one line
	Takes string // what stands behind the words, beside flags: "ID"
	help  string // when to use it, with an example
	// flags declares the command's own flags and answers what is done with them.
	flags func(*flag.FlagSet) act
}

// act does a command.
type act func(ctx context.Context, c *call) error

// Streams are those of the process.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Commands are all of them.
func Commands() []Command {
	return []Command{
		{"whoami", "say who the key in KEYSTEAD_KEY acts for, and where", "", whoAmIHelp, whoAmI},
		{"verify", "ask whether the key on standard input is good", "", verifyHelp, verify},
		{"key list", "list API keys", "", listHelp, listKeys},
		{"key create", "create an API key and print its value", "", createHelp, createKey},
		{"key reveal", "print the value of one’s own API key", "ID", revealHelp, revealKey},
		{"key rotate", "give one’s own API key a new value and print it", "ID", rotateHelp, rotateKey},
		{"key enable", "enable an API key", "ID", enableHelp, enableKey(true)},
		{"key disable", "disable an API key: it is refused at once", "ID", disableHelp, enableKey(false)},
		{"key delete", "delete an API key for good", "ID", deleteHelp, deleteKey},
	}
}

// Run does the command. An error may carry its exit code by a method ExitCode.
func (c Command) Run(ctx context.Context, args, env []string, s Streams) error {
	call := &call{env: env, Streams: s}
	flags, do := c.flagSet(call)
	words, err := parse(flags, args)
	if err != nil {
		return misuse("%v: keystead %s --help shows how", err, c.Words)
	}
	// What stands there is not repeated: it may be a key.
	if want := len(strings.Fields(c.Takes)); len(words) > want {
		return misuse("keystead %s takes %s and flags, and a key never as an argument", c.Words, cmp.Or(c.Takes, "nothing"))
	} else if len(words) < want {
		return misuse("keystead %s takes %s: keystead %s --help shows how", c.Words, c.Takes, c.Words)
	}
	call.words = words
	done := make(chan error, 1)
	go func() { done <- do(ctx, call) }()
	select {
	case err = <-done:
	case <-ctx.Done(): // also while standard input is read, which knows no context
		err = ctx.Err()
	}
	if errors.Is(err, context.Canceled) {
		return exit{"interrupted", exitFailed} // not 0: to a script that means valid, or done
	}
	return err
}

// flagSet are the command's own flags and those that all have.
func (c Command) flagSet(call *call) (*flag.FlagSet, act) {
	f := flag.NewFlagSet(c.Words, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.BoolVar(&call.json, "json", false, "print JSON, for scripts")
	f.StringVar(&call.keyFile, "key-file", "", "read the key to ask with from this `FILE` in place of KEYSTEAD_KEY")
	f.BoolVar(&call.keyStdin, "key-stdin", false, "read the key to ask with from standard input")
	f.BoolVar(&call.insecure, "insecure-http", false, "send the key over plain http to another machine")
	return f, c.flags(f)
}

// invalid is how package flag says that a value can't be had. It repeats the value,
// which may be a key in the wrong place.
var invalid = regexp.MustCompile(`^(?s)invalid .* for (?:flag )?-([a-z-]+): `)

// parse reads flags before and behind the words, which package flag does not.
func parse(f *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			// Package flag spells a name with one dash and has no type for this fault.
			if name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); unknown {
				return nil, fmt.Errorf("--%s is not a flag here", strings.TrimLeft(name, "-"))
			}
			if at := invalid.FindStringSubmatchIndex(err.Error()); at != nil {
				text := err.Error()
				return nil, fmt.Errorf("--%s: %s", text[at[2]:at[3]], text[at[1]:])
			}
			return nil, err
		}
		if f.NArg() == 0 {
			return words, nil
		}
		words, args = append(words, f.Arg(0)), f.Args()[1:]
	}
}

// Flag is one of a command's flags.
type Flag struct {
	Name    string   // without dashes
	Takes   string   // what stands behind it: "FILE"; "" for a switch
	Choices []string // where it takes one of a few
}

// Flags are those of the command.
func (c Command) Flags() (all []Flag) {
	f, _ := c.flagSet(&call{})
	f.VisitAll(func(f *flag.Flag) {
		takes, _ := flag.UnquoteUsage(f)
		all = append(all, Flag{f.Name, takes, choices[f.Name]})
	})
	return all
}

// Help teaches the command: what it is for, an example, its flags.
func (c Command) Help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "keystead %s", c.Words)
	if c.Takes != "" {
		b.WriteString(" " + c.Takes)
	}
	fmt.Fprintf(&b, " [flags]: %s.\n\n%s\nFlags:\n\n", c.Means, strings.TrimLeft(c.help, "\n"))
	f, _ := c.flagSet(&call{})
	f.VisitAll(func(f *flag.Flag) {
		value, means := flag.UnquoteUsage(f)
		// A flag of our own types has no name for its value but "value".
		fmt.Fprintf(&b, "  %-24s %s\n", strings.TrimSpace("--"+f.Name+" "+value), means)
	})
	b.WriteString(settingsHelp)
	return b.String()
}

const settingsHelp = `
Variables:

  KEYSTEAD_URL             the server (default http://127.0.0.1:8080)
  KEYSTEAD_KEY             the API key to ask with

Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
`

// variable is the value of an environment variable, the last one where there are several.
func variable(env []string, name string) string {
	for _, entry := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}
