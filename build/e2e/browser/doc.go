// Package browser drives Chromium the way a person does: it finds what is on the
// page by role and accessible name in the browser's own accessibility tree, clicks
// where the thing is drawn, and presses keys. What it can't find or click, a person
// with a mouse or a screen reader can't either, and the test fails.
//
// Every tab has a browser context of its own: cookies, storage, caches and workers
// of one test are unknown to another. The clipboard is the browser's; see
// [Tab.Clipboard].
//
// A tab fails its test on any error in the console, uncaught exception or violation
// of the content policy that the test did not [Tab.Allow].
package browser
