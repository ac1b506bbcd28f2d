package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestSmall runs every part, on little.
func TestSmall(t *testing.T) {
	t.Parallel()
	if os.Getenv("DOTTEDLINE_BENCH") == "" {
		t.Skip("starts Dovecot and two indexers: set DOTTEDLINE_BENCH=1")
	}
	bin := filepath.Join(t.TempDir(), "dottedline")
	if out, err := exec.Command("go", "build", "-o", bin, "dottedline/cmd/dottedline").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := run(t.Context(), bin, small, ""); err != nil {
		t.Fatal(err)
	}
}
