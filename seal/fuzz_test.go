package seal

import (
	"bytes"
	"context"
	"errors"
	"math/big"
	"strings"
	"testing"
)

func addSeeds(f *testing.F) {
	f.Add(agreement("Price 100 EUR", "Terms"))
	f.Add(theirPaper())
	f.Add(sealed())
	f.Add(packedNothing(sealed()))
	for _, h := range hostileFiles() {
		if h.small != nil {
			f.Add(h.small)
		}
	}
}

// What Rewrite makes can be read, sealed and verified; what it refuses, it
// refuses with words about the file.
func FuzzRewrite(f *testing.F) {
	addSeeds(f)
	key := ecAuthority().seal
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Rewrite(b)
		if err != nil {
			var fe *FileError
			if !errors.As(err, &fe) {
				t.Fatalf("not about the file: %v", err)
			}
			return
		}
		pdf, err := Seal(context.Background(), nil, testNow, Final{Presented: c.PDF}, key, nil)
		if err != nil {
			t.Fatalf("what was rewritten cannot be sealed: %v\n%s", err, c.PDF)
		}
		if r := Verify(pdf); !r.Valid {
			t.Fatalf("what was sealed is not valid: %q", r.Problems)
		}
	})
}

// No change that the fuzzer finds makes another valid file of a sealed one.
func FuzzVerify(f *testing.F) {
	pdf := oldFile(f)
	f.Add(pdf)
	for _, h := range hostileFiles() {
		if h.small != nil {
			f.Add(h.small)
		}
	}
	for _, a := range attacks {
		if !strings.HasPrefix(a.name, "time stamp") && a.name != "taken out and signed by another" { // slow
			f.Add(a.make(nil, bytes.Clone(pdf)))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := Verify(b)
		if r.Valid != (len(r.Problems) == 0 && len(r.Signatures) > 0) {
			t.Errorf("%+v", r)
		}
		// data to validate a seal later may follow it
		if r.Valid && !bytes.HasPrefix(b, pdf) {
			t.Errorf("another file is valid: %q", b)
		}
	})
}

func FuzzParseCMS(f *testing.F) {
	a := ecAuthority()
	d := make([]byte, 32)
	f.Add(must(signCMS(nil, a.seal, d, nil)))
	f.Add([]byte{0x30, 0x80, 0x24, 0x80, 4, 1, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := parseCMS(b); err == nil && (p.signer == nil || p.hash == 0) {
			t.Error("a signature without signer or hash")
		}
		ParseStampResponse(b, d, big.NewInt(1))
		StampCertificates(b)
	})
}
