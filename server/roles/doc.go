// Package roles keeps roles and what they allow. The built-in ones are written from
// [perm.BuiltIn] at every start, so that the table of this program counts and not
// what a database remembers.
package roles
