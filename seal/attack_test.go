package seal

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The classes of the literature on PDF signatures: Mladenov et al. 2019 (1
// Trillion Dollar Refund: universal forgery, incremental saving, wrapping),
// Mainka et al. 2021 (Shadow Attacks; Attacks on Certified PDF Documents:
// evil annotation, sneaky signature), Müller et al. 2020 (Processing
// Dangerous Paths), and what follows from them. Each file is made here, and
// each must be refused for its own reason.
var attacks = []struct {
	name string
	make func(t *testing.T, pdf []byte) []byte
	want string // a part of the reason
}{
	// universal signature forgery
	{"no ByteRange", inSignature(`/ByteRange`, `/ByteRangX`), "ByteRange is missing"},
	{"ByteRange null", rangeIs("null"), "ByteRange is missing"},
	{"ByteRange empty", rangeIs("[]"), "not four numbers"},
	{"ByteRange of three", rangeIs("[0 10 20]"), "not four numbers"},
	{"ByteRange of six", rangeIs("[0 1 2 3 4 5]"), "not four numbers"},
	{"ByteRange of words", rangeIs("[0 /a /b /c]"), "not four numbers"},
	{"ByteRange negative", rangeIs("[0 -10 20 30]"), "does not fit"},
	{"ByteRange overlapping", rangeIs("[0 100 50 100]"), "does not fit"},
	{"ByteRange beyond the end", rangeIs("[0 10 20 999999999]"), "does not fit"},
	{"ByteRange overflowing", rangeIs("[0 10 20 9223372036854775807]"), "does not fit"},
	{"ByteRange not from the start", rangeIs("[9 10 20 30]"), "does not start at the first byte"},
	{"ByteRange indirect", rangeIs("1 0 R"), "not four numbers"},
	{"ByteRange twice", inSignature(`/Prop_Build `, `/ByteRange `), "/ByteRange twice"},
	{"Contents missing", inSignature(`/Contents <`, `/ContentX <`), "Contents) is missing"},
	{"Contents null", contentsIs(func(h []byte) string { return "null" }), "Contents) is missing"},
	{"Contents empty", contentsIs(func(h []byte) string { return "<>" }), "other bytes could hide in the gap"},
	{"Contents all zero", contentsIs(func(h []byte) string { return "<" + strings.Repeat("0", len(h)) + ">" }), "empty"},
	{"Contents 0x00 in parentheses", contentsIs(func(h []byte) string { return `(\000)` }), "other bytes could hide in the gap"},
	{"SubFilter unknown", inSignature(`ETSI.CAdES.detached`, `ETSI.CAdES.detacheX`), "kind that is not accepted"},
	{"SubFilter SHA-1", inSignature(`ETSI.CAdES.detached`, `adbe.pkcs7.sha1    `), "kind that is not accepted"},
	{"signature value of another file", otherSignature, "signed bytes were changed"},
	{"signature value in small and capital letters", contentsIs(func(h []byte) string {
		return "<" + strings.ToUpper(string(h[:100])) + string(h[100:]) + ">"
	}), "written over"},
	{"bytes behind the signature value", padding, "behind the signature value"},
	{"certificate changed", inCert(false, "Example Ltd", "Example Lte"), "not the one that signed"},
	{"root certificate changed", inCert(true, "seal root", "seal rooT"), "changed or left out"},
	{"root certificate left out", withoutRoot, "changed or left out"},
	{"version of the signature value changed", version, "malformed"},

	// changed bytes
	{"content byte changed", contentByte, "page 1: its content is not what was presented"},
	{"header changed", func(_ *testing.T, p []byte) []byte {
		return bytes.Replace(p, []byte("%PDF-1.7"), []byte("%PDF-1.4"), 1)
	}, "signed bytes were changed"},
	{"field moved in place", inPlace("/Rect [0 0 0 0]", "/Rect [0 0 9 9]"), "signed bytes were changed"},
	{"permissions changed in place", inPlace("/P 1/V /1.2", "/P 3/V /1.2"), "signed bytes were changed"},
	{"time changed", inPlace("/M (D:20261122", "/M (D:20251122"), "signed bytes were changed"},
	{"cut off", func(_ *testing.T, p []byte) []byte { return p[:len(p)-8] }, "cut off"},
	{"empty gap widened", wrapping, "hide in the gap"},

	// incremental saving
	{"bytes appended", appended("hello"), "belong to no"},
	{"a line feed appended", appended("\n"), "belong to no revision"},
	{"comment appended", appended("% hello\n"), "belong to no object"},
	{"object without cross-reference", appended("4 0 obj\n<</Type/Page>>\nendobj\n"), "belong to no object"},
	{"object and trailer, no table", appended("4 0 obj\n<</Type/Page>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"), "belong to no object"},
	{"only an end of file", appended("%%EOF\n"), "belong to no object"},
	{"object that its table does not list", unlisted, "not in the cross-reference"},
	{"page content replaced", changePage("Contents"), "Contents"},
	{"content stream redefined", redefineContent, "the content was changed"},
	{"page added", pageAdded, "entries and now has"},
	{"catalogue replaced", otherCatalogue, "another catalogue"},
	{"catalogue entry added", rootEntry("OpenAction", dict{{"S", name("JavaScript")}, {"JS", text("app.alert(1)")}}), "OpenAction: was added"},
	{"layers added", rootEntry("OCProperties", dict{{"OCGs", array{}}}), "OCProperties: was added"},
	{"attachment replaced", attachmentReplaced, "EF, F"},
	{"title changed", titleChanged, "document information"},
	{"packed into an object stream", packed, "page 1, MediaBox"},
	{"hybrid cross-reference", hybrid, "two cross-references"},
	{"cross-reference that skips the signed one", skipping, "does not continue"},
	{"table pointed to hidden bytes", redirected, "page 1"},

	// annotations, fields, signatures on a certified file
	{"overlay annotation", evilAnnotation("FreeText"), "a FreeText annotation was added"},
	{"stamp annotation", evilAnnotation("Stamp"), "a Stamp annotation was added"},
	{"redaction annotation", evilAnnotation("Redact"), "a Redact annotation was added"},
	{"form field added", formField, `field "total" was added`},
	{"signature field moved", fieldMoved, "Rect"},
	{"sneaky signature", func(_ *testing.T, p []byte) []byte { return signAgain(p, ecAuthority().seal, nil) }, `signature field "second" was added`},
	{"sneaky visible signature", sneakyVisible, `signature field "second" was added`},
	{"signature value replaced later", valueReplaced, "taken out or replaced"},
	{"signature taken out", signatureGone, "taken out or replaced"},
	{"taken out and signed by another", resigned, "taken out or replaced"},
	{"time stamp that is visible", fakeStamp(true), "was added"},
	{"time stamp that is none", fakeStamp(false), "stamp"},
	{"security store with a page in it", storeWithPage, "page 1"},
	{"certification pointing elsewhere", rootEntry("Perms", dict{{"DocMDP", ref{1, 0}}}), "no signature of any field"},
}

func TestAttacksAreRefused(t *testing.T) {
	t.Parallel()
	if r := Verify(sealed()); !r.Valid {
		t.Fatalf("the file to attack is not valid: %v", r.Problems)
	}
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			pdf := a.make(t, slices.Clone(sealed()))
			if bytes.Equal(pdf, sealed()) {
				t.Fatal("the attack changed nothing")
			}
			r := Verify(pdf, ecAuthority().root.Cert)
			if r.Valid {
				t.Fatalf("accepted: %+v", r)
			}
			if all := strings.Join(r.Problems, "\n"); !strings.Contains(all, a.want) {
				t.Errorf("refused, but not for %q:\n%s", a.want, all)
			}
			t.Log(strings.Join(r.Problems, " | "))
		})
	}
}

