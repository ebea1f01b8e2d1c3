// Package binary runs the built keystead for a test: on an empty data folder, at a
// free port of the loopback, with everything that it prints kept. Its client asks
// over HTTP and checks of every answer what is promised of every answer (see
// [Client]).
//
// A server that a test started is gone when the test is, also when it panicked or
// the test binary was killed.
package binary
