package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"keystead/server/config"
	"keystead/server/house"
)

// misuse is a command line that says too little or too much.
type misuse = config.Misuse

// onFolder is a command on the data folder that takes nothing but settings.
func onFolder(name string) func(ctx context.Context, args, env []string, s streams) error {
	return func(ctx context.Context, args, env []string, s streams) error {
		return folderCommand(ctx, args, env, s, house.Command{Name: name})
	}
}

// folderCommand runs act on the data folder: through the running server where there
// is one, else on the folder itself.
func folderCommand(ctx context.Context, args, env []string, s streams, req house.Command) error {
	cfg, left, err := config.Parse(args, env)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return misuse(fmt.Sprintf("keystead %s takes flags only: %q is none", req.Name, left[0]))
	}
	with, flush := options(cfg, s)
	defer flush()
	answer, err := house.Run(ctx, cfg, with, req)
	if err != nil {
		return err
	}
	if answer != "" {
		_, err = fmt.Fprintln(s.out, answer)
	}
	return err
}

// folderFlags are the flags of a command on the data folder that has some of its own. The
// settings that it takes besides are handed on as they came.
func folderFlags(name string) (own *flag.FlagSet, settings *[]string) {
	own, settings = flag.NewFlagSet(name, flag.ContinueOnError), new([]string)
	own.SetOutput(io.Discard)
	for _, n := range []string{"data", "master-key-file"} {
		own.Func(n, "", func(v string) error { *settings = append(*settings, "--"+n+"="+v); return nil })
	}
	return own, settings
}
