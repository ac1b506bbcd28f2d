package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/paper"
	"dottedline/seal"
)

// sealNow seals an agreement that everybody has signed: it makes the file,
// verifies it, and only then, in one transaction, keeps it, says "signed" and
// mails it to all. Of two that do it at once, one is kept; a job does it again
// where this process ends in between.
func (d *Desk) sealNow(ctx context.Context, ws dottedline.WorkspaceID, id dottedline.AgreementID) (err error) {
	defer wrap("seal", &err)
	// Whoever signs and leaves gets the seal all the same.
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer stop()
	var s sheet
	var pdf []byte
	if err := d.db.View(ctx, ws, func(t *store.Tx) error {
		if s, err = readSheet(t, id); err != nil {
			return err
		}
		pdf, err = t.File(id, store.Presented)
		return err
	}); err != nil {
		return err
	}
	if s.State != dottedline.Sealing {
		return nil
	}
	k, err := d.keys(ctx, ws)
	if err != nil {
		return err
	}
	sealed, err := d.makeSeal(ctx, s, pdf, k)
	if err != nil {
		return err
	}
	if err := d.db.Write(ctx, ws, func(t *store.Tx) error { return keepSealed(t, id, sealed, hexSum(sealed), k) }); err != nil {
		return err
	}
	d.wakeUp()
	return nil
}

// keepSealed is the transaction after which an agreement is signed.
func keepSealed(t *store.Tx, id dottedline.AgreementID, pdf []byte, sha string, k keys) error {
	s, err := readSheet(t, id)
	if err != nil || s.State != dottedline.Sealing {
		return err
	}
	x := s.Agreement
	x.State, x.Ended, x.Final = dottedline.Sealed, t.Now, sha
	if err := t.PutFile(id, store.Sealed, sha, pdf); err != nil {
		return err
	}
	if err := t.PutAgreement(x); err != nil {
		return err
	}
	if err := evidence(t, x, fact{kind: "sealed", data: map[string]string{"sha256": sha, "bytes": strconv.Itoa(len(pdf)), "by": k.seal.Cert.Subject.CommonName}}); err != nil {
		return err
	}
	if err := t.DropJob("seal " + id.String()); err != nil {
		return err
	}
	if err := tick(t, x.Deal, dottedline.FactSigned, dottedline.Them); err != nil {
		return err
	}
	if err := mailSealed(t, s, pdf, sha); err != nil {
		return err
	}
	return touchPlanned(t, x.Deal, dottedline.Touch{Kind: dottedline.SignedTouch, By: dottedline.Them, Person: s.deal.Person, Text: x.Title})
}

