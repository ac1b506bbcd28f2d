package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"dottedline"
	"dottedline/seal"
)

const verifyArgs = "FILE [--json] [--root CERT.pem]"

// verify says of any PDF by whom it was sealed, when, and whether it is whole.
// It needs no data and no network.
func verify(_ context.Context, w world, args []string) error {
	fs := flag.NewFlagSet("verify", flag.ContinueOnError)
	fs.SetOutput(w.err)
	fs.Usage = func() {
		fmt.Fprintf(w.err, "Usage: dottedline verify %s\n\nExit 0 when every signature is intact and nothing was added after it.\n\n", verifyArgs)
		fs.PrintDefaults()
	}
	asJSON := fs.Bool("json", false, "print the report as JSON")
	root := fs.String("root", "", "a file with certificates (PEM) that you trust")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		fs.Usage()
		return errUsage
	}
	roots, err := readRoots(*root)
	if err != nil {
		return err
	}
	pdf, err := readUpTo(w, rest[0], seal.MaxFile)
	if err != nil {
		return err
	}
	r := seal.Verify(pdf, roots...)
	if *asJSON {
		e := json.NewEncoder(w.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		err = e.Encode(r)
	} else {
		err = printReport(w.out, r, len(roots) > 0)
	}
	if err == nil && !r.Valid {
		err = errDifferent
	}
	return err
}

// readUpTo reads a file, or standard input for a dash; one byte more than most
// at the most, so that what is too large is seen to be.
func readUpTo(w world, name string, most int64) ([]byte, error) {
	in := w.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, &dottedline.Problem{Kind: dottedline.NotFound, Text: "Can't read " + name + ".", Hint: "Is it there, and a file? A dash reads standard input."}
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return nil, &dottedline.Problem{Kind: dottedline.NotFound, Text: "Can't read " + name + ".", Hint: "Is it a file?"}
	}
	return b, nil
}

func readRoots(name string) (out []*x509.Certificate, err error) {
	if name == "" {
		return nil, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, &dottedline.Problem{Kind: dottedline.NotFound, Text: "Can't read " + name + "."}
	}
	for {
		var p *pem.Block
		if p, b = pem.Decode(b); p == nil {
			break
		}
		c, err := x509.ParseCertificate(p.Bytes)
		if err != nil {
			return nil, dottedline.Wrong("", "%s holds a certificate that can't be read.", name)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, dottedline.Wrong("It begins with -----BEGIN CERTIFICATE-----.", "%s holds no certificate in PEM.", name)
	}
	return out, nil
}

func printReport(out io.Writer, r seal.Report, trusted bool) error {
	p := &printer{w: out}
	switch {
	case r.Valid:
		p.line("Whole: nothing was changed or added since it was sealed.")
	case len(r.Signatures) == 0:
		p.line("Not sealed.")
	default:
		p.line("Not valid.")
	}
	for _, x := range r.Problems {
		p.line("  %s", x)
	}
	for _, s := range r.Signatures {
		when := "at a time that is not said"
		if s.Time != nil {
			when = s.Time.UTC().Format(time.RFC3339)
		}
		p.line("%s, %s, %s", s.Signer, when, s.Level)
		if s.TimeSource == "claimed" {
			p.line("  The time is what the signer's own clock said.")
		}
		if s.StampedBy != "" {
			p.line("  Time stamp by %s.", s.StampedBy)
		}
		if !s.CoversWhole {
			p.line("  It does not cover the whole file.")
		}
		if trusted && !s.Trusted {
			p.line("  Not by somebody you trust: %s", s.TrustProblem)
		}
	}
	p.line("SHA-256 %s", r.SHA256)
	return p.err
}

// printer keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}
