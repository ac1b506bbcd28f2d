package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkImport reads the mbox or Maildir that DOTTEDLINE_MBOX names into a
// fresh database.
func BenchmarkImport(b *testing.B) {
	box := os.Getenv("DOTTEDLINE_MBOX")
	if box == "" {
		b.Skip("DOTTEDLINE_MBOX names no mbox or Maildir")
	}
	info, err := os.Stat(box)
	if err != nil {
		b.Fatal(err)
	}
	kind := "mbox"
	if info.IsDir() {
		kind = "maildir"
	} else {
		b.SetBytes(info.Size())
	}
	for range b.N {
		dir := b.TempDir()
		if code := run(context.Background(), world{nil, io.Discard, os.Stderr}, []string{"import", kind, box, "--data", filepath.Join(dir, "d"), "--me", "sam@pine.example.com"}); code != 0 {
			b.Fatal(code)
		}
	}
}