// mailSealed sends the final file to all who have signed. Where no mailbox is
// connected any more it stays in the room.
func mailSealed(t *store.Tx, s sheet, pdf []byte, sha string) error {
	text := fmt.Sprintf("Signed by everybody and sealed: “%s” is attached.\n\nIts SHA-256 is\n%s\n\nKeep this mail: with it you can show at any time that the file is the one that was signed.", s.Title, sha)
	for _, y := range s.signers {
		if !y.Counts() {
			continue
		}
		answers := ""
		if y.Outgoing != 0 {
			if o, err := t.Outgoing(y.Outgoing); err == nil {
				answers = o.MessageID
			}
		}
		l := letter{from: s.Member, to: y.Address, name: y.Name, subject: "Signed: " + s.Title, text: text, deal: s.deal.ID, answers: answers, machine: true,
			once: "sealed " + s.ID.String() + " " + y.ID.String()}
		l.files = append(l.files, attachment(fileName(s.Title), pdf))
		_, err := post(t, l)
		var p *dottedline.Problem
		if errors.As(err, &p) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// makeSeal makes the sealed file and has it verified. It needs no database.
func (d *Desk) makeSeal(ctx context.Context, s sheet, pdf []byte, k keys) ([]byte, error) {
	if hexSum(pdf) != s.SHA256 {
		return nil, fmt.Errorf("the presented file is not the one that was signed")
	}
	now := d.Now()
	f := seal.Final{Presented: pdf, Signer: k.seal.Cert.Subject.CommonName, Reason: "Seal of the completed agreement"}
	var err error
	if f.Marks, err = d.marks(s); err != nil {
		return nil, err
	}
	extra, err := d.evidencePages(s)
	if err != nil {
		return nil, err
	}
	f.Extra = extra
	f.Attachments = []seal.Attachment{{Name: "audit.jsonl", MIME: "application/json", Description: "Evidence of how the agreement was signed", Relation: "Supplement", Data: s.lines}}
	stamp, err := d.validation(ctx, &f, s.settings.Closing.StampURL, k)
	if err != nil {
		return nil, err
	}
	out, err := seal.Seal(ctx, rand.Reader, now, f, k.seal, stamp)
	if err != nil {
		return nil, err
	}
	r := seal.Verify(out, k.trust...)
	if !r.Valid || len(r.Signatures) != 1 || !r.Signatures[0].CoversWhole || !r.Signatures[0].Trusted {
		return nil, fmt.Errorf("the sealed file does not verify: %s", strings.Join(r.Problems, " "))
	}
	return out, nil
}

// evidencePages say how the agreement came to be signed.
func (d *Desk) evidencePages(s sheet) ([]byte, error) {
	lines, err := seal.VerifyEvidence(s.lines, "")
	if err != nil {
		return nil, err
	}
	var es []paper.Event
	for _, e := range lines {
		at, err := time.Parse("2006-01-02T15:04:05.000Z", e.At)
		if err != nil {
			return nil, fmt.Errorf("evidence: %w", err)
		}
		es = append(es, paper.Event{At: at, What: happened(e), Who: e.Actor, Where: strings.TrimSpace(e.IP + " " + dottedline.Shorten(e.UA, 80)), Hash: e.Prev})
	}
	last := strings.TrimRight(string(s.lines), "\n")
	last = last[strings.LastIndexByte(last, '\n')+1:]
	facts := []paper.Fact{{Name: "Agreement", Text: s.Title}, {Name: "Number", Text: s.Number}, {Name: "SHA-256 of the pages as presented", Text: s.SHA256},
		{Name: "SHA-256 of the last line of the evidence", Text: seal.EventHash([]byte(last))},
		{Name: "Attached", Text: seal.PresentedName + " is the file that was presented; audit.jsonl is this evidence, line by line."},
		{Name: "Kind", Text: "Simple electronic signatures of the people named above, and the electronic seal of the sender over the whole file."}}
	p, err := paper.Evidence("How this was signed", es, facts, d.fonts(), paper.Options{Number: s.Number, Author: s.maker.Name, Created: s.Made})
	if err != nil {
		return nil, err
	}
	return p.PDF, nil
}

// validation gives the source of time stamps where an authority is configured,
// and puts what later validation needs into the file: the level is B-LT when the
// revocation lists of all chains can be had, B-T otherwise. An authority that
// does not answer is an error: a bare date never stands in for its stamp.
func (d *Desk) validation(ctx context.Context, f *seal.Final, url string, k keys) (seal.Stamp, error) {
	if url == "" {
		return nil, nil
	}
	if d.Stamps.Stamp == nil {
		return nil, fmt.Errorf("no time-stamp authority can be reached from here")
	}
	stamp := func(ctx context.Context, digest []byte) ([]byte, error) { return d.Stamps.Stamp(ctx, url, digest) }
	probe := sha256.Sum256(f.Presented)
	token, err := stamp(ctx, probe[:])
	if err != nil {
		return nil, fmt.Errorf("time stamp: %w", err)
	}
	certs, err := seal.StampCertificates(token)
	if err != nil {
		return nil, fmt.Errorf("time stamp: %w", err)
	}
	crls, whole := d.lists(ctx, append(append(certs, k.seal.Cert), k.seal.Chain...), k)
	if whole {
		f.Certs, f.CRLs = certs, crls
	}
	return stamp, nil
}

// lists fetches the revocation list for every certificate that somebody else has
// signed; the workspace's own authority makes its list itself.
func (d *Desk) lists(ctx context.Context, certs []*x509.Certificate, k keys) (crls [][]byte, whole bool) {
	had := map[string]bool{}
	for _, c := range certs {
		switch {
		case string(c.RawIssuer) == string(c.RawSubject):
		case k.root != nil && string(c.RawIssuer) == string(k.root.Cert.RawSubject):
			if had["own"] {
				continue
			}
			had["own"] = true
			crl, err := seal.RevocationList(rand.Reader, d.Now(), k.root, d.Now().Unix(), nil)
			if err != nil {
				return nil, false
			}
			crls = append(crls, crl)
		case len(c.CRLDistributionPoints) == 0 || d.Stamps.Fetch == nil:
			return nil, false
		case !had[c.CRLDistributionPoints[0]]:
			had[c.CRLDistributionPoints[0]] = true
			crl, err := d.Stamps.Fetch(ctx, c.CRLDistributionPoints[0])
			if err != nil {
				return nil, false
			}
			crls = append(crls, crl)
		}
	}
	return crls, true
}
