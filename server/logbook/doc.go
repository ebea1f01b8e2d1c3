// Package logbook is the server's log: one line an event, in the form of slog's
// TextHandler, cheap enough for a line with every request.
//
// A line that comes after a quiet moment, and a warning or an error with all before it,
// is written before the call returns. Where lines follow each other closely they are
// gathered and written together, none later than [pause]. So a busy server asks the
// kernel for a write a hundred times a second and not with each request, and who kills it
// loses what one such moment held and no more. [Book.Flush] belongs to every orderly
// stop.
package logbook
