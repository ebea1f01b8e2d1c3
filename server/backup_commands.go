package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"keystead/server/config"
	"keystead/server/house"
)

// backup makes a backup at a path that the server may have to find from elsewhere.
func backup(ctx context.Context, args, env []string, s streams) error {
	cfg, left, err := config.Parse(args, env)
	if err == nil && len(left) > 1 { // settings behind the file
		before := args[:len(args)-len(left)]
		cfg, left, err = config.Parse(slices.Concat(before, left[1:], left[:1]), env)
	}
	if err != nil {
		return err
	}
	if len(left) != 1 {
		return misuse("keystead backup takes a file to make, as in keystead backup keystead.backup")
	}
	path, err := filepath.Abs(left[0])
	if err != nil {
		return err
	}
	if _, err := cfg.Recipients(); err != nil {
		return err
	}
	with, flush := options(cfg, s)
	defer flush()
	answer, err := house.Run(ctx, cfg, with, house.Command{
		Name: "backup", Args: map[string]string{"file": path, "recipient": cfg.BackupRecipient},
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, answer)
	return err
}

const restoreUsage misuse = "keystead restore takes a backup: keystead restore [--check] [--identity FILE] [--compare FOLDER] FILE"

// restore takes flags of its own besides the settings, before or behind the file.
func restore(ctx context.Context, args, env []string, s streams) error {
	var in house.Restore
	own, settings := folderFlags("restore")
	own.BoolVar(&in.Check, "check", false, "")
	own.StringVar(&in.Identity, "identity", "", "")
	own.Func("compare", "", func(folder string) error {
		if in.Compare = folder; folder == "" { // an unset variable: nothing would be compared
			return restoreUsage
		}
		return nil
	})
	err := own.Parse(args)
	if err == nil && own.NArg() > 0 {
		in.File = own.Arg(0)
		err = own.Parse(own.Args()[1:])
	}
	if err != nil || in.File == "" || own.NArg() > 0 {
		return restoreUsage
	}
	cfg, _, err := config.Parse(*settings, env)
	if err != nil {
		return err
	}
	with, flush := options(cfg, s)
	defer flush()
	found, err := in.Do(ctx, cfg, with)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, found)
	return err
}

func options(cfg config.Config, s streams) (with house.Options, flush func()) {
	log, flush := logger(cfg, s.err)
	return house.Options{Now: time.Now, Log: log, Version: version}, flush
}
