package seal

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Final is everything that goes into a sealed file.
type Final struct {
	// Presented is the PDF that was signed: made by paper or by Rewrite. Its
	// pages come first, their content streams byte for byte, and the file
	// itself is attached as presented.pdf.
	Presented []byte
	// Extra holds pages that follow, such as the evidence page; nil for none.
	Extra       []byte
	Marks       []Mark
	Attachments []Attachment
	// Signer, Reason, Location and Contact are shown by PDF readers; empty
	// ones are left out.
	Signer, Reason, Location, Contact string
	// Certs and CRLs (DER) are kept for later validation beside the seal's
	// own certificates: those of the time-stamp authority, and the lists of
	// all that issued one. Without CRLs the level stays B-T or B-B.
	Certs []*x509.Certificate
	CRLs  [][]byte
}

// Attachment is a file inside the sealed file.
type Attachment struct {
	Name        string // such as audit.jsonl
	MIME        string // such as application/json
	Description string
	Relation    string // Source, Data, Supplement or Unspecified (PDF 2.0, 7.11.3)
	Data        []byte
}

// PresentedName is the attachment that holds the PDF as it was presented.
const PresentedName = "presented.pdf"

// Seal makes the sealed file: one revision with one signature over all of it
// (ETSI.CAdES.detached, DocMDP P=1). The level is B-B, B-T with a stamp, and
// B-LT with a stamp and the CRLs of everyone in the chains. Equal arguments
// give equal bytes with an RSA key, or with an ECDSA key and a nil rand.
func Seal(ctx context.Context, rand io.Reader, now time.Time, f Final, key *Credential, stamp Stamp) ([]byte, error) {
	b := &builder{}
	m, err := merge(b, f)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	cat := attach(b, m.catalogue, now, append([]Attachment{{PresentedName, "application/pdf", "The agreement as it was presented for signature", "Source", f.Presented}}, f.Attachments...))
	cat = append(cat, entry{"Extensions", dict{{"ESIC", dict{{"BaseVersion", name("1.7")}, {"ExtensionLevel", int64(1)}}}}})
	if len(f.CRLs) > 0 {
		cat = append(cat, entry{"DSS", validation(b, f, key)})
	}
	sig := b.add(placeholder(f, now, key, stamp != nil))
	cat = append(cat, entry{"AcroForm", dict{{"Fields", array{signatureField(b, m.pages[0].ref, sig)}}, {"SigFlags", int64(3)}}}, entry{"Perms", dict{{"DocMDP", sig}}})
	var info any
	if len(m.info) > 0 {
		info = b.add(m.info)
	}
	out, offs := b.bytes(b.add(cat), info)
	if len(out) > MaxFile {
		return nil, fmt.Errorf("seal: %w", errTooMuch)
	}
	err = signPlaceholder(out, offs[sig.num-1], func(digest []byte) ([]byte, error) {
		var ask func([]byte) ([]byte, error)
		if stamp != nil {
			ask = func(d []byte) ([]byte, error) { return stamp(ctx, d) }
		}
		return signCMS(rand, key, digest, ask)
	})
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return out, nil
}

// signatureField makes the invisible field on the first page that holds the
// signature.
func signatureField(b *builder, page, sig ref) ref {
	zero := array{int64(0), int64(0), int64(0), int64(0)}
	field := b.add(dict{{"Type", name("Annot")}, {"Subtype", name("Widget")}, {"FT", name("Sig")}, {"T", text("seal")}, {"TU", text("Electronic seal")},
		{"F", int64(132)}, {"Rect", zero}, {"P", page}, {"V", sig}})
	d := b.dict(page)
	links, _ := d.get("Annots").(array)
	b.set(page, d.with("Annots", append(slices.Clone(links), field)))
	return field
}

// merged is the new file without attachments and signature.
type merged struct {
	catalogue dict
	pages     []importedPage
	info      dict
}

// merge copies presented and extra pages, lays the marks over the presented
// ones and joins the structure trees.
func merge(b *builder, f Final) (*merged, error) {
	bud := newBudget()
	tree := b.add(nil)
	im, err := takeOver(b, tree, f.Presented, 0, true, bud)
	if err != nil {
		return nil, fmt.Errorf("presented pages: %w", err)
	}
	cat, err := im.catalogue(dict{{"Type", name("Catalog")}, {"Pages", tree}})
	if err != nil {
		return nil, fmt.Errorf("presented pages: %w", err)
	}
	if v, ok := im.r.root().get("Metadata").(ref); ok {
		cat = append(cat, entry{"Metadata", im.ref(v.num)})
	}
	var t *tags
	if im.tagged {
		if t, err = im.tags(b.add(nil)); err != nil {
			return nil, fmt.Errorf("presented pages: %w", err)
		}
	}
	pages := im.pages
	if f.Extra != nil {
		extra, err := mergeExtra(b, tree, f.Extra, t, bud)
		if err != nil {
			return nil, fmt.Errorf("extra pages: %w", err)
		}
		pages = slices.Concat(pages, extra)
	}
	if err := addMarks(b, im.pages, f.Marks, t, bud); err != nil {
		return nil, err
	}
	b.set(tree, pageTree(pages))
	if t != nil {
		b.set(t.root, t.dict(b))
		cat = append(cat, entry{"StructTreeRoot", t.root})
	}
	info := im.info("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate")
	return &merged{cat, pages, info}, im.drain()
}

// mergeExtra imports the pages that follow; their tags join t, if there is one.
func mergeExtra(b *builder, tree ref, pdf []byte, t *tags, bud *budget) ([]importedPage, error) {
	next := int64(0)
	if t != nil {
		next = t.next
	}
	im, err := takeOver(b, tree, pdf, next, t != nil, bud)
	if err != nil {
		return nil, err
	}
	if !im.tagged {
		return im.pages, nil
	}
	o, err := im.tags(t.root)
	if err != nil {
		return nil, err
	}
	t.merge(o)
	return im.pages, nil
}

// takeOver imports pages and refuses a file of which something would be lost:
// what is sealed must be what was presented.
func takeOver(b *builder, tree ref, pdf []byte, offset int64, tags bool, bud *budget) (*importer, error) {
	r, err := open(pdf, bud)
	if err != nil {
		return nil, err
	}
	lost, err := refuseHidden(r, r.root())
	if err != nil {
		return nil, err
	}
	tags = tags && r.dict(r.root().get("StructTreeRoot")) != nil
	im, err := importPages(r, b, tree, offset, tags)
	if err != nil {
		return nil, err
	}
	if lost = append(lost, im.droppedList()...); len(lost) > 0 {
		return nil, errors.New("rewrite the file first, it holds: " + strings.Join(lost, ", "))
	}
	return im, nil
}
