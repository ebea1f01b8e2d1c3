// Package caller is who is asking: the credential they came with, the person behind
// it, what they may do where, from which address. Every act takes one first and
// asks it before it does anything.
//
// The permissions are effective ones: what the user's roles give, cut down to the
// reach and role of the key they came with. A caller never grows during a request.
package caller
