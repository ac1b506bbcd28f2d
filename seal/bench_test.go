package seal

import (
	"os"
	"path/filepath"
	"testing"
)

// The same file sealed and verified here, and signed by poppler's pdfsig (a
// process, as a program would use it); the ratio of the two is what counts.

func BenchmarkSealAndVerify(b *testing.B) {
	a := rsaAuthority()
	f := Final{Presented: agreement("Price 100 EUR", "Terms", "Signatures")}
	for b.Loop() {
		pdf, err := Seal(b.Context(), nil, testNow, f, a.seal, nil)
		if err != nil {
			b.Fatal(err)
		}
		if r := Verify(pdf); !r.Valid {
			b.Fatal(r.Problems)
		}
	}
}

func BenchmarkPdfsig(b *testing.B) {
	db := nssDatabase(b)
	in := tempFile(b, "in.pdf", agreement("Price 100 EUR", "Terms", "Signatures"))
	out := filepath.Join(b.TempDir(), "out.pdf")
	for b.Loop() {
		run(b, "pdfsig", "-nssdir", "sql:"+db, "-nss-pwd", "", "-add-signature", "-nick", "tester", in, out)
		os.Remove(out)
	}
}

func BenchmarkVerify(b *testing.B) {
	pdf := sealed()
	for b.Loop() {
		if r := Verify(pdf); !r.Valid {
			b.Fatal(r.Problems)
		}
	}
}
