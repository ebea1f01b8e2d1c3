package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"keystead/server/config"
	"keystead/server/house"
)

// demo serves an example installation. Without --data it lies in a scratch folder
// that goes when the server stops.
func demo(ctx context.Context, args, env []string, s streams) error {
	scratch, err := os.MkdirTemp("", "keystead-demo-")
	if err != nil {
		return fmt.Errorf("make a scratch folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	cfg, left, err := config.Parse(append([]string{"--data=" + scratch}, args...), env)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return misuse(fmt.Sprintf("%q is not a setting", left[0]))
	}
	if err := cfg.Check(); err != nil {
		return err
	}
	story := house.NewStory()
	return serveHouse(ctx, cfg, story.Now, s, func(h *house.House, base string) error { return introduce(ctx, h, story, base, s) })
}

// introduce fills the example and says how to sign in to it.
func introduce(ctx context.Context, h *house.House, story *house.Story, base string, s streams) error {
	needed, err := h.SetUpNeeded(ctx)
	if err != nil {
		return err
	}
	if !needed {
		return fmt.Errorf("%s holds an installation already: serve it with keystead serve --data %s", h.Config.Data, h.Config.Data)
	}
	password, err := h.Example(ctx, story)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Keystead serves an example at %s\n\n  sign in as  %s\n  password    %s\n\n", base, house.ExampleEmail, password.Reveal())
	_, err = fmt.Fprint(s.out, b.String())
	return err
}
