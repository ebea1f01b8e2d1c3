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
	// Asked before it is opened: the example lives in its own time, which an installation
	// would rightly take for a clock that was set back.
	if info, err := os.Stat(cfg.Database()); err == nil && info.Size() > 0 {
		return fmt.Errorf("%s holds an installation already: serve it with keystead serve --data %s", cfg.Data, cfg.Data)
	}
	story := house.NewStory()
	return serveHouse(ctx, cfg, story.Now, s, func(h *house.House, base string) error { return introduce(ctx, h, story, base, s) })
}

// introduce fills the example and says how to sign in to it.
func introduce(ctx context.Context, h *house.House, story *house.Story, base string, s streams) error {
	password, err := h.Example(ctx, story)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Keystead serves an example at %s\n\n  sign in as  %s\n  password    %s\n\n", base, house.ExampleEmail, password.Reveal())
	_, err = fmt.Fprint(s.out, b.String())
	return err
}
