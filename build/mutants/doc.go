// Mutants asks whether the tests would notice. It copies the tree, makes one deliberate
// bug in the copy, runs the tests that must turn red by it, takes the bug out and goes
// on to the next. In the end it prints a table and the score:
//
//	make mutants
//	go run ./build/mutants overlap         those with "overlap" in their name
//	go run ./build/mutants -list           what there is
//
// It ends with an error when a mutant survives, which is a missing test, or when one
// can't be made any more. A mutant that does not compile, or whose test runs out of time
// or is not there, counts as neither caught nor survived, and is an error, too.
//
// To add one, write a line into the list that is about its part of the house: a name in
// words, the file, the text that stands in it exactly once, what stands there instead,
// the package whose tests notice, and a pattern of their names as for "go test -run". The
// new text has to compile: what it leaves unused, it uses. Name as few tests as notice,
// since each costs time. The tests of this package hold the list to the sources at every
// push: they read files and run nothing.
//
// A bug that changes nothing anybody can see, because a second rule holds where the first
// is gone, belongs on no list: break both, or the rule that is in front.
package main
