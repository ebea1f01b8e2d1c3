// Package app: what the console's copy of it has in place of the files that were
// left out.
package app

import "strings"

// Handler serves the library's own pages, which the console does not use.
type Handler struct{}

// clientResourceResolver is where a resource lies: the packer writes final addresses.
func clientResourceResolver(string) func(string) string {
	return func(location string) string { return location }
}

// router knows addresses as they are, those that end in a number, and one component
// for all the others.
type router struct {
	routes   map[string]func() Composer
	numbered map[string]func() Composer // by what stands before the number
	others   func() Composer
}

func makeRouter() router {
	return router{routes: make(map[string]func() Composer), numbered: make(map[string]func() Composer)}
}

func (r *router) route(path string, make func() Composer) { r.routes[path] = make }

// routeWithRegexp takes the two patterns that need no regular expressions: all, and
// "^" + a folder + "[0-9]+$".
func (r *router) routeWithRegexp(pattern string, make func() Composer) {
	folder, number := strings.CutSuffix(pattern, "[0-9]+$")
	folder, whole := strings.CutPrefix(folder, "^")
	switch {
	case pattern == ".*":
		r.others = make
	case number && whole:
		r.numbered[folder] = make
	default:
		panic("no regular expressions in this build: " + pattern)
	}
}

func (r *router) createComponent(path string) (Composer, bool) {
	make := r.routes[path]
	if folder := strings.TrimRight(path, "0123456789"); make == nil && folder != path {
		make = r.numbered[folder]
	}
	if make == nil {
		make = r.others
	}
	if make == nil {
		return nil, false
	}
	return make(), true
}
