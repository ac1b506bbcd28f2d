package desk_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/mail"
	"dottedline/paper"
	"dottedline/seal"
)

// closing is a house in which a deal is about to be closed.
type closing struct {
	*house
	deal dottedline.DealID
}

func newClosing(t *testing.T, db *store.DB) *closing {
	t.Helper()
	h := newHouse(t, db)
	h.Desk.URL, h.Desk.KeyKind = "https://deals.example.com", seal.P256
	c, err := h.ClosingSettings(ctx, h.me)
	h.ok(err)
	c.Fields = map[string]string{"Us.Address": "1 Pine Road, Leeds", "Terms.Law": "England and Wales", "Terms.Court": "Leeds"}
	h.ok(h.SetClosingSettings(ctx, h.me, c))
	t0 := h.now.Add(-3 * time.Hour)
	h.deliver(msg("1", sam, maya, t0, "Forty seats", "Here is the price."),
		msg("2", maya, sam, t0.Add(time.Hour), "Re: Forty seats", "Yes, let's do it. Send me whatever I need to sign.\n\n> Here is the price.", "In-Reply-To: <1@example.com>"))
	id, err := h.TakeOffer(ctx, h.me, h.nowPage().Offers[0].Thread, dottedline.Sale, "28,800")
	h.ok(err)
	return &closing{h, id}
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// mails lets the outbox run and gives what was sent, newest last.
func (h *house) mails() (out []*mail.Message) {
	h.t.Helper()
	h.now = h.now.Add(11 * time.Second)
	for {
		o, _, err := h.NextOutbound(ctx)
		h.ok(err)
		if o == nil {
			return out
		}
		h.ok(h.MailSent(ctx, o))
		m, err := mail.Parse(o.Raw)
		h.ok(err)
		out = append(out, m)
	}
}

var roomURL = regexp.MustCompile(`https://deals\.example\.com/room/(\S+)`)

// to gives the visitor whom a mail leads to, not yet let in.
func (h *house) to(m *mail.Message) desk.Visitor {
	h.t.Helper()
	found := roomURL.FindStringSubmatch(m.Text)
	if found == nil {
		h.t.Fatalf("no link in\n%s", m.Text)
	}
	return desk.Visitor{Link: found[1], IP: "192.0.2.7", Agent: "Telephone/1.0"}
}

// letIn enters the code that is mailed to a visitor.
func (h *house) letIn(v desk.Visitor) desk.Visitor {
	h.t.Helper()
	h.ok(h.RequestCode(ctx, v))
	ms := h.mails()
	var err error
	v.Session, err = h.EnterCode(ctx, v, ms[len(ms)-1].Subject[:6])
	h.ok(err)
	return v
}

// send makes the agreement and sends it.
func (c *closing) send() (dottedline.AgreementID, []*mail.Message) {
	c.t.Helper()
	id, err := c.MakeAgreement(ctx, c.me, c.deal, "")
	c.ok(err)
	_, err = c.SendAgreement(ctx, c.me, id, desk.AgreementEdit{}, "press")
	c.ok(err)
	return id, c.mails()
}

func (c *closing) page() desk.ClosingPage {
	c.t.Helper()
	p, err := c.Closing(ctx, c.me, c.deal)
	c.ok(err)
	return p
}

// problem wants an error for a person, with words in it.
func (h *house) problem(err error, words string) {
	h.t.Helper()
	var p *dottedline.Problem
	if !errors.As(err, &p) || !strings.Contains(p.Error(), words) {
		h.t.Errorf("error %v, want a problem that says %q", err, words)
	}
}

func TestYesToSealed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		// The yes is proposed with its words, and recorded by a press.
		y, err := c.ProposedYes(ctx, c.me, c.deal)
		c.ok(err)
		if y == nil || y.Words != "Yes, let's do it." || y.Mail == 0 || y.Who.Name != "Maya Okafor" {
			t.Fatalf("proposed %+v", y)
		}
		if c.page().Deal.Path == dottedline.Yes {
			t.Fatal("a yes without a press")
		}
		c.ok(c.SayYes(ctx, c.me, c.deal, y.Words, y.Mail, y.Who.ID))
		if p := c.page(); p.Deal.Path != dottedline.Yes || p.Offered != nil || len(p.Steps) != 5 || p.Yes.Text != y.Words {
			t.Fatalf("after the yes: %v, %d steps", p.Deal.Path, len(p.Steps))
		}
		if r := c.nowPage().Rows[0]; r.Action != dottedline.SendAgreement {
			t.Errorf("row %+v", r)
		}

		// One press sends; the same press again is no second one.
		id, err := c.MakeAgreement(ctx, c.me, c.deal, "")
		c.ok(err)
		a, err := c.AgreementPage(ctx, c.me, id)
		c.ok(err)
		if !a.Ready() || !strings.Contains(a.HTML, "28,800") || !strings.Contains(a.HTML, "Northwind") {
			t.Fatalf("draft: holes %v, problems %v", a.Holes, a.Problems)
		}
		first, err := c.SendAgreement(ctx, c.me, id, desk.AgreementEdit{}, "press-1")
		c.ok(err)
		again, err := c.SendAgreement(ctx, c.me, id, desk.AgreementEdit{}, "press-1")
		c.ok(err)
		if len(first.Mails) != 1 || !slices.Equal(first.Mails, again.Mails) {
			t.Errorf("sent %v, again %v", first, again)
		}
		_, err = c.SendAgreement(ctx, c.me, id, desk.AgreementEdit{}, "press-2")
		c.problem(err, "sent already")
		if s := c.page().Current.State; s != dottedline.Going {
			t.Errorf("state %v before the mail is out", s)
		}
		ms := c.mails()
		if len(ms) != 1 || ms[0].To[0].Addr != "maya@northwind.example.org" || ms[0].InReplyTo[0] != "2@example.com" {
			t.Fatalf("mails %+v", ms)
		}
		if p := c.page(); p.Current.State != dottedline.Out || p.Deal.Steps.Sent.IsZero() || p.Next == nil || p.Next.Kind != dottedline.NotOpened {
			t.Fatalf("after the mail is out: %v, next %+v", p.Current.State, p.Next)
		}

		// Opening the link changes nothing; the code opens the room.
		v := c.to(ms[0])
		door, err := c.Door(ctx, v)
		c.ok(err)
		if door.To != "m•••@northwind.example.org" || door.From != "Pine" {
			t.Errorf("door %+v", door)
		}
		_, err = c.Room(ctx, v)
		c.problem(err, "enter the code")
		if !c.page().Current.Signers[1].Opened.IsZero() {
			t.Error("looking at the door counts as opened")
		}
		v = c.letIn(v)
		c.now = c.now.Add(10 * time.Minute)
		c.ok(c.ReadToEnd(ctx, v))
		room, err := c.Room(ctx, v)
		c.ok(err)
		if !room.MyTurn || room.Me.Name != "Maya Okafor" || !strings.Contains(room.HTML, "28,800") || room.Yes != y.Words {
			t.Fatalf("room %+v", room)
		}
		pdf, _, err := c.RoomPDF(ctx, v)
		c.ok(err)

		// Signing, with the ways in which it is refused.
		sign := desk.Signing{Name: "Maya Ọkafor", SHA256: room.Agreement.SHA256, Consent: true}
		without := sign
		without.Consent = false
		c.problem(c.Sign(ctx, v, without), "consent")
		without = sign
		without.SHA256 = "another"
		c.problem(c.Sign(ctx, v, without), "changed")
		c.ok(c.Sign(ctx, v, sign))
		c.ok(c.Sign(ctx, v, sign)) // the same press again
		p := c.page()
		if p.Deal.Path != dottedline.Signed || p.Current.State != dottedline.Sealed {
			t.Fatalf("after signing: %v %v", p.Deal.Path, p.Current.State)
		}
		checkSealed(t, c, id, pdf, p.Current.Final)
		ms = c.mails()
		if len(ms) != 2 || len(ms[0].Attachments) != 1 || !strings.Contains(ms[0].Text, p.Current.Final) {
			t.Fatalf("%d final mails: %+v", len(ms), ms)
		}
		for _, m := range ms {
			if s := fmt.Sprintf("%x", sum(m.Attachments[0].Bytes())); s != p.Current.Final {
				t.Errorf("the file mailed has %s, kept is %s", s, p.Current.Final)
			}
		}
		c.work()
		if js, err := c.Jobs(ctx, c.me); err != nil || len(js) != 0 {
			t.Errorf("jobs left: %+v %v", js, err)
		}
	})
}

