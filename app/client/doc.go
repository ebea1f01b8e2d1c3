// Package client asks the server: one method for each endpoint of the native API that
// the console uses, and nothing else in the console knows fetch.
//
// Calls block, so they belong into ctx.Async. Each takes a context: when it is done
// the request is aborted. Each fails with a [*fault.Error] only: the server's own,
// rebuilt from its problem+json, [fault.Offline] where the server was not reached,
// [fault.Timeout] where it did not answer in time, or [Cancelled] where nobody
// wants the answer any more.
//
// Two refusals are handled here, so that no page has to: a 401 tells [Hooks.SignedOut],
// and a 403 elevation_required asks [Hooks.Elevate], then repeats the request once.
package client
