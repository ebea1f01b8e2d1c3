// Package roles keeps roles and what they allow. The built-in ones are written from
// [perm.BuiltIn] at every start, so that the table of this program counts and not
// what a database remembers.
//
// A custom role is given on the account or in its one organization. Who adds or
// edits one holds, there, every permission that it gives, before and after: so
// nobody gains by a role what nobody gave them. A change acts at the next request of
// everyone who has the role, their keys and tokens included. Names that look alike
// are one name.
package roles
