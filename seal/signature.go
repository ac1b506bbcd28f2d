package seal

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
)

// Levels of EN 319 142-1, clause 6.
const (
	levelB   = "B-B"
	levelT   = "B-T"
	levelLT  = "B-LT"
	levelLTA = "B-LTA"
)

// check verifies one signature; what is wrong is in s.err.
func (v *verifier) check(s *signature) Signature {
	rep := Signature{Field: s.field, Reason: plain(v.r.get(s.dict.get("Reason"))), Allowed: v.allowed(s)}
	value, err := v.signedRange(s)
	if err != nil {
		s.err = err
		return rep
	}
	rep.CoversWhole = s.end == int64(len(v.b))
	if v.bud.step(int(s.end)/4) != nil { // hashing is about four times as fast as parsing
		s.err = errTooMuch
		return rep
	}
	data := func(h crypto.Hash) []byte { return sum(h, v.b[:s.gap[0]], v.b[s.gap[1]:s.end]) }
	p, err := parseCMS(value)
	if err != nil {
		s.err = err
		return rep
	}
	rep.Signer = commonName(p.signer)
	fp := sha256.Sum256(p.signer.Raw)
	rep.Certificate = hex.EncodeToString(fp[:])
	if s.isStamp {
		s.err = v.checkStamp(s, &rep, value, data)
	} else {
		s.err = v.checkSignature(s, &rep, p, data)
	}
	rep.Intact = s.err == nil
	return rep
}

// checkStamp verifies a document time stamp (EN 319 142-1, 5.4.3).
func (v *verifier) checkStamp(s *signature, rep *Signature, value []byte, data func(crypto.Hash) []byte) error {
	rep.Level, rep.TimeSource = "time stamp", "time stamp"
	t, err := checkTokenOf(value, data)
	if err != nil {
		s.bytesChanged = true
		return err
	}
	rep.Time, rep.StampedBy = &t.at, rep.Signer
	rep.Trusted, rep.TrustProblem = v.trust(t.cms, t.at)
	rep.StampTrusted = rep.Trusted
	return nil
}

func (v *verifier) checkSignature(s *signature, rep *Signature, p *signedData, data func(crypto.Hash) []byte) error {
	sub, _ := v.r.get(s.dict.get("SubFilter")).(name)
	switch sub {
	case "ETSI.CAdES.detached":
		rep.Level = levelB
		if !p.certBound {
			return fileErr("the signing-certificate attribute is missing, which PAdES demands")
		}
	case "adbe.pkcs7.detached":
		rep.Level = "PKCS#7"
	default:
		return fileErr("it is of a kind that is not accepted: %q", string(sub))
	}
	if !p.contentType.Equal(oidData) || p.content != nil {
		return fileErr("the signature value holds its own content instead of signing the file")
	}
	if err := p.verify(data); err != nil {
		s.bytesChanged = true
		return err
	}
	if err := v.checkOwnForm(s, p); err != nil {
		return err
	}
	if err := p.checkCertificates(); err != nil {
		return err
	}
	at, from := pdfTime(plain(v.r.get(s.dict.get("M")))), "claimed"
	if at.IsZero() {
		at = p.signingTime
	}
	if p.token != nil {
		t, err := checkTokenOf(p.token, func(h crypto.Hash) []byte { return sum(h, p.sig) })
		if err != nil {
			return err
		}
		at, from = t.at, "time stamp"
		rep.StampedBy = commonName(t.cms.signer)
		rep.StampTrusted, _ = v.trust(t.cms, at)
		if rep.Level == levelB {
			rep.Level = levelT
			if v.dss.complete(p) && v.dss.complete(t.cms) {
				rep.Level = levelLT
			}
		}
	}
	if !at.IsZero() {
		at = at.UTC()
		rep.Time, rep.TimeSource = &at, from
	}
	rep.Trusted, rep.TrustProblem = v.trust(p, at)
	return v.dss.withdrawn(p, at)
}

// checkOwnForm demands of a file sealed here the exact bytes that Seal
// writes: then not even the parts of the signature value that nobody signs
// can be changed.
func (v *verifier) checkOwnForm(s *signature, p *signedData) error {
	app := v.r.dict(v.r.dict(s.dict.get("Prop_Build")).get("App"))
	if v.r.get(app.get("Name")) != name(maker) {
		return nil
	}
	list := v.r.array(app.get("Certificates"))
	for i, h := range list {
		want, _ := h.(str)
		if i >= len(p.certs) || len(p.certs) > len(list) || !bytes.Equal(want, sum(crypto.SHA256, p.certs[i].Raw)) {
			return fileErr("certificate %d in the signature was changed or left out", i+1)
		}
	}
	if stamped, _ := app.get("TimeStamp").(bool); stamped != (p.token != nil) {
		return fileErr("the time stamp of the signature was taken out or put in")
	}
	again, err := encodeCMS(p.signer, p.certs, signedAttributes(p.signer, p.digest), p.sig, p.token)
	if err != nil || !bytes.Equal(again, p.der) {
		return fileErr("the signature value was changed in a part that is not signed")
	}
	return nil
}

// allowed reads P of DocMDP (12.8.2.2).
func (v *verifier) allowed(s *signature) int {
	for _, x := range v.r.array(s.dict.get("Reference")) {
		d := v.r.dict(x)
		if v.r.get(d.get("TransformMethod")) == name("DocMDP") {
			p, ok := v.r.get(v.r.dict(d.get("TransformParams")).get("P")).(int64)
			if !ok || p < 1 || p > 3 {
				p = 2 // the default of table 254
			}
			return int(p)
		}
	}
	return 0
}
