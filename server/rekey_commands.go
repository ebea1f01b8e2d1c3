package main

import (
	"context"
	"flag"
	"io"

	"keystead/server/house"
	"keystead/server/seal"
)

func masterKeyStatus(ctx context.Context, args, env []string, s streams) error {
	return folderCommand(ctx, args, env, s, house.Command{Name: "master-key status"})
}

func pepperRotate(ctx context.Context, args, env []string, s streams) error {
	return folderCommand(ctx, args, env, s, house.Command{Name: "pepper rotate"})
}

func pepperStatus(ctx context.Context, args, env []string, s streams) error {
	return folderCommand(ctx, args, env, s, house.Command{Name: "pepper status"})
}

// masterKeyRotate reads the new master key, where one is given, in this process: the
// server may not be allowed to. It goes to the server through the socket in the data
// folder.
func masterKeyRotate(ctx context.Context, args, env []string, s streams) error {
	own, settings := flag.NewFlagSet("master-key rotate", flag.ContinueOnError), []string{}
	own.SetOutput(io.Discard)
	path := own.String("new-master-key-file", "", "")
	for _, n := range []string{"data", "master-key-file"} {
		own.Func(n, "", func(v string) error { settings = append(settings, "--"+n+"="+v); return nil })
	}
	if err := own.Parse(args); err != nil {
		return misuse("keystead master-key rotate: " + err.Error())
	}
	if own.NArg() > 0 {
		return misuse("keystead master-key rotate takes [--new-master-key-file FILE]")
	}
	cmd := house.Command{Name: "master-key rotate", Args: map[string]string{}}
	if *path != "" {
		next, err := seal.ReadMaster(*path)
		if err != nil {
			return err
		}
		cmd.Args["new"] = next.Text().Reveal()
	}
	return folderCommand(ctx, settings, env, s, cmd)
}
