package seal_test

import (
	"context"
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dottedline/paper"
	"dottedline/seal"
)

// The whole way from a shipped template to a sealed file: agreement, marks,
// evidence page, seal.
func TestSealAgreementsMadeByPaper(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := seal.NewRoot(rand.Reader, now, "Example Ltd", seal.P256)
	ok(err)
	key, err := seal.NewSeal(rand.Reader, now, root, "Example Ltd", "", seal.P256)
	ok(err)
	fonts := paper.NewFonts(nil)
	for _, s := range paper.Templates() {
		tpl, err := paper.ParseTemplate(s.Source)
		ok(err)
		doc, err := tpl.Merge(paper.Example())
		ok(err)
		p, err := paper.Make(doc, fonts, paper.Options{Number: "DL-1", Created: now})
		ok(err)
		ev, err := paper.Evidence("Certificate of completion", []paper.Event{{At: now, What: "Signed by typed name", Who: "ana@example.com"}}, nil, fonts, paper.Options{Created: now})
		ok(err)
		f := seal.Final{Presented: p.PDF, Extra: ev.PDF, Signer: "Example Ltd"}
		for _, l := range p.Lines {
			path, err := paper.TypedMark("Nguyễn Thị Minh Khai", fonts)
			ok(err)
			f.Marks = append(f.Marks, seal.Mark{Page: l.Page, X: l.Mark.X, Y: l.Mark.Y, W: l.Mark.W, H: l.Mark.H,
				Paths: path.PDF(paper.Rect{W: l.Mark.W, H: l.Mark.H}), Alt: "Signature of Nguyễn Thị Minh Khai, typed"})
		}
		pdf, err := seal.Seal(context.Background(), nil, now, f, key, nil)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if r := seal.Verify(pdf, root.Cert); !r.Valid || !r.Signatures[0].Trusted {
			t.Errorf("%s: %+v", s.Name, r)
		}
		file := filepath.Join(t.TempDir(), "sealed.pdf")
		ok(os.WriteFile(file, pdf, 0o600))
		for program, want := range map[string]string{"qpdf --check": "No syntax or stream encoding errors", "pdfsig -nocert": "Total document signed", "pdfinfo -struct": "Figure"} {
			words := strings.Fields(program)
			out, err := exec.Command(words[0], append(words[1:], file)...).CombinedOutput()
			if err != nil || !strings.Contains(string(out), want) {
				t.Errorf("%s: %s: %v\n%s", s.Name, program, err, out)
			}
		}
	}
}
