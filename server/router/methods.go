package router

import (
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// refuseUnknownMethods answers methods that Fiber has no number for. Fiber itself
// would refuse them before any handler: without our headers, and not as a problem.
func refuseUnknownMethods(app *fiber.App) {
	known := app.Server().Handler
	app.Server().Handler = func(request *fasthttp.RequestCtx) {
		if slices.Contains(fiber.DefaultMethods, string(request.Method())) {
			known(request)
			return
		}
		c := app.AcquireCtx(request)
		defer app.ReleaseCtx(c)
		_ = app.ErrorHandler(c, fiber.ErrMethodNotAllowed)
	}
}
