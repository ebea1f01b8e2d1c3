package router

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
)

// A connection that is in use asks again within farewell; one that does not is idle.
const farewell = 300 * time.Millisecond

// Stop ends the server without losing a request. First readiness is false, for delay,
// while all else goes on: who sends requests here learns to send them elsewhere. Then
// no connection is taken any more, and every answer says that it is the last one of its
// connection: to close one that is in use, as fasthttp would, loses the request that
// is on its way. Idle ones are closed at the end, also those of [Newcomers] on which
// nothing came, and requests under way are finished, until ctx ends.
func (r *Router) Stop(ctx context.Context, listener net.Listener, delay time.Duration) error {
	r.stopping.Store(true)
	pause(ctx, delay)
	r.leaving.Store(true)
	if err := listener.Close(); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	// fasthttp counts its own listening as a connection, and goes on to subtract one after
	// that has ended: -1 is none.
	for end := time.Now().Add(farewell); time.Now().Before(end) && r.App.Server().GetOpenConnectionsCount() >= 0; {
		pause(ctx, farewell/20)
	}
	if all, ok := listener.(*Newcomers); ok {
		all.SendAway()
	}
	if err := r.App.ShutdownWithContext(ctx); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// partWith ends the connection after this answer, where the server is about to end.
func (r *Router) partWith(next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		err := next(c)
		if r.leaving.Load() {
			c.Context().SetConnectionClose()
		}
		return err
	}
}
