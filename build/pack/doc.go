// Pack makes web/dist from the WASM and the sources in web: every asset under a
// name that holds its hash, the pages and scripts with those names filled in, and
// each text and the WASM compressed beforehand.
//
//	go run ./build/pack [-fast]
//
// Sources name an asset as @@app.wasm@@ or @@console.css@@, by the name of its
// source without a folder, and four facts: @@version@@, @@wasm_size@@ (bytes,
// uncompressed) and the lists @@shell@@ and @@server_paths@@, separated by spaces.
// A name that is not known fails the packing.
//
// The same sources always give the same bytes. The version is a hash of all that a
// browser keeps: the assets, the pages, and the security headers, which the
// worker's cache keeps with the page.
package main
