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

// Observed has o told of the requests that come to next, and nobody before it.
func Observed(o Observer, next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		visitOf(c).observer = o
		return next(c)
	}
}

// Journal keeps account of every request: one line of the log, and an observer.
type Journal struct {
	Log     *slog.Logger
	Address func(*fiber.Ctx) string
	Other   Observer // of what no observed door answered; nil: nobody
}

// Around stands before all else that may answer.
func (j Journal) Around(next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		start := c.Context().Time()
		v := visitOf(c)
		say(c, requestIDHeader, v.id)
		err := next(c)
		if err != nil {
			if err = c.App().ErrorHandler(c, err); err != nil {
				return err
			}
		}
		now := time.Now()
		j.note(c, v, now, now.Sub(start))
		return nil
	}
}

// Unread keeps account of a request that came to no handler, since it could not be
// read or goes by an unknown method: answered by Fiber's error handler alone.
func (j Journal) Unread(c *fiber.Ctx) {
	v := visitOf(c)
	say(c, requestIDHeader, v.id)
	j.note(c, v, time.Now(), 0)
}

// note writes the line: no query, no header, no body.
func (j Journal) note(c *fiber.Ctx, v *visit, now time.Time, took time.Duration) {
	status := c.Response().StatusCode()
	if v.observer != nil {
		v.observer(status, took)
	} else if j.Other != nil {
		j.Other(status, took)
	}
	to := j.Log.Handler()
	if !to.Enabled(context.Background(), slog.LevelInfo) {
		return
	}
	path, address := redactPath(c.Path()), v.from(c, j.Address)
	if book, ok := to.(requestBook); ok && book.Request(now, v.id, method(c), path, status, took, address) {
		return
	}
	line := slog.NewRecord(now, slog.LevelInfo, "request", 0) // the logger itself would look up where in the source it is made
	line.AddAttrs(
		slog.String("request_id", v.id), slog.String("method", method(c)), slog.String("path", path),
		slog.Int("status", status), slog.Int64("took_us", took.Microseconds()), slog.String("address", address))
	_ = to.Handle(context.Background(), line)
}

// requestBook is a log that has a shorter way for the line of a request, and reports
// whether that could be gone.
type requestBook interface {
	Request(at time.Time, id, method, path string, status int, took time.Duration, address string) (done bool)
}

// method is the request's for the log: one that HTTP does not have could be anything,
// the beginning of a key too.
func method(c *fiber.Ctx) string {
	if sent := c.Method(); slices.Contains(fiber.DefaultMethods, sent) {
		return sent
	}
	return "other"
}
