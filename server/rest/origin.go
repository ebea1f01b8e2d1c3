package rest

import "github.com/gofiber/fiber/v2"

// SameOrigin refuses a form that another site made the browser send. It is for the
// light pages, which ignore cookies; origin is as in [Gate].
func SameOrigin(c *fiber.Ctx, origin string) error { return sameOrigin(c, origin, false) }
