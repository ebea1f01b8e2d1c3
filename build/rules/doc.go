// Package rules holds the house to its rules (who may import whom, what no source may
// say, what lies at the top) by tests only: make check runs them.
package rules