// replace puts s in the place of old and keeps every offset.
func replace(pdf []byte, old, s string) []byte {
	if len(s) < len(old) {
		s += strings.Repeat(" ", len(old)-len(s))
	}
	i := bytes.Index(pdf, []byte(old))
	if i < 0 || len(s) != len(old) {
		panic(fmt.Sprintf("cannot put %q in the place of %q", s, old))
	}
	copy(pdf[i:], s)
	return pdf
}

type attack = func(*testing.T, []byte) []byte

func inPlace(old, s string) attack {
	return func(_ *testing.T, pdf []byte) []byte { return replace(pdf, old, s) }
}

func inSignature(old, s string) attack { return inPlace(old, s) }

func appended(s string) attack {
	return func(_ *testing.T, pdf []byte) []byte { return append(pdf, s...) }
}

func rangeIs(s string) attack {
	return func(_ *testing.T, pdf []byte) []byte {
		i := bytes.Index(pdf, []byte("/ByteRange ")) + len("/ByteRange ")
		return replace(pdf, string(pdf[i:i+len(rangeRoom)]), s+strings.Repeat(" ", len(rangeRoom)-len(s)))
	}
}

// gap finds the signature value's digits.
func gap(pdf []byte) (from, to int) {
	from = bytes.Index(pdf, []byte("/Contents <")) + len("/Contents <")
	return from, from + bytes.IndexByte(pdf[from:], '>')
}