// checkSealed has the sealed file judged by programs that others wrote.
func checkSealed(t *testing.T, c *closing, id dottedline.AgreementID, presented []byte, sha string) {
	t.Helper()
	pdf, name, err := c.AgreementPDF(ctx, c.me, id, store.Sealed)
	c.ok(err)
	if s := fmt.Sprintf("%x", sum(pdf)); s != sha || !strings.HasSuffix(name, ".pdf") {
		t.Errorf("sealed file %s has %s, kept is %s", name, s, sha)
	}
	v, err := c.VerifyPDF(ctx, pdf)
	c.ok(err)
	if !v.Valid || !v.Here || len(v.Signatures) != 1 || !v.Signatures[0].Trusted || !v.Signatures[0].CoversWhole || v.Signatures[0].Signer != "Pine" {
		t.Errorf("verified: %+v", v)
	}
	bad := slices.Clone(pdf)
	bad[len(bad)/2]++
	if v, err := c.VerifyPDF(ctx, bad); err != nil || v.Valid || v.Here {
		t.Errorf("a changed file is valid: %+v %v", v, err)
	}
	in, err := seal.Attached(pdf, seal.PresentedName)
	c.ok(err)
	if !slices.Equal(in, presented) {
		t.Error("the attached file is not the one that was presented")
	}
	audit, err := seal.Attached(pdf, "audit.jsonl")
	c.ok(err)
	es, err := seal.VerifyEvidence(audit, "")
	c.ok(err)
	var kinds []string
	for _, e := range es {
		kinds = append(kinds, e.Type)
	}
	if want := []string{"made", "signed", "going", "sent", "code sent", "code entered", "opened", "read", "signed"}; !slices.Equal(kinds, want) {
		t.Errorf("evidence %v, want %v", kinds, want)
	}
	file := filepath.Join(t.TempDir(), "sealed.pdf")
	c.ok(os.WriteFile(file, pdf, 0o600))
	for program, want := range map[string]string{"qpdf --check": "No syntax or stream encoding errors", "pdfsig -nocert": "Total document signed", "pdftotext -layout FILE -": "How this was signed"} {
		args := strings.Fields(program)
		if i := slices.Index(args, "FILE"); i >= 0 {
			args[i] = file
		} else {
			args = append(args, file)
		}
		out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v\n%s", program, err, out)
		}
	}
}

func TestUndoGivesTheDraftBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		id, err := c.MakeAgreement(ctx, c.me, c.deal, "")
		c.ok(err)
		s, err := c.SendAgreement(ctx, c.me, id, desk.AgreementEdit{}, "press-1")
		c.ok(err)
		c.ok(c.Undo(ctx, c.me, s.Mails[0]))
		if p := c.page(); p.Current.State != dottedline.Draft || len(p.Current.Evidence) != 0 || len(p.Current.Links) != 0 || !p.Deal.Steps.Sent.IsZero() {
			t.Fatalf("after undo: %+v", p.Current.Agreement.Agreement)
		}
		price := "Forty seats, a year | 40 | 720"
		s, err = c.SendAgreement(ctx, c.me, id, desk.AgreementEdit{Fields: map[string]string{"Prices": price}}, "press-1")
		c.ok(err)
		if ms := c.mails(); len(ms) != 1 {
			t.Fatalf("%d mails after sending again", len(ms))
		}
		if err := c.Undo(ctx, c.me, s.Mails[0]); err == nil {
			t.Error("undone although it is out")
		}
		if p := c.page(); p.Current.State != dottedline.Out || !strings.Contains(p.Current.HTML, "Forty seats, a year") {
			t.Errorf("sent again: %v", p.Current.State)
		}
	})
}

