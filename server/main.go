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
	takes string // behind the words, beside flags: "FILE"
	run   func(ctx context.Context, args, env []string, s streams) error
	help  string   // of its own; without it, help tells of all commands
	flags []option // of its own, for completion
}

// commands are all of them; the first is the default.
func commands() []command {
	all := []command{
		{words: "serve", means: "serve the console and the API (default)", run: serve, help: withSettings(serveHelp), flags: settingFlags()},
		{words: "demo", means: "serve an example installation from a scratch folder", run: demo, help: withSettings(demoHelp), flags: settingFlags()},
		{words: "setup-token", means: "print a new token to set the server up with; the old one is void", run: onFolder("setup-token")},
		{words: "user create", means: "add a user, the password on standard input", run: userCreate},
		{words: "user disable", means: "disable a user: their sessions and keys are refused at once", run: userDisable},
		{words: "user reset-password", means: "set a user’s password from standard input", run: userResetPassword},
		{words: "master-key rotate", means: "replace the master key while the server works", run: masterKeyRotate},
		{words: "master-key status", means: "say how far the replacement of the master key has come", run: onFolder("master-key status")},
		{words: "pepper rotate", means: "replace the secret of the digests by which values are found", run: onFolder("pepper rotate")},
		{words: "pepper status", means: "say which peppers there are, and what still needs the old ones", run: onFolder("pepper status")},
		{words: "backup", means: "make a backup, while the server works, and prove it", takes: "FILE", run: backup},
		{words: "restore", means: "prove a backup and restore it into an empty data folder; --check only proves it", takes: "FILE", run: restore},
		{words: "signing-key rotate", means: "replace the key that signs access tokens", run: onFolder("signing-key rotate")},
		{words: "audit verify", means: "walk the audit log and name the first row that is not what was written", run: onFolder("audit verify")},
		{words: "clock follow", means: "take the machine’s clock as right, where Keystead’s time is ahead of it", run: onFolder("clock follow")},
		{words: "completion", means: "print the completion of commands for bash, zsh or fish", run: completion, help: completionHelp},
		{words: "openapi", means: "print the description of the API", run: openAPI, help: openAPIHelp},
		{words: "version", means: "print the version", run: printVersion, help: versionHelp},
		{words: "help", means: "print this, or behind it the help of one command", run: help},
	}
	for i, cmd := range all {
		all[i] = withHostHelp(cmd)
	}
	return append(all, remoteCommands()...)
}

// run does one command and answers the exit code: 0, or another with one sentence on
// standard error.
func run(ctx context.Context, args, env []string, s streams) int {
	cmd, rest, err := find(args)
	if err == nil {
		err = cmd.run(ctx, rest, env, s)
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return 0
	}
	if sentence := err.Error(); sentence != "" {
		_, _ = fmt.Fprintf(s.err, "keystead: %s\n", sentence)
	}
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return 1
}

// find picks the command that the first words name. Without a word it is serve; where
// help is asked for, behind the words or before them, it is the help of what they name.
// Half a command names its other halves.
func find(args []string) (command, []string, error) {
	all := commands()
	if len(args) > 1 && args[0] == "help" {
		args = append(slices.Clone(args[1:]), "--help")
	}
	if slices.ContainsFunc(args, func(a string) bool { return a == "-h" || a == "-help" || a == "--help" }) {
		if cmd, _, ok := named(all, args); ok && cmd.help != "" {
			return printHelp(cmd.help), nil, nil
		}
		if len(next(all, args[0])) > 0 {
			return printHelp(groupHelp(all, args[0])), nil, nil
		}
		if strings.HasPrefix(args[0], "-") {
			args = []string{"help"}
		}
	}
	if len(args) == 1 && args[0] == "--version" {
		args = []string{"version"}
	}
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return all[0], args, nil
	}
	if cmd, rest, ok := named(all, args); ok {
		return cmd, rest, nil
	}
	if halves := next(all, args[0]); len(halves) > 0 {
		return command{}, nil, misuse(fmt.Sprintf("keystead %s takes %s: keystead %s %s --help shows how", args[0], strings.Join(halves, ", "), args[0], halves[0]))
	}
	return command{}, nil, misuse(fmt.Sprintf("%q is not a command: keystead help lists them", args[0]))
}

// named is the command whose words come first in args, and what stands behind them.
func named(all []command, args []string) (command, []string, bool) {
	for _, cmd := range all {
		words := strings.Fields(cmd.words)
		if len(args) >= len(words) && slices.Equal(args[:len(words)], words) {
			return cmd, args[len(words):], true
		}
	}
	return command{}, nil, false
}

// printHelp is the command that prints the help of another.
func printHelp(text string) command {
	return command{words: "help", run: func(_ context.Context, _, _ []string, s streams) error {
		_, err := io.WriteString(s.out, text)
		return err
	}}
}

func printVersion(_ context.Context, _, _ []string, s streams) error {
	_, err := fmt.Fprintln(s.out, version)
	return err
}

func help(_ context.Context, _, _ []string, s streams) error {
	var b strings.Builder
	b.WriteString("Keystead keeps API keys and shared secrets, shows them again, and says whether a key is good.\n")
	b.WriteString("An example and the flags of one command: keystead help user create\n\n")
	all := commands()
	remote := len(all) - len(remoteCommands())
	for i, cmd := range all {
		if i == remote {
			b.WriteString("\nThese ask a running server, KEYSTEAD_URL, with the key in KEYSTEAD_KEY:\n\n")
		}
		fmt.Fprintf(&b, "  keystead %-20s %s\n", cmd.words, cmd.means)
	}
	b.WriteString("\nSettings are flags (keystead serve --listen 127.0.0.1:9000) or variables (KEYSTEAD_LISTEN):\n\n")
	writeSettings(&b)
	_, err := io.WriteString(s.out, b.String())
	return err
}
