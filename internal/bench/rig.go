package main

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

// rig lets testrig's servers run outside of a test: it is as much of a
// testing.TB as they use, and ends the part that is measured where a test ends.
type rig struct {
	testing.TB
	cleanups []func()
}

type fatal struct{ text string }

func (r *rig) Helper()                           {}
func (r *rig) Cleanup(f func())                  { r.cleanups = append(r.cleanups, f) }
func (r *rig) Fatal(args ...any)                 { panic(fatal{fmt.Sprint(args...)}) }
func (r *rig) Fatalf(format string, args ...any) { panic(fatal{fmt.Sprintf(format, args...)}) }
func (r *rig) Logf(format string, args ...any)   { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// safely runs a part; what it started ends with it.
func (r *rig) safely(f func() error) (err error) {
	defer r.close()
	defer func() {
		switch x := recover().(type) {
		case nil:
		case fatal:
			err = fmt.Errorf("%s", x.text)
		default:
			panic(x)
		}
	}()
	return f()
}

func (r *rig) close() {
	for _, f := range slices.Backward(r.cleanups) {
		f()
	}
	r.cleanups = nil
}
