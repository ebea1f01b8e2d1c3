// Package app: what the console's copy of it has in place of the files that were
// left out.
package app

// Handler serves the library's own pages, which the console does not use.
type Handler struct{}

// clientResourceResolver is where a resource lies: the packer writes final addresses.
func clientResourceResolver(string) func(string) string {
	return func(location string) string { return location }
}

// router knows addresses as they are, and one component for all the others.
type router struct {
	routes map[string]func() Composer
	others func() Composer
}

func makeRouter() router {
	return router{routes: make(map[string]func() Composer)}
}

func (r *router) route(path string, make func() Composer) { r.routes[path] = make }

// routeWithRegexp takes the one pattern that needs no regular expressions.
func (r *router) routeWithRegexp(pattern string, make func() Composer) {
	if pattern != ".*" {
		panic("no regular expressions in this build: " + pattern)
	}
	r.others = make
}

func (r *router) createComponent(path string) (Composer, bool) {
	make := r.routes[path]
	if make == nil {
		make = r.others
	}
	if make == nil {
		return nil, false
	}
	return make(), true
}
