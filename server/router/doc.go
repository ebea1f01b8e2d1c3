// Package router is the site map: every route of every feature, the light pages,
// the console's files and the doors for operation, in one list. A route that does
// not say who may enter stops the start. openapi.json is made from the same list.
package router
