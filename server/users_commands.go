package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"keystead/server/config"
	"keystead/server/house"
)

func userCreate(ctx context.Context, args, env []string, s streams) error {
	return userCommand(ctx, "user create", args, env, s, "email", "role", "organization", "first-name", "last-name")
}

func userDisable(ctx context.Context, args, env []string, s streams) error {
	return userCommand(ctx, "user disable", args, env, s, "email")
}

func userResetPassword(ctx context.Context, args, env []string, s streams) error {
	return userCommand(ctx, "user reset-password", args, env, s, "email")
}

// userCommand reads the command's own flags, hands the rest on as settings, and
// takes a password from standard input only: an argument would show in the list of
// processes.
func userCommand(ctx context.Context, name string, args, env []string, s streams, names ...string) error {
	own, settings := folderFlags(name)
	cmd := house.Command{Name: name, Args: map[string]string{}}
	for _, n := range names {
		own.Func(n, "", func(v string) error { cmd.Args[n] = v; return nil })
	}
	password := own.Bool("password-stdin", false, "")
	if err := own.Parse(args); err != nil {
		return misuse("keystead " + name + ": " + config.Why(own, err).Error())
	}
	if own.NArg() > 0 || cmd.Args["email"] == "" || cmd.Args["role"] == "" && slices.Contains(names, "role") {
		return misuse("keystead " + name + " takes --email ADDRESS" + usage(names) + ": keystead " + name + " --help shows how")
	}
	if name != "user disable" {
		if !*password {
			return misuse("keystead " + name + " takes the password on standard input: --password-stdin")
		}
		line, err := bufio.NewReader(io.LimitReader(s.in, 64<<10)).ReadString('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("read the password: %w", err)
		}
		cmd.Args["password"] = strings.TrimRight(line, "\r\n")
	}
	return folderCommand(ctx, *settings, env, s, cmd)
}

func usage(names []string) string {
	var b strings.Builder
	for _, n := range names[1:] {
		if n == "role" {
			b.WriteString(" --role NAME")
			continue
		}
		fmt.Fprintf(&b, " [--%s …]", n)
	}
	return b.String()
}