func TestHolesAreNamed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		id, err := c.MakeAgreement(ctx, c.me, c.deal, "job")
		c.ok(err)
		p, err := c.EditAgreement(ctx, c.me, id, desk.AgreementEdit{Fields: map[string]string{"Job.Salary": "a lot", "Job.Role": "Harbour *master* | x"}})
		c.ok(err)
		if p.Ready() || !slices.Contains(p.Holes, "Job.Hours") || slices.Contains(p.Holes, "Job.Role") || !strings.Contains(strings.Join(p.Problems, " "), `Job.Salary: "a lot" is not an amount`) {
			t.Errorf("holes %v, problems %v", p.Holes, p.Problems)
		}
		if !strings.Contains(p.HTML, "Harbour *master* | x") {
			t.Error("a value was read as Markdown")
		}
		_, err = c.SendAgreement(ctx, c.me, id, desk.AgreementEdit{}, "x")
		c.problem(err, "Job.Hours")
		broken := "---\ntitle: x\nkind: sale\nparties: them\n---\n{{.Them.Name"
		_, err = c.EditAgreement(ctx, c.me, id, desk.AgreementEdit{Source: &broken})
		c.problem(err, "can't be read")
		// A letter that no font has is found now, and named.
		letter := "\U0001FAE0"
		simple := "advice"
		p, err = c.EditAgreement(ctx, c.me, id, desk.AgreementEdit{Template: &simple, Fields: map[string]string{"Ask": "read " + letter}})
		c.ok(err)
		if p.Ready() || !strings.Contains(strings.Join(p.Problems, " "), letter) {
			t.Errorf("problems %v, want the letter %s", p.Problems, letter)
		}
	})
}

func TestRoomTalk(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		_, ms := c.send()
		v := c.letIn(c.to(ms[0]))
		c.ok(c.AskQuestion(ctx, v, "Can we pay by quarter?"))
		c.ok(c.AskQuestion(ctx, v, "Can we pay by quarter?"))
		r := c.nowPage().Rows[0]
		if r.Asked == nil || r.Said != "Can we pay by quarter?" || r.Action != dottedline.Answer || !strings.Contains(r.Why, "asked about the agreement") {
			t.Fatalf("row %+v", r)
		}
		if p := c.page(); len(p.Questions) != 1 || p.Next == nil || p.Next.To != dottedline.Us {
			t.Fatalf("questions %v, next %+v", p.Questions, p.Next)
		}
		c.ok(c.AnswerQuestion(ctx, c.me, r.Asked.ID, "Of course."))
		ms = c.mails()
		if len(ms) != 1 || !strings.Contains(ms[0].Text, "Of course.") {
			t.Fatalf("answer by mail: %+v", ms)
		}
		room, err := c.Room(ctx, v)
		c.ok(err)
		if room.Questions[0].Answer != "Of course." {
			t.Errorf("in the room: %+v", room.Questions)
		}
		if p := c.page(); p.Deal.Ball.Side != dottedline.Them || p.Next != nil {
			t.Errorf("ball %v, next %+v: an answer ends the chain", p.Deal.Ball, p.Next)
		}
		// A change is proposed, a new version goes out, the old one can't be signed.
		c.ok(c.ProposeChange(ctx, v, "Thirty days' notice, please."))
		next, err := c.NewVersion(ctx, c.me, c.page().Current.ID)
		c.ok(err)
		_, err = c.SendAgreement(ctx, c.me, next, desk.AgreementEdit{Fields: map[string]string{"Terms.NoticeDays": "31"}}, "v2")
		c.ok(err)
		ms = c.mails()
		c.problem(c.Sign(ctx, v, desk.Signing{Name: "Maya Okafor", SHA256: room.Agreement.SHA256, Consent: true}), "can't be signed any more")
		v2 := c.letIn(c.to(ms[0]))
		room, err = c.Room(ctx, v2)
		c.ok(err)
		if room.Agreement.Version != 2 || !strings.Contains(room.HTML, "31") {
			t.Errorf("version %d", room.Agreement.Version)
		}
		// A step of theirs is ticked there; ours isn't theirs to tick.
		for _, s := range room.Steps {
			err := c.TickStep(ctx, v2, s.ID, true)
			if want := s.Owner == dottedline.Them && s.Fact != dottedline.FactSigned; (err == nil) != want {
				t.Errorf("ticking %q of %s: %v", s.Text, s.Owner, err)
			}
		}
		c.ok(c.Decline(ctx, v2, "We chose somebody else."))
		if r := c.nowPage().Rows[0]; !strings.Contains(r.Why, "declined") || r.Said != "We chose somebody else." {
			t.Errorf("row %+v", r)
		}
		c.problem(c.Sign(ctx, v2, desk.Signing{Name: "Maya Okafor", SHA256: room.Agreement.SHA256, Consent: true}), "can't be signed any more")
	})
}

