package config

import "fmt"

// Misuse is a command line, or a setting, that can't be meant: one sentence that says
// what can.
type Misuse string

func misuse(format string, args ...any) Misuse { return Misuse(fmt.Sprintf(format, args...)) }

func (m Misuse) Error() string { return string(m) }

// ExitCode tells it from what was understood and could not be done, which is 1.
func (Misuse) ExitCode() int { return 2 }
