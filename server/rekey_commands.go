package main

import (
	"context"

	"keystead/server/config"
	"keystead/server/house"
	"keystead/server/seal"
)

// masterKeyRotate reads the new master key, where one is given, in this process: the
// server may not be allowed to. It goes to the server through the socket in the data
// folder.
func masterKeyRotate(ctx context.Context, args, env []string, s streams) error {
	own, settings := folderFlags("master-key rotate")
	path := own.String("new-master-key-file", "", "")
	if err := own.Parse(args); err != nil {
		return misuse("keystead master-key rotate: " + config.Why(own, err).Error())
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
	return folderCommand(ctx, *settings, env, s, cmd)
}
