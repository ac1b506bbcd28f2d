package dottedline

import "fmt"

// ProblemKind says what a Problem means to the one who asked.
type ProblemKind string

// The kinds of problems. Web and CLI map each to a status or an exit code.
const (
	Invalid   ProblemKind = "invalid"   // what was asked can't be done as it stands
	NotFound  ProblemKind = "not found" // there is no such thing, or not for you
	Forbidden ProblemKind = "forbidden" // you may not do this
	SignIn    ProblemKind = "sign in"   // who are you?
	Conflict  ProblemKind = "conflict"  // it was changed meanwhile
	TooMany   ProblemKind = "too many"  // slow down
)

// Problem is the only error that is shown to a person.
type Problem struct {
	Kind ProblemKind
	Text string // what is wrong, one sentence
	Hint string // what to do about it; may be empty
}

func (p *Problem) Error() string {
	if p.Hint == "" {
		return p.Text
	}
	return p.Text + " " + p.Hint
}

// Wrong is an Invalid problem with a hint.
func Wrong(hint, format string, args ...any) *Problem {
	return &Problem{Invalid, fmt.Sprintf(format, args...), hint}
}

// Missing is a NotFound problem for a thing of the given name.
func Missing(what string) *Problem {
	return &Problem{NotFound, "There is no such " + what + ".", "It may have been merged or removed."}
}
