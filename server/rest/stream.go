package rest

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"keystead/server/worker"
)

// Stream is an answer that is not JSON and is written while it is made, so that its
// size costs no memory.
type Stream struct {
	Type string // the media type, with its charset where it has one
	File string // the name under which a browser keeps it
	// Write makes the answer, until ctx ends. An error breaks the connection off:
	// whoever reads learns that the end is missing.
	Write func(ctx context.Context, w io.Writer) error
}

// streamLimit ends a stream. The server gives up writing to a connection as late.
const streamLimit = 30 * time.Second

// Streaming adds the answers that the endpoint gives to those who ask for one of
// types by the header Accept; all others are answered JSON. act is told the type.
func (e Endpoint) Streaming(act func(r *Request, as string) (Stream, error), types ...string) Endpoint {
	asJSON := e.call
	e.Streams = types
	e.call = func(r *Request) (any, error) {
		// Media types have no case (RFC 9110, 8.3.1), but Fiber's have.
		r.Fiber.Request().Header.Set(fiber.HeaderAccept, strings.ToLower(r.Fiber.Get(fiber.HeaderAccept)))
		as := r.Fiber.Accepts(append([]string{fiber.MIMEApplicationJSON}, types...)...)
		if !slices.Contains(types, as) {
			return asJSON(r)
		}
		return act(r, as)
	}
	return e
}

// send hands the stream to the connection. It is written after the handler returned,
// in a goroutine that ends with the connection or with ctx.
func (s Stream) send(c *fiber.Ctx, log *slog.Logger) {
	id := RequestID(c)
	c.Set(fiber.HeaderContentType, s.Type)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": s.File}))
	reader, writer := io.Pipe()
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), streamLimit)
		defer cancel()
		err := s.written(ctx, writer, log)
		if err != nil && !errors.Is(err, io.ErrClosedPipe) { // that one went away
			log.Error("stream broke off", "request_id", id, "cause", err.Error())
		}
		_ = writer.CloseWithError(err)
	}()
	c.Context().SetBodyStream(reader, -1)
}

// written is what became of the stream. A panic would end the server: nobody else
// is above this goroutine.
func (s Stream) written(ctx context.Context, w io.Writer, log *slog.Logger) error {
	return worker.Safely(log, "write a stream", func() error { return s.Write(ctx, w) })
}
