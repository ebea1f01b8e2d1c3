// Hello is the yardstick of the benchmark: as little as a Fiber server can do. With a
// file of keys it also looks keys up, in as little as that takes: their HMAC in a map.
package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"

	"github.com/gofiber/fiber/v2"
)

func main() {
	if len(os.Args) < 2 || len(os.Args) > 3 {
		fmt.Fprintln(os.Stderr, "usage: hello ADDRESS [KEYS]")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "hello:", err)
		os.Exit(1)
	}
}

func serve(address string, files []string) error {
	known := map[[sha256.Size]byte]int{}
	for _, file := range files {
		if err := read(file, known); err != nil {
			return err
		}
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString("Hello, World!") })
	app.Post("/look-up", func(c *fiber.Ctx) error {
		var in struct{ Key string }
		if err := json.Unmarshal(c.Body(), &in); err != nil {
			return err
		}
		id, ok := known[digest(in.Key)]
		return c.JSON(map[string]any{"valid": ok, "key_id": id})
	})
	return app.Listen(address)
}

func read(file string, known map[[sha256.Size]byte]int) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		known[digest(lines.Text())] = len(known) + 1
	}
	return nil
}

func digest(value string) (sum [sha256.Size]byte) {
	mac := hmac.New(sha256.New, []byte("a pepper of thirty-two bytes, so"))
	mac.Write([]byte(value))
	mac.Sum(sum[:0])
	return sum
}
