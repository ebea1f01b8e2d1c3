// Bench measures the built keystead and prints what it found beside what it should be.
//
//	go run ./build/bench -keystead build/bin/keystead -hello build/bin/hello
//
// Requests a second say more of the machine than of us, so they are given as shares of
// what a bare Fiber server reaches (package hello) that is measured before and after
// each round of a load: where the machine is slower for a while, both are. Of the rounds
// the median counts; how far they are apart is said too. Server and load are
// processes of their own. The installation under load is a new one of ten thousand
// keys on the disk of this folder, made and opened like any other, with its limits out
// of the way; its logs go to a file as they would elsewhere. What other services ask
// for, verification above all, is measured with a thousand keys and with a million, and
// beside the least that a look-up takes: Fiber, an HMAC and a map. The pages are measured
// in a headless Chromium.
//
// Short is what misses its goal. It is said and no failure: this measures, the tests
// judge.
package main