func contentsIs(f func(digits []byte) string) attack {
	return func(_ *testing.T, pdf []byte) []byte {
		a, b := gap(pdf)
		return replace(pdf, string(pdf[a-1:b+1]), f(pdf[a:b]))
	}
}

func setCMS(pdf []byte, f func(cms []byte) []byte) []byte {
	a, b := gap(pdf)
	cms := make([]byte, (b-a)/2)
	hex.Decode(cms, pdf[a:b])
	cms = f(cms)
	hex.Encode(pdf[a:], cms)
	for i := a + 2*len(cms); i < b; i++ {
		pdf[i] = '0'
	}
	return pdf
}

// inCert changes the last place where a certificate says old: its subject.
func inCert(root bool, old, s string) attack {
	return func(_ *testing.T, pdf []byte) []byte {
		return setCMS(pdf, func(c []byte) []byte {
			p := must(parseCMS(c))
			cert := p.certs[0].Raw
			if root {
				cert = p.certs[1].Raw
			}
			copy(c[bytes.Index(c, cert)+bytes.LastIndex(cert, []byte(old)):], s)
			return c
		})
	}
}

func withoutRoot(_ *testing.T, pdf []byte) []byte {
	return setCMS(pdf, func(c []byte) []byte {
		p := must(parseCMS(c))
		return must(encodeCMS(p.signer, p.certs[:1], p.attrs, p.sig, nil))
	})
}

func version(_ *testing.T, pdf []byte) []byte {
	return setCMS(pdf, func(c []byte) []byte {
		i := bytes.Index(c, []byte{2, 1, 1})
		c[i+2] = 9
		return c
	})
}

func padding(_ *testing.T, pdf []byte) []byte {
	_, b := gap(pdf)
	copy(pdf[b-4:], "cafe")
	return pdf
}

func otherSignature(_ *testing.T, pdf []byte) []byte {
	f := sampleFinal()
	f.Presented = agreement("Price 900 EUR", "Terms")
	other := must(Seal(context.Background(), nil, testNow, f, ecAuthority().seal, nil))
	c, d := gap(other)
	a, _ := gap(pdf)
	copy(pdf[a:], other[c:d])
	return pdf
}

func contentByte(_ *testing.T, pdf []byte) []byte {
	r := must(open(pdf, newBudget()))
	s := r.contentStreams(must(r.pages())[0].dict)[0]
	i := bytes.Index(pdf, s)
	pdf[i+len(s)/2] ^= 1
	return pdf
}

// wrapping moves the end of the file away and puts a cross-reference of its
// own into the wider gap, where the signed startxref now points.
func wrapping(_ *testing.T, pdf []byte) []byte {
	a, b := gap(pdf)
	r := must(open(pdf, newBudget()))
	start := int(r.sections[0].off)
	var table bytes.Buffer
	size, _ := r.trailer().get("Size").(int64)
	fill := func(shift int) []byte {
		table.Reset()
		table.WriteString(">>\nendobj\n")
		table.WriteString(strings.Repeat(" ", start-b-1-table.Len()))
		fmt.Fprintf(&table, "xref\n0 %d\n0000000000 65535 f \n", size)
		for n := 1; n < int(size); n++ {
			off := int(r.places[n].off)
			if off > b {
				off += shift
			}
			fmt.Fprintf(&table, "%010d 00000 n \n", off)
		}
		table.WriteString("trailer\n")
		write(&table, r.trailer())
		table.WriteString("\n")
		return table.Bytes()
	}
	evil := fill(len(fill(0)))
	out := slices.Concat(pdf[:b+1], evil, pdf[b+1:])
	i := bytes.Index(out, []byte("/ByteRange ")) + len("/ByteRange ")
	br := fmt.Sprintf("[0 %d %d %d]", a-1, b+1+len(evil), len(pdf)-b-1)
	copy(out[i:], br+strings.Repeat(" ", len(rangeRoom)-len(br)))
	return out
}
