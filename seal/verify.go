package seal

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"
)

// maxSignatures of one file are checked; more are refused.
const maxSignatures = 32

// Verify checks every signature of a PDF from any maker and everything that
// was done to the file after it. roots are the certificates that count as
// trusted. It never fails: what cannot be read is a problem in the report.
func Verify(pdf []byte, roots ...*x509.Certificate) Report {
	h := sha256.Sum256(pdf)
	v := &verifier{b: pdf, bud: newBudget(), roots: roots}
	v.rep = Report{Problems: []string{}, Signatures: []Signature{}, SHA256: hex.EncodeToString(h[:]), Bytes: len(pdf)}
	r, err := open(pdf, v.bud)
	if err != nil {
		v.problem("%v", err)
		return v.rep
	}
	v.r = r
	v.checkAll()
	if v.bud.spent() {
		v.problem("%v", errTooMuch)
	}
	v.rep.Valid = len(v.rep.Problems) == 0 && len(v.rep.Signatures) > 0
	return v.rep
}

type verifier struct {
	b     []byte
	r     *reader
	bud   *budget
	roots []*x509.Certificate
	rep   Report
	dss   *store
}

func (v *verifier) problem(format string, args ...any) {
	p := fmt.Sprintf(format, args...)
	if len(v.rep.Problems) < 24 && !slices.Contains(v.rep.Problems, p) {
		v.rep.Problems = append(v.rep.Problems, p)
	}
}

func (v *verifier) checkAll() {
	sigs := v.r.signatures()
	switch {
	case len(sigs) == 0:
		v.problem("there is no signature in this PDF")
	case len(sigs) > maxSignatures:
		v.problem("%v", errTooMuch)
		return
	}
	v.dss = v.r.validationStore()
	stamps := v.stampFields(sigs)
	for i := range sigs {
		rep := v.check(&sigs[i])
		if sigs[i].err != nil {
			v.problem("signature %q: %v", sigs[i].field, sigs[i].err)
			v.nameChanges(&sigs[i])
		}
		v.rep.Signatures = append(v.rep.Signatures, rep)
	}
	v.checkRemoved(sigs)
	v.checkCertification(sigs)
	v.checkAdded(sigs, stamps)
	v.archiveLevels(sigs)
}

// checkRemoved looks for signatures in older revisions that are gone.
func (v *verifier) checkRemoved(sigs []signature) {
	for i, s := range v.r.sections {
		if i == 0 {
			continue
		}
		old, err := openAt(v.b, s.off, v.bud)
		if err != nil || i > 64 { // half of a linearized file is no file
			continue
		}
		for _, was := range old.signatures() {
			if !slices.ContainsFunc(sigs, func(s signature) bool { return s.num == was.num && s.place == was.place }) {
				v.problem("a signature %q was taken out or replaced", was.field)
			}
		}
	}
}

// checkCertification: the certifying signature must be one that is shown.
func (v *verifier) checkCertification(sigs []signature) {
	p, ok := v.r.dict(v.r.root().get("Perms")).get("DocMDP").(ref)
	if ok && !slices.ContainsFunc(sigs, func(s signature) bool { return s.num == p.num }) {
		v.problem("the file says that it is certified, by object %d, which is no signature of any field", p.num)
	}
}

// checkAdded names everything that came after a signature and is not data to
// validate it.
func (v *verifier) checkAdded(sigs []signature, stamps map[int]bool) {
	first := int64(len(v.b))
	last := int64(0)
	for i := range sigs {
		s := &sigs[i]
		if s.err != nil {
			continue
		}
		first, last = min(first, s.end), max(last, s.end)
		if s.end < int64(len(v.b)) {
			for _, d := range difference(s.signed, v.r, stamps) {
				v.problem("after signature %q: %s", s.field, d)
			}
		}
	}
	if last == 0 || first == int64(len(v.b)) {
		return
	}
	if err := v.accountFor(first); err != nil {
		v.problem("%d bytes were added after the first signature: %v", int64(len(v.b))-first, err)
	}
}

// archiveLevels raises B-LT to B-LTA where an intact document time stamp
// covers signature and validation data.
func (v *verifier) archiveLevels(sigs []signature) {
	for i := range sigs {
		for k := range sigs {
			if v.rep.Signatures[i].Level == levelLT && sigs[k].isStamp && sigs[k].err == nil && sigs[k].end > sigs[i].end {
				v.rep.Signatures[i].Level = levelLTA
			}
		}
	}
}

// nameChanges says for a signature whose bytes were changed which parts of
// the file show it.
func (v *verifier) nameChanges(s *signature) {
	if !s.bytesChanged {
		return
	}
	nums := make([]int, 0, len(v.r.places))
	for n := range v.r.places {
		nums = append(nums, n)
	}
	slices.Sort(nums)
	for _, n := range nums {
		if st, ok := v.r.object(n).(stream); ok && st.dict.get("Filter") == name("FlateDecode") {
			if _, err := v.r.inflate(st.raw); err != nil && err != error(errTooMuch) {
				v.problem("object %d: its compressed data was changed", n)
			}
		}
	}
	for _, d := range v.r.damage {
		v.problem("%s", d)
	}
	v.comparePresented()
}

// comparePresented compares the pages with the attached PDF as presented.
func (v *verifier) comparePresented() {
	data, err := v.r.attached(PresentedName)
	if err != nil || data == nil {
		return
	}
	was, err := open(data, v.bud)
	if err != nil {
		v.problem("the attached %s was changed: %v", PresentedName, err)
		return
	}
	old, err1 := was.pages()
	now, err2 := v.r.pages()
	if err1 != nil || err2 != nil {
		return
	}
	for i, p := range old {
		if i >= len(now) {
			v.problem("page %d is missing", i+1)
			continue
		}
		have := now[i].dict
		for _, want := range was.contentStreams(p.dict) {
			if !slices.ContainsFunc(v.r.contentStreams(have), func(c []byte) bool { return bytes.Equal(c, want) }) {
				v.problem("page %d: its content is not what was presented", i+1)
			}
		}
	}
}

func (r *reader) contentStreams(page dict) (out [][]byte) {
	list := r.array(page.get("Contents"))
	if list == nil {
		list = array{page.get("Contents")}
	}
	for _, c := range list {
		if s, ok := r.get(c).(stream); ok {
			out = append(out, s.raw)
		}
	}
	return out
}