func TestLinksAndCodes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		id, ms := c.send()
		v := c.to(ms[0])
		_, err := c.Door(ctx, desk.Visitor{Link: "never-was"})
		c.problem(err, "not valid any more")
		// Five wrong tries use the code up.
		c.ok(c.RequestCode(ctx, v))
		code := c.mails()[0].Subject[:6]
		for range dottedline.CodeTries {
			_, err = c.EnterCode(ctx, v, "0"+code[:4]+"x")
			c.problem(err, "not the code")
		}
		_, err = c.EnterCode(ctx, v, code)
		c.problem(err, "not the code")
		// A code is good for ten minutes, once, with its own link.
		c.ok(c.RequestCode(ctx, v))
		code = c.mails()[0].Subject[:6]
		c.now = c.now.Add(10 * time.Minute)
		_, err = c.EnterCode(ctx, v, code)
		c.problem(err, "too old")
		in := c.letIn(v)
		_, err = c.Room(ctx, desk.Visitor{Link: "another", Session: in.Session})
		c.problem(err, "not valid any more")
		var many error
		for range 10 {
			many = c.RequestCode(ctx, v)
		}
		c.problem(many, "Too many")
		c.mails()
		c.ok(c.RevokeLinks(ctx, c.me, id, 0))
		_, err = c.Room(ctx, in)
		c.problem(err, "not valid any more")
		s := c.page().Current.Signers[1]
		c.ok(c.Resend(ctx, c.me, s.ID, "again"))
		ms = c.mails()
		other := c.to(ms[0])
		if other.Link == v.Link {
			t.Fatal("the revoked link was sent again")
		}
		// A session of one link opens no other.
		other.Session = in.Session
		_, err = c.Room(ctx, other)
		c.problem(err, "enter the code")
		// After its time it can't be signed.
		c.now = c.now.Add(31 * 24 * time.Hour)
		c.work()
		if st := c.page().Current.State; st != dottedline.Expired {
			t.Errorf("after its time: %v", st)
		}
	})
}

// work does the jobs that are due.
func (h *house) work() {
	h.t.Helper()
	for {
		j, _, err := h.NextJob(ctx)
		h.ok(err)
		if j == nil {
			return
		}
		h.ok(h.DoJob(ctx, j))
	}
}

func TestSignersInOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClosing(t, db)
		id, err := c.MakeAgreement(ctx, c.me, c.deal, "")
		c.ok(err)
		_, err = c.SendAgreement(ctx, c.me, id, desk.AgreementEdit{Signers: []dottedline.Signer{
			{Side: dottedline.Them, Order: 1, Name: "Maya Okafor", Address: "maya@northwind.example.org"},
			{Side: dottedline.Them, Order: 2, Name: "Nguyễn Sĩ Tuấn", Title: "Director", Address: "tuan@northwind.example.org"},
			{Side: dottedline.Us, Order: 3, Name: "Sam Field", Address: "sam@pine.example.com"},
		}}, "press")
		c.ok(err)
		ms := c.mails()
		if len(ms) != 1 || ms[0].To[0].Addr != "maya@northwind.example.org" {
			t.Fatalf("first mails %+v", ms)
		}
		v := c.letIn(c.to(ms[0]))
		room, err := c.Room(ctx, v)
		c.ok(err)
		drawn := desk.Signing{Name: "Maya Okafor", SHA256: room.Agreement.SHA256, Consent: true, Strokes: []paper.Stroke{{{X: 1, Y: 1}, {X: 40, Y: 30}, {X: 80, Y: 5}}, {{X: 10, Y: 30}, {X: 90, Y: 28}}}}
		c.ok(c.Sign(ctx, v, drawn))
		ms = c.mails()
		if len(ms) != 1 || ms[0].To[0].Addr != "tuan@northwind.example.org" {
			t.Fatalf("second mails %+v", ms)
		}
		// He passes it on to the right person, who proves the own address.
		v = c.letIn(c.to(ms[0]))
		c.ok(c.PassOn(ctx, v, "Αλέξανδρος Ψ", "alex@northwind.example.org", "Owner"))
		c.problem(c.Sign(ctx, v, desk.Signing{Name: "Tuan", SHA256: room.Agreement.SHA256, Consent: true}), "somebody else's turn")
		ms = c.mails()
		if len(ms) != 1 || ms[0].To[0].Addr != "alex@northwind.example.org" {
			t.Fatalf("passed on: %+v", ms)
		}
		v = c.letIn(c.to(ms[0]))
		c.ok(c.Sign(ctx, v, desk.Signing{Name: "Αλέξανδρος Ψ", SHA256: room.Agreement.SHA256, Consent: true}))
		if r := c.nowPage().Rows[0]; r.Action != dottedline.Countersign {
			t.Fatalf("row %+v", r)
		}
		c.ok(c.Countersign(ctx, c.me, id, desk.Signing{Name: "Sam Field", Consent: true}))
		p := c.page()
		if p.Current.State != dottedline.Sealed || p.Deal.Path != dottedline.Signed {
			t.Fatalf("state %v, path %v", p.Current.State, p.Deal.Path)
		}
		if ms := c.mails(); len(ms) != 3 {
			t.Errorf("%d final mails, want 3", len(ms))
		}
		pdf, _, err := c.AgreementPDF(ctx, c.me, id, store.Sealed)
		c.ok(err)
		if r, err := c.VerifyPDF(ctx, pdf); err != nil || !r.Valid {
			t.Errorf("%+v %v", r, err)
		}
		// Under the name of who was asked first stands who signed.
		file := filepath.Join(t.TempDir(), "sealed.pdf")
		c.ok(os.WriteFile(file, pdf, 0o600))
		plain, err := exec.Command("qpdf", "--qdf", "--object-streams=disable", file, "-").Output()
		c.ok(err)
		if n := strings.Count(string(plain), utf16Hex("Signed by Αλέξανδρος Ψ, Owner, in place of the above")); n != 1 {
			t.Errorf("the paper says %d times who signed in whose place, want once", n)
		}
	})
}

// utf16Hex is how a PDF's text string looks in hexadecimal.
func utf16Hex(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04x", u)
	}
	return b.String()
}

func sum(b []byte) [sha256.Size]byte { return sha256.Sum256(b) }
