// Package api holds the words that the server and the console exchange: one type
// for each request and answer of the native API, and its paths. It is compiled
// into the WASM, so it imports the standard library only and no more of it than
// the console has anyway.
//
// Absent values are null, times RFC 3339 in UTC, ids integers. Only [AddedKey], [Enrolled],
// [Revealed], [AddedOrgSecret] and [Link] ever hold a value of a credential.
package api
