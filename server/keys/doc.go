// Package keys is API keys: add, list, edit, show, rotate, delete.
//
// A key belongs to one user and lives in one organization, or is global and acts
// in all of its owner's organizations. Only the owner ever adds, rotates or shows
// one; nobody, whatever they may do, obtains another person's value. A key that
// manages keys makes and changes nothing wider in reach or role, or longer-lived,
// than itself; where it asks for no expiry, a key that it makes ends with it at the latest.
//
// What the caller may not know of answers as what never existed. Values are stored
// as a digest, and as a ciphertext only where the policy lets the owner see them
// again; a deleted key has neither.
package keys
