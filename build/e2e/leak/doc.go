// Package leak looks for planted secrets in places where they must not be: files,
// logs, storages. It knows the forms that a value takes on its way: as it is, in hex,
// in base64 at each of its three alignments, percent-encoded, escaped in JSON, in
// UTF-16. A scan that finds nothing proves nothing by itself: tests plant one and see
// that it is found.
package leak
