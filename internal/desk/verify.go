package desk

import (
	"context"
	"crypto/x509"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/seal"
)

// Verified says of a PDF by whom it was sealed, and whether it is whole.
type Verified struct {
	seal.Report
	Here bool // this very file was sealed here
}

// VerifyPDF checks any PDF, for anybody. Seals of this server's workspaces count
// as trusted.
func (d *Desk) VerifyPDF(ctx context.Context, pdf []byte) (v Verified, err error) {
	defer wrap("verify", &err)
	ids, err := d.db.Workspaces(ctx)
	if err != nil {
		return v, err
	}
	var roots []*x509.Certificate
	for _, ws := range ids {
		var rows []store.SealKey
		if err := d.db.View(ctx, ws, func(t *store.Tx) error { rows, err = t.SealKeys(); return err }); err != nil {
			return v, err
		}
		k, err := d.openKeys(ws, rows)
		if err != nil {
			return v, err
		}
		roots = append(roots, k.trust...)
	}
	v.Report = seal.Verify(pdf, roots...)
	err = d.db.Everywhere(ctx, func(g store.Global) error {
		_, _, v.Here, err = g.SealedFile(v.SHA256)
		return err
	})
	return v, err
}

// checkClosing names what is wrong with the agreements of a workspace: files
// that are missing or changed, evidence that was, seals that nobody makes.
func checkClosing(t *store.Tx) (diffs []string, err error) {
	ids, err := t.AllAgreements()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		s, err := readSheet(t, id)
		if err != nil {
			return nil, err
		}
		bad := func(what string) { diffs = append(diffs, "agreement "+id.String()+" ("+s.Title+"): "+what) }
		es, err := seal.VerifyEvidence(s.lines, "")
		if err != nil {
			bad(err.Error())
		}
		if s.State == dottedline.Draft {
			continue
		}
		if len(es) == 0 {
			bad("there is no evidence of its sending")
		}
		for _, f := range []struct{ name, sha string }{{store.Presented, s.SHA256}, {store.Sealed, s.Final}} {
			b, err := t.File(id, f.name)
			if err != nil {
				return nil, err
			}
			if f.sha == "" && b == nil {
				continue
			}
			if hexSum(b) != f.sha {
				bad("its file " + f.name + " is not the one whose SHA-256 was kept")
			}
		}
		open := len(dottedline.Turn(plain(s.signers)))
		seals := 0
		for _, e := range es {
			if e.Type == "sealed" {
				seals++
			}
		}
		switch {
		case (s.State == dottedline.Sealed || s.State == dottedline.Sealing) && open > 0:
			bad("it is signed, and signatures are missing")
		case s.State.Open() && open == 0:
			bad("everybody has signed, and it is not being sealed")
		case s.State == dottedline.Sealed && (s.Final == "" || seals != 1):
			bad("it is signed without one seal")
		case s.State != dottedline.Sealed && seals > 0:
			bad("it has a seal and is not signed")
		}
		if s.State == dottedline.Sealing {
			if ok, err := t.HasJob("seal " + id.String()); err != nil {
				return nil, err
			} else if !ok {
				bad("nobody seals it")
			}
		}
	}
	return diffs, nil
}
