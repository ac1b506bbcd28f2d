package web

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/mail"
	"dottedline/paper"
	"dottedline/seal"
)

// letters carries the outbox out and gives what was in it.
func (h *house) letters() (out []*mail.Message) {
	h.t.Helper()
	for {
		o, _, err := h.NextOutbound(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		if o == nil {
			return out
		}
		m, err := mail.Parse(o.Raw)
		if err != nil {
			h.t.Fatal(err)
		}
		if err := h.MailSent(h.t.Context(), o); err != nil {
			h.t.Fatal(err)
		}
		out = append(out, m)
	}
}

// letterTo is the mail to an address among those that the outbox holds.
func (h *house) letterTo(address string) *mail.Message {
	h.t.Helper()
	for _, m := range h.letters() {
		for _, a := range m.To {
			if a.Addr == address {
				return m
			}
		}
	}
	h.t.Fatalf("no mail to %s is on its way", address)
	return nil
}

var (
	roomLink = regexp.MustCompile(`/room/[A-Za-z0-9_-]{20,}`)
	sixDigit = regexp.MustCompile(`\b\d{6}\b`)
)

// legal makes known what the shipped templates need of a workspace.
func (h *house) legal() {
	h.t.Helper()
	c, err := h.ClosingSettings(h.t.Context(), h.me)
	if err == nil {
		c.Fields = map[string]string{"Us.Name": "Pine Ltd", "Us.Address": "1 Quay Street, Galway", "Terms.Law": "Ireland", "Terms.Court": "Dublin"}
		err = h.SetClosingSettings(h.t.Context(), h.me, c)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// enterRoom goes through the door of a room with the code from the mail.
func (h *house) enterRoom(link, address string) *visitor {
	h.t.Helper()
	g := h.visitor()
	g.get(link)
	g.sees("has a page for you")
	g.post(link + "/code")
	code := sixDigit.FindString(h.letterTo(address).Text)
	if code == "" {
		h.t.Fatal("the mail holds no code")
	}
	g.post(link+"/enter", "code", code)
	g.sees("here is what we agreed")
	return g
}

// TestWholeWayWithoutScripts goes from a yes to the sealed PDF by plain forms.
func TestWholeWayWithoutScripts(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.legal()
	h.deliver(h.answer(0, 2, h.Now(), "Yes, let's do it. Please send me whatever I need to sign."))
	id := h.firstDeal()
	v := h.visitor()
	v.get("/deals/" + id.String())
	v.sees("This reads like a yes", "Yes, let&#39;s do it.")
	v.post("/deals/"+id.String()+"/yes", "words", "Yes, let's do it.", "mail", v.match(`name="mail" value="([^"]+)"`))
	v.sees("Everything is ready for Maya", "Pine Ltd", "How their page begins", "Steps to signed")
	at, once := v.match(`action="(/agreements/[^/]+)/send"`), v.match(`name="once" value="([^"]+)"`)
	v.post(at+"/send", "once", once)
	v.sees("On its way")
	v.post(at+"/send", "once", once)
	h.later(time.Minute)
	letter := h.letterTo(address(0))
	link := roomLink.FindString(letter.Text)
	if more := h.letters(); len(more) != 0 {
		t.Fatalf("pressing twice sent %d mails more", len(more))
	}

	g := h.enterRoom(link, address(0))
	g.sees("Maya, here is what we agreed.", "Pine Ltd", "From here to done", "What this page records")
	g.post(link+"/ask", "text", "Who is the contact for invoices?")
	g.sees("Who is the contact for invoices?", "Sam has it")
	v.get("/now")
	v.sees("Who is the contact for invoices?")
	v.get("/deals/" + id.String())
	v.post(v.match(`action="(/questions/[^"]+)"`), "text", "Ada is.")
	g.get(link)
	g.sees("Ada is.")
	sha := g.match(`name="sha256" value="([0-9a-f]{64})"`)
	g.post(link+"/sign", "name", "Maya Okafor", "sha256", sha)
	g.sees("consent")
	g.post(link+"/sign", "name", "Maya Okafor", "sha256", sha, "consent", "yes")
	g.sees("Signed and sealed.", "Your PDF")
	g.get(link + "/signed.pdf")
	if r := seal.Verify([]byte(g.body)); !r.Valid || len(r.Signatures) != 1 || !r.Signatures[0].CoversWhole {
		t.Fatalf("the PDF of the room: %+v", r)
	}
	pdf := g.body
	v.get("/deals/" + id.String())
	v.sees("Signed and sealed on")
	v.get(at)
	v.sees("What was recorded", "Signed by typed name")

	check := h.visitor()
	check.upload("/verify", "pdf", "agreement.pdf", []byte(pdf))
	check.sees("Whole and unchanged.", "This very file was sealed here.")
	check.upload("/verify", "pdf", "agreement.pdf", append([]byte(pdf), "1 0 obj << >> endobj"...))
	check.sees("Don’t trust this file as it is.")
}

// TestGettingARoomChangesNothing: mail scanners follow links.
func TestGettingARoomChangesNothing(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.legal()
	id := h.firstDeal()
	link, at := h.sent(0)
	scanner := h.visitor()
	scanner.get(link)
	scanner.lacks("here is what we agreed", "Pine Ltd, 1 Quay")
	for _, path := range []string{"/agreement.pdf", "/signed.pdf"} {
		scanner.get(link + path)
		if strings.HasPrefix(scanner.body, "%PDF") {
			t.Errorf("%s gives the paper without the code", path)
		}
	}
	for _, act := range []string{"/sign", "/opened", "/decline", "/code"} {
		if scanner.get(link + act); scanner.code != http.StatusNotFound {
			t.Errorf("GET %s: %d, want 404", act, scanner.code)
		}
	}
	v := h.visitor()
	v.get(at)
	v.sees("not opened yet")
	v.lacks("Opened", "code was mailed")
	g := h.enterRoom(link, address(0))
	before := h.touches(id)
	g.get(link)
	g.get(link + "/agreement.pdf")
	g.get(link + "/mark?name=Maya")
	if after := h.touches(id); after != before {
		t.Errorf("looking made %d touches", after-before)
	}
}

// TestDecline: a clear no with its reason reaches the seller and ends the paper.
func TestDecline(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.legal()
	link, at := h.sent(0)
	g := h.enterRoom(link, address(0))
	g.post(link+"/decline", "reason", "We chose to wait a year.")
	g.sees("Declined on")
	g.lacks("form-sign")
	v := h.visitor()
	v.get(at)
	v.sees("We chose to wait a year.")
	v.get("/now")
	v.sees("We chose to wait a year.")
}

// TestPassOn: the right person proves their own address, and signs.
func TestPassOn(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.legal()
	link, _ := h.sent(0)
	g := h.enterRoom(link, address(0))
	g.post(link+"/pass", "name", "Đặng Thị Lan", "address", "lan@company0.example.org", "title", "Director")
	g.sees("You passed this on.")
	next := roomLink.FindString(h.letterTo("lan@company0.example.org").Text)
	lan := h.enterRoom(next, "lan@company0.example.org")
	lan.sees("Đặng Thị Lan")
	lan.post(next+"/sign", "name", "Đặng Thị Lan", "consent", "yes", "sha256", lan.match(`name="sha256" value="([0-9a-f]{64})"`))
	lan.sees("Signed and sealed.")
}

// sent is an agreement that lies with person i: the path of its room and of the
// seller's page.
func (h *house) sent(i int) (link, at string) {
	h.t.Helper()
	id := h.firstDeal()
	v := h.visitor()
	v.post("/deals/" + id.String() + "/yes")
	at = v.match(`action="(/agreements/[^/]+)/send"`)
	v.post(at+"/send", "once", v.match(`name="once" value="([^"]+)"`))
	h.later(time.Minute)
	return roomLink.FindString(h.letterTo(address(i)).Text), at
}

func (h *house) later(d time.Duration) { h.shift.Add(int64(d)) }

func (h *house) firstDeal() dottedline.DealID {
	h.t.Helper()
	p, err := h.NowPage(h.t.Context(), h.me, desk.NowQuery{})
	if err != nil || len(p.Rows) == 0 {
		h.t.Fatalf("no deal: %v", err)
	}
	return p.Rows[0].Deal.ID
}

// touches is how many touches a deal has.
func (h *house) touches(id dottedline.DealID) int {
	h.t.Helper()
	p, err := h.DealPage(h.t.Context(), h.me, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return len(p.Timeline)
}

// upload posts a form with a file.
func (v *visitor) upload(path, field, name string, b []byte) {
	v.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	f, err := m.CreateFormFile(field, name)
	if err == nil {
		_, err = io.Copy(f, bytes.NewReader(b))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	req, err := http.NewRequest("POST", v.base+path, &body)
	if err == nil {
		req.Header.Set("Content-Type", m.FormDataContentType())
		req.Header.Set("Origin", v.base)
	}
	v.do(req, err)
}

// TestTwoSigners: one signs by typing, the other draws; only then it is sealed,
// and a name in another script stands on the paper.
func TestTwoSigners(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	h.legal()
	v := h.visitor()
	v.post("/deals/" + h.firstDeal().String() + "/yes")
	at, once := v.match(`action="(/agreements/[^/]+)/send"`), v.match(`name="once" value="([^"]+)"`)
	us, them := v.match(`name="id.0" value="([^"]+)"`), v.match(`name="id.1" value="([^"]+)"`)
	second := "dana@company0.example.org"
	v.post(at+"/send", "once", once,
		"signer", "0", "id.0", us, "name.0", "Sam Field", "address.0", "sam@pine.example.com", "side.0", "us", "order.0", "1",
		"signer", "1", "id.1", them, "name.1", "Maya Okafor", "address.1", address(0), "side.1", "them", "order.1", "1",
		"signer", "2", "name.2", "Δανάη Παπαδοπούλου", "title.2", "Director", "address.2", second, "side.2", "them", "order.2", "2")
	h.later(time.Minute)
	link := roomLink.FindString(h.letterTo(address(0)).Text)
	g := h.enterRoom(link, address(0))
	g.post(link+"/sign", "name", "Maya Okafor", "consent", "yes", "sha256", g.match(`name="sha256" value="([0-9a-f]{64})"`))
	g.sees("Signed.", "Δανάη Παπαδοπούλου signs too")
	g.lacks("Your PDF")
	v.get(at)
	v.sees("With them since")

	next := roomLink.FindString(h.letterTo(second).Text)
	d := h.enterRoom(next, second)
	sha := d.match(`name="sha256" value="([0-9a-f]{64})"`)
	d.post(next+"/sign", "name", "Δανάη Παπαδοπούλου", "consent", "yes", "sha256", sha, "strokes", "[[1,2]]")
	d.sees("The drawing can’t be read.")
	d.post(next+"/sign", "name", "Δανάη Παπαδοπούλου", "consent", "yes", "sha256", sha, "strokes", "[[[10,80],[40,20],[70,90],[120,40]],[[130,60],[180,60]]]")
	d.sees("Signed and sealed.")
	d.get(next + "/signed.pdf")
	if r := seal.Verify([]byte(d.body)); !r.Valid || !r.Signatures[0].CoversWhole {
		t.Errorf("the sealed file: %+v", r)
	}
	v.get(at)
	v.sees("Signed by drawing", "Signed by typed name", "Signed and sealed on")
}

// TestTheirPaper: a PDF of theirs is placed, sent, signed and sealed too.
func TestTheirPaper(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	doc, err := paper.Templates()[0].Merge(paper.Example())
	if err != nil {
		t.Fatal(err)
	}
	made, err := paper.Make(doc, nil, paper.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v := h.visitor()
	v.upload("/deals/"+h.firstDeal().String()+"/upload", "pdf", "Their terms.pdf", made.PDF)
	v.sees("Where they sign", "Maya Okafor", "Sam Field")
	at := v.match(`action="(/agreements/[^/]+)/places"`)
	all := regexp.MustCompile(`name="signer" value="([^"]+)"`).FindAllStringSubmatch(v.body, -1)
	if len(all) != 2 {
		t.Fatalf("%d signers, want 2", len(all))
	}
	place := func(x string) []string {
		return []string{"signer", all[0][1], "page", "1", "x", x, "y", "72", "w", "180", "h", "42", "signer", all[1][1], "page", "1", "x", "72", "y", "160", "w", "180", "h", "42"}
	}
	v.post(at+"/places", place("5000")...)
	v.sees("lies outside of page 1")
	v.post(at+"/places", place("72")...)
	v.post(at+"/send", "once", v.match(`name="once" value="([^"]+)"`))
	h.later(time.Minute)
	link := roomLink.FindString(h.letterTo(address(0)).Text)
	g := h.visitor()
	g.get(link)
	g.post(link + "/code")
	g.post(link+"/enter", "code", sixDigit.FindString(h.letterTo(address(0)).Text))
	g.sees("here is the agreement", "Their terms")
	g.post(link+"/sign", "name", "Maya Okafor", "consent", "yes", "sha256", g.match(`name="sha256" value="([0-9a-f]{64})"`))
	g.sees("Signed and sealed.")
}

// TestClosingSettings: templates are copied and versioned, reminders and facts kept.
func TestClosingSettings(t *testing.T) {
	t.Parallel()
	h := furnished(t, 0)
	v := h.visitor()
	v.get("/settings/papers")
	v.sees("Subscription order form", "Have a lawyer read")
	v.post("/settings/papers/subscription/copy")
	own := v.match(`action="(/settings/papers/[^"]+)"`)
	v.post(own, "name", "Ours", "source", "# {{.Nobody")
	v.sees("The template can&#39;t be read", "# {{.Nobody")
	v.post(own, "name", "Ours", "source", "---\ntitle: Ours\nkind: sale\nparties: them, us\n---\n# Ours\n\n{{.Ask}}\n")
	v.sees("Version 2", "Version 1", "Ask")
	v.post(own+"/preview", "name", "Ours", "source", "---\ntitle: Ours\nkind: sale\nparties: them, us\n---\n# Seen while typing\n")
	v.sees("Seen while typing")
	v.get(own)
	v.lacks("Seen while typing")
	v.get("/settings/closing")
	form := []string{"most", "2", "days", "14", "stamp", "", "field.Us.Name", "Pine Ltd"}
	for _, k := range []string{"not-opened", "opened", "unanswered", "step", "expiring"} {
		form = append(form, "remind-"+k, "1.5")
	}
	v.post("/settings/closing", form...)
	v.sees(`value="1.5"`, `value="Pine Ltd"`, `value="14"`)
	v.post("/settings/closing", append(form, "days", "14")[2:]...)
	v.sees("is not a number")
	v.get("/settings/jobs")
	v.sees("What Dottedline does by itself")
	v.get("/settings/closing/root.pem")
	v.sees("BEGIN CERTIFICATE")
}
