// Command keystead is a self-hosted console for API keys and shared secrets.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// version is set by the linker.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// streams are the three of a process.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// command is one word of the command line.
type command struct {
	words string // "user create"
	means string
	run   func(ctx context.Context, args, env []string, s streams) error
}

// commands are all of them; the first is the default.
func commands() []command {
	return []command{
		{"serve", "serve the console and the API (default)", serve},
		{"demo", "serve an example installation in a scratch folder", demo},
		{"setup-token", "make a new set-up token, void the old one and print it", setupToken},
		{"user create", "add a user, the password on standard input", userCreate},
		{"user disable", "disable a user: their sessions and keys are refused at once", userDisable},
		{"user reset-password", "set a user’s password from standard input", userResetPassword},
		{"audit verify", "walk the audit log and name the first row that is not what was written", auditVerify},
		{"openapi", "print the description of the API", openAPI},
		{"version", "print the version", printVersion},
		{"help", "print this", help},
	}
}

// run does one command and answers the exit code: 0, or 1 with one sentence on
// standard error.
func run(ctx context.Context, args, env []string, s streams) int {
	cmd, rest, err := find(args)
	if err == nil {
		err = cmd.run(ctx, rest, env, s)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		_, _ = fmt.Fprintf(s.err, "keystead: %v\n", err)
		return 1
	}
	return 0
}

// find picks the command that the first words name. Without a word it is serve; where
// help is asked for, behind any words, it is help.
func find(args []string) (command, []string, error) {
	all := commands()
	if slices.ContainsFunc(args, func(a string) bool { return a == "-h" || a == "-help" || a == "--help" }) {
		args = []string{"help"}
	}
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return all[0], args, nil
	}
	for _, cmd := range all {
		words := strings.Fields(cmd.words)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == cmd.words {
			return cmd, args[len(words):], nil
		}
	}
	return command{}, nil, fmt.Errorf("%q is not a command: keystead help lists them", args[0])
}

func printVersion(_ context.Context, _, _ []string, s streams) error {
	_, err := fmt.Fprintln(s.out, version)
	return err
}

func help(_ context.Context, _, _ []string, s streams) error {
	var b strings.Builder
	b.WriteString("Keystead keeps API keys and shared secrets, shows them again, and says whether a key is good.\n\n")
	for _, cmd := range commands() {
		fmt.Fprintf(&b, "  keystead %-20s %s\n", cmd.words, cmd.means)
	}
	b.WriteString("\nSettings are flags (keystead serve --listen 127.0.0.1:9000) or variables (KEYSTEAD_LISTEN):\n\n")
	writeSettings(&b)
	_, err := io.WriteString(s.out, b.String())
	return err
}
