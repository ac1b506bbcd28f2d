package desk_test

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/internal/testrig"
	"dottedline/internal/tsa"
	"dottedline/paper"
	"dottedline/seal"
)

// A time-stamp authority that does not answer holds the seal up, and a bare date
// never stands in for it; without revocation lists the level is B-T, with them B-LT.
func TestTimeStamps(t *testing.T) {
	t.Parallel()
	s, stamps := testrig.TimeStamps(t), tsa.New(true)
	for level, bare := range map[string]bool{"B-T": true, "B-LT": false} {
		db := storetest.Open(t, "sqlite")
		c := newClosing(t, db)
		c.now = time.Now().UTC() // the stamps have a clock of their own
		c.Stamps = desk.Authority{Stamp: stamps.Stamp, Fetch: stamps.Fetch}
		set, err := c.ClosingSettings(ctx, c.me)
		c.ok(err)
		set.StampURL = s.URL
		c.ok(c.SetClosingSettings(ctx, c.me, set))
		id, ms := c.send()
		v := c.letIn(c.to(ms[0]))
		room, err := c.Room(ctx, v)
		c.ok(err)
		s.Bare.Store(bare)
		s.Down.Store(true)
		c.work() // the key
		c.problem(c.Sign(ctx, v, desk.Signing{Name: "Maya Okafor", SHA256: room.Agreement.SHA256, Consent: true}), "Your signature is kept")
		if p := c.page(); p.Current.State != dottedline.Sealing || p.Deal.Path == dottedline.Signed {
			t.Fatalf("state %v, path %v", p.Current.State, p.Deal.Path)
		}
		c.now = c.now.Add(10 * time.Second)
		j, _, err := c.NextJob(ctx)
		c.ok(err)
		if err := c.DoJob(ctx, j); err == nil {
			t.Error("the job did without the stamp too")
		}
		js, err := c.Jobs(ctx, c.me)
		c.ok(err)
		if i := slices.IndexFunc(js, func(j desk.JobRow) bool { return j.Kind == "seal" }); i < 0 || js[i].Error == "" || js[i].Tries != 1 {
			t.Errorf("the page of jobs does not say why: %+v", js)
		}
		s.Down.Store(false)
		c.now = c.now.Add(2 * time.Minute)
		c.work()
		pdf, _, err := c.AgreementPDF(ctx, c.me, id, store.Sealed)
		c.ok(err)
		if r := seal.Verify(pdf, s.Root); !r.Valid || r.Signatures[0].Level != level || !r.Signatures[0].StampTrusted {
			t.Errorf("%s: %+v", level, r)
		}
	}
}

// Their own PDF is made clean, gets places for the marks, and is signed as any.
func TestUpload(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		tpl, err := paper.ParseTemplate(paper.Templates()[0].Source)
		c.ok(err)
		doc, err := tpl.Merge(paper.Example())
		c.ok(err)
		made, err := paper.Make(doc, nil, paper.Options{Created: c.now})
		c.ok(err)
		_, err = c.UploadAgreement(ctx, c.me, c.deal, "x.pdf", []byte("%PDF-1.7 and nothing more"))
		if err == nil {
			t.Error("a broken file was taken")
		}
		u, err := c.UploadAgreement(ctx, c.me, c.deal, "Their paper.pdf", made.PDF)
		c.ok(err)
		p, err := c.AgreementPage(ctx, c.me, u.Agreement)
		c.ok(err)
		if p.Ready() || len(p.Holes) != 2 || p.Title != "Their paper" || u.Pages != made.Pages {
			t.Errorf("%d pages, holes %v", u.Pages, p.Holes)
		}
		var places []store.MarkPlace
		for i, s := range p.Signers {
			places = append(places, store.MarkPlace{Signer: s.ID, Page: u.Pages, Mark: [4]float64{72, 100 + 100*float64(i), 180, 46}, Date: [4]float64{300, 100 + 100*float64(i), 80, 16}})
		}
		outside := slices.Clone(places)
		outside[0].Mark[0] = 590
		c.problem(c.PlaceMarks(ctx, c.me, u.Agreement, outside), "outside")
		c.ok(c.PlaceMarks(ctx, c.me, u.Agreement, places))
		_, err = c.SendAgreement(ctx, c.me, u.Agreement, desk.AgreementEdit{}, "press")
		c.ok(err)
		v := c.letIn(c.to(c.mails()[0]))
		room, err := c.Room(ctx, v)
		c.ok(err)
		c.ok(c.Sign(ctx, v, desk.Signing{Name: "Maya Okafor", SHA256: room.Agreement.SHA256, Consent: true}))
		pdf, _, err := c.AgreementPDF(ctx, c.me, u.Agreement, store.Sealed)
		c.ok(err)
		if r, err := c.VerifyPDF(ctx, pdf); err != nil || !r.Valid || !r.Here {
			t.Errorf("%+v %v", r, err)
		}
	})
}

// An uploaded certificate seals from then on; what the own key sealed stays valid.
func TestOwnCertificate(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		root, err := seal.NewRoot(rand.Reader, c.now, "Bought Authority", seal.P256)
		c.ok(err)
		key, err := seal.NewSeal(rand.Reader, c.now, root, "Pine Ltd", "", seal.P256)
		c.ok(err)
		p12, err := key.PKCS12(rand.Reader, "secret")
		c.ok(err)
		c.problem(c.UploadSealKey(ctx, c.me, p12, "wrong"), "password")
		c.ok(c.UploadSealKey(ctx, c.me, p12, "secret"))
		id, ms := c.send()
		v := c.letIn(c.to(ms[0]))
		room, err := c.Room(ctx, v)
		c.ok(err)
		c.ok(c.Sign(ctx, v, desk.Signing{Name: "Maya Okafor", SHA256: room.Agreement.SHA256, Consent: true}))
		pdf, _, err := c.AgreementPDF(ctx, c.me, id, store.Sealed)
		c.ok(err)
		if r := seal.Verify(pdf, root.Cert); !r.Valid || !r.Signatures[0].Trusted || r.Signatures[0].Signer != "Pine Ltd" {
			t.Errorf("%+v", r)
		}
		ks, err := c.SealKeys(ctx, c.me)
		c.ok(err)
		if len(ks) != 1 || ks[0].Kind != "own" || ks[0].Issuer != "Bought Authority seal root" {
			t.Errorf("keys %+v", ks)
		}
	})
}
