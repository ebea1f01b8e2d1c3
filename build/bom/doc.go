// Bom writes the bill of materials of a release: CycloneDX 1.6 as JSON, and a list of
// licences for people.
//
//	go run ./build/bom -binary build/bin/keystead -version v1.0.0 -json bom.json -licences licences.txt
//
// What the server is made of stands in the binary itself; the console inside it is
// asked of the go command, as it was built. Licences are read from the modules' own
// files. A module that is not in go.sum, or whose licence is not on the list of those
// that let us ship it, ends it with a sentence.
package main
