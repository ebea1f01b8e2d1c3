package router

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// How long a connection is listened to after a refusal, and to how much: a client that
// sends more or slower is left.
const (
	lingerFor  = time.Second
	lingerOver = 2 << 20
)

// outerConn is a connection over another: of TLS, or a newcomer's.
type outerConn interface{ NetConn() net.Conn }

// linger marks the connections of requests that are refused before they are read to the
// end, as too large ones are. fasthttp closes those after the answer. What the client
// sends meanwhile would make the kernel reset the connection, and the reset can overtake
// the answer (RFC 9112, 9.6): the client would read of a broken pipe and not that its
// request is too large.
func linger(app *fiber.App) {
	refuse := app.Server().ErrorHandler
	app.Server().ErrorHandler = func(request *fasthttp.RequestCtx, err error) {
		refuse(request, err)
		var slow net.Error
		if errors.As(err, &slow) && slow.Timeout() {
			return // it had its time
		}
		conn := request.Conn()
		for outer, ok := conn.(outerConn); ok; outer, ok = conn.(outerConn) {
			conn = outer.NetConn()
		}
		if p, ok := conn.(*patient); ok {
			p.unread.Store(true)
		}
	}
}

// Close says that no more is coming, and where a request was not read to the end lets it
// come in for a while, unread, before it closes.
func (p *patient) Close() error {
	if half, ok := p.Conn.(interface{ CloseWrite() error }); ok && p.unread.Swap(false) {
		if half.CloseWrite() == nil && p.Conn.SetReadDeadline(time.Now().Add(lingerFor)) == nil {
			_, _ = io.CopyN(io.Discard, p.Conn, lingerOver)
		}
	}
	return p.Conn.Close()
}
