// Package orgs is the account and its organizations: their names, their policies,
// who belongs to them.
//
// A deleted organization takes along everything that it owns, in one transaction:
// each feature deletes its own part.
//
// An organization that the caller does not belong to answers as one that never
// existed. The holder of an account role belongs to all of them.
package orgs
