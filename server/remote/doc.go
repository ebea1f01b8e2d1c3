// Package remote is the command line against a server: whoami, verify and the acts on
// API keys, asked over HTTP with an API key. The key comes from the environment, a
// file or standard input, never from an argument: arguments show in the list of
// processes and stay in the shell's history. Values that are asked for stand alone on
// standard output; whatever else there is to say goes to standard error.
package remote
