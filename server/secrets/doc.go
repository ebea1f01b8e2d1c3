// Package secrets is the two credentials that an organization has besides its keys:
// the agent access key, made with it, with which devices enroll, and the API shared
// secret, made when somebody wants it, with which integrations sign their token
// requests.
//
// Each value is a version. Rotating makes the next one; the one before may overlap
// for up to 30 days, and there are never more than two. A version that ended keeps
// its number and hint and loses its digest and ciphertext at the next rotation.
// Unlike API keys both are shown to whoever holds the permission.
package secrets
