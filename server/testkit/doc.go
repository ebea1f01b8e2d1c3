// Package testkit is a whole installation for tests: the real house on a real
// database in a temporary folder, the real router, a clock that stands until it is
// moved, and people with every role. Tests ask it over HTTP or call the acts.
package testkit
