// Package house puts the rooms together: it opens the data folder, hands each
// feature what it needs, and closes everything in order. The server, the commands
// on a data folder and the tests all live in the same house.
package house
