// Package faults kills the built binary, takes its disk away, breaks it and turns its
// power off, while eight people work with it over HTTP, and looks at what is left.
//
// Power is turned off on paper: strace records what the server writes and syncs, and
// which answers it gave meanwhile; of that record any number of disks are made that a
// machine may find after a power loss, and each is opened with the real code.
//
// The tests run at a small size; with SIZE=full, as in "make soak", at that of the
// promise.
package faults
