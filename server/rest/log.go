package rest

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Observer is told of an answer: its status, and how long the request took.
type Observer func(status int, took time.Duration)

// observerKey is where the observer of the matched door lies in Fiber's locals.
const observerKey = "observer"

// Observed has o told of the requests that come by here, and nobody before it.
func Observed(o Observer) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals(observerKey, o)
		return c.Next()
	}
}

// Journal keeps account of every request: one line of the log, and an observer.
type Journal struct {
	Log     *slog.Logger
	Address func(*fiber.Ctx) string
	Other   Observer // of what no observed door answered; nil: nobody
}

// Handler comes before all others.
func (j Journal) Handler() fiber.Handler {
	return func(c *fiber.Ctx) error {
		start := time.Now()
		c.Set("X-Request-Id", requestID(c))
		err := c.Next()
		if err != nil {
			if err = c.App().ErrorHandler(c, err); err != nil {
				return err
			}
		}
		j.note(c, time.Since(start))
		return nil
	}
}

// Unread keeps account of a request that came to no handler, since it could not be
// read or goes by an unknown method: answered by Fiber's error handler alone.
func (j Journal) Unread(c *fiber.Ctx) {
	c.Set("X-Request-Id", requestID(c))
	j.note(c, 0)
}

// Began reports whether the request came to the journal's handler.
func Began(c *fiber.Ctx) bool { return c.Locals(requestIDKey) != nil }

// note writes the line: no query, no header, no body.
func (j Journal) note(c *fiber.Ctx, took time.Duration) {
	status := c.Response().StatusCode()
	if o, ok := c.Locals(observerKey).(Observer); ok {
		o(status, took)
	} else if j.Other != nil {
		j.Other(status, took)
	}
	to := j.Log.Handler()
	if !to.Enabled(context.Background(), slog.LevelInfo) {
		return
	}
	line := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0) // the logger itself would look up where in the source it is made
	line.AddAttrs(
		slog.String("request_id", requestID(c)), slog.String("method", method(c)), slog.String("path", redactPath(c.Path())),
		slog.Int("status", status), slog.Int64("took_us", took.Microseconds()), slog.String("address", j.Address(c)))
	_ = to.Handle(context.Background(), line)
}

// method is the request's for the log: one that HTTP does not have could be anything,
// the beginning of a key too.
func method(c *fiber.Ctx) string {
	if sent := c.Method(); slices.Contains(fiber.DefaultMethods, sent) {
		return sent
	}
	return "other"
}
