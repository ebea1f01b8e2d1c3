package main

import (
	"context"

	"keystead/server/remote"
)

// remoteCommands are those that ask a server with an API key, as rows of the table.
func remoteCommands() []command {
	var all []command
	for _, cmd := range remote.Commands() {
		var flags []option
		for _, f := range cmd.Flags() {
			flags = append(flags, option{f.Name, f.Takes, f.Choices})
		}
		all = append(all, command{
			words: cmd.Words, means: cmd.Means, takes: cmd.Takes, help: cmd.Help(), flags: flags,
			run: func(ctx context.Context, args, env []string, s streams) error {
				return cmd.Run(ctx, args, env, remote.Streams{In: s.in, Out: s.out, Err: s.err})
			},
		})
	}
	return all
}
