package main

import (
	"bufio"
	"context"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"dottedline"
	"dottedline/internal/config"
	"dottedline/internal/desk"
	"dottedline/internal/testrig"
	"dottedline/mail"
)

const maya = "maya@northwind.example.com"

// TestYesToSealed is the whole way on a phone's screen: a mail says yes, two
// keys send everything, the link comes into their mailbox, they enter the code,
// read, and sign by keyboard; the page that the seller has open says so without
// a reload, and every other program finds the seal whole.
func TestYesToSealed(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dovecot, sink := testrig.Dovecot(t), testrig.Sink(t)
	c := config.Default()
	c.Data, c.Listen, c.Undo = t.TempDir(), "127.0.0.1:0", "300ms"
	d, db, err := open(ctx, c, true)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	me, session, deal := pine(t, d, dovecot, sink)
	h, err := newHouse(ctx, world{nil, io.Discard, t.Output()}, c, d, db, true)
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- h.run(running) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	box := &mailbox{t: t, dovecot: dovecot, sink: sink}

	browser, cancel := context.WithTimeout(testrig.Chromium(t), 2*time.Minute)
	defer cancel()
	seller := phone(t, browser)
	seller.run(chromedp.Navigate(h.url+"/enter/"+session), chromedp.Navigate(h.url+"/deals/"+deal.String()))
	raw, err := mail.Compose(mail.Draft{MessageID: "yes1@northwind.example.com", Date: time.Now(), From: mail.Address{Name: "Maya Okafor", Addr: maya},
		To: []mail.Address{{Addr: "sam@pine.example.com"}}, Subject: "Forty seats", Text: "Yes, let's do it. Send me whatever I need to sign."})
	if err == nil {
		err = dovecot.Deliver("sam@pine.example.com", raw)
	}
	if err != nil {
		t.Fatal(err)
	}
	seller.until(`document.querySelector("#offered")?.innerText.includes("let's do it")`)
	seller.pressed = 0
	seller.key("y")
	seller.until(`document.querySelector("h1")?.innerText === "Everything is ready for Maya." && document.activeElement.matches(".go")`)
	seller.key("Enter")
	seller.until(`document.querySelector("#agreement-state")`)
	if seller.pressed != 2 {
		t.Errorf("from the yes to sent took %d presses, want 2", seller.pressed)
	}
	seller.run(chromedp.Evaluate(`window.same = true`, nil))

	link := box.find(`http://[^\s]+/room/[A-Za-z0-9_-]+`)
	visitor := phone(t, browser)
	visitor.run(chromedp.Navigate(link))
	visitor.to(`button`)
	visitor.key("Enter")
	visitor.until(`document.activeElement.id === "code"`)
	for _, digit := range box.find(`\b\d{6}\b`) {
		visitor.key(string(digit))
	}
	visitor.key("Enter")
	visitor.until(`document.querySelector("h1")?.innerText === "Maya, here is what we agreed."`)
	seller.until(`document.querySelector("#agreement-state").innerText.includes("opened")`)
	visitor.to(`summary.doc`)
	visitor.key("Enter")
	visitor.run(chromedp.Evaluate(`document.querySelector("#paper-end").scrollIntoView()`, nil))
	seller.until(`document.querySelector("#agreement-state").innerText.includes("read to the end")`)
	visitor.to(`[data-pages]`)
	visitor.key("Enter")
	visitor.until(`document.querySelectorAll("#pages canvas").length >= 2 && !document.querySelector("[data-pages]")`)
	visitor.to(`[name=consent]`)
	visitor.key(" ")
	visitor.to(`#form-sign .go`)
	visitor.key("Enter")
	visitor.until(`document.querySelector(".sealed")?.innerText.includes("Signed and sealed.")`)
	seller.until(`document.querySelector("#agreement-state").innerText.includes("Signed and sealed") && window.same === true`)

	pdf := box.attachment()
	if out, err := d.VerifyPDF(ctx, pdf); err != nil || !out.Valid || !out.Here {
		t.Errorf("our own verifier: %+v %v", out, err)
	}
	root, err := d.RootCertificate(ctx, me)
	if err != nil {
		t.Fatal(err)
	}
	othersJudge(t, pdf, root)
	clean(t, d)
}

// pine is a workspace with a mailbox, what its agreements begin with, and a deal.
func pine(t *testing.T, d *desk.Desk, dovecot *testrig.DovecotServer, sink *testrig.SMTPSink) (me dottedline.Actor, session string, deal dottedline.DealID) {
	t.Helper()
	ctx := t.Context()
	secret, err := d.SetupLink(ctx)
	if err == nil {
		session, err = d.SetUp(ctx, secret, desk.NewOwner{Workspace: "Pine", Currency: "USD", Name: "Sam Field", Email: "sam@pine.example.com", Password: "a long enough one", Zone: "UTC"})
	}
	if err == nil {
		me, err = d.Session(ctx, session)
	}
	if err == nil {
		deal, err = d.NewDeal(ctx, me, "Northwind", maya, dottedline.Sale, "28,800")
	}
	if err != nil {
		t.Fatal(err)
	}
	closing, err := d.ClosingSettings(ctx, me)
	if err == nil {
		closing.Fields = map[string]string{"Us.Name": "Pine Ltd", "Us.Address": "1 Quay Street, Galway", "Terms.Law": "Ireland", "Terms.Court": "Dublin"}
		err = d.SetClosingSettings(ctx, me, closing)
	}
	if err != nil {
		t.Fatal(err)
	}
	imap, err1 := loopback(dovecot.IMAPAddr)
	smtp, err2 := loopback(sink.Addr)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if _, err := d.Connect(ctx, me, desk.Account{Address: "sam@pine.example.com", Secret: "secret", IMAP: imap, SMTP: smtp}); err != nil {
		t.Fatal(err)
	}
	return me, session, deal
}

// screen is a tab of 390 by 844, used by keyboard.
type screen struct {
	t       *testing.T
	ctx     context.Context
	pressed int
}

func phone(t *testing.T, browser context.Context) *screen {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	s := &screen{t: t, ctx: ctx}
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal(err)
	}
	// Both screens are looked at: a hidden page rests its stream.
	s.run(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile), emulation.SetFocusEmulationEnabled(true))
	return s
}

func (s *screen) run(as ...chromedp.Action) {
	s.t.Helper()
	if err := chromedp.Run(s.ctx, as...); err != nil {
		s.t.Fatal(err)
	}
}

// until waits for an expression to be true, also while a page is being changed.
func (s *screen) until(js string) {
	s.t.Helper()
	var ok bool
	for range 300 {
		if err := chromedp.Run(s.ctx, chromedp.Evaluate("document.readyState === 'complete' && !!("+js+")", &ok)); err == nil && ok {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	var text string
	s.run(chromedp.Evaluate(`location.pathname.slice(0, 8) + " " + document.body.innerText`, &text))
	s.t.Fatalf("never true: %s\n%s", js, text)
}

var keyCodes = map[string]struct {
	text string
	code int64
}{"Enter": {"\r", 13}, "Tab": {"", 9}, " ": {" ", 32}}

func (s *screen) key(k string) {
	s.t.Helper()
	s.pressed++
	down := input.DispatchKeyEvent(input.KeyDown).WithKey(k).WithText(k)
	up := input.DispatchKeyEvent(input.KeyUp).WithKey(k)
	if c, ok := keyCodes[k]; ok {
		down, up = down.WithText(c.text).WithWindowsVirtualKeyCode(c.code), up.WithWindowsVirtualKeyCode(c.code)
	}
	s.run(down, up)
}

// to presses Tab until what the selector names has the focus.
func (s *screen) to(selector string) {
	s.t.Helper()
	var at bool
	for range 60 {
		s.key("Tab")
		if s.run(chromedp.Evaluate(fmt.Sprintf("document.activeElement.matches(%q)", selector), &at)); at {
			return
		}
	}
	s.t.Fatalf("Tab never comes to %s", selector)
}

// mailbox is the other person's, in Dovecot: what the program sends is
// delivered there and read by IMAP.
type mailbox struct {
	t       *testing.T
	dovecot *testrig.DovecotServer
	sink    *testrig.SMTPSink
	seen    int
}

// next is the next mail that came into the mailbox.
func (b *mailbox) next() *mail.Message {
	b.t.Helper()
	for {
		got := b.sink.Wait(b.t, b.seen+1)[b.seen]
		b.seen++
		if !slices.Contains(got.To, maya) {
			continue
		}
		if err := b.dovecot.Deliver(maya, got.Raw); err != nil {
			b.t.Fatal(err)
		}
		m, err := mail.Parse(newest(b.t, b.dovecot.IMAPAddr))
		if err != nil {
			b.t.Fatal(err)
		}
		return m
	}
}

func (b *mailbox) find(pattern string) string {
	b.t.Helper()
	re := regexp.MustCompile(pattern)
	for {
		m := b.next()
		if s := re.FindString(m.Text); s != "" {
			return s
		}
	}
}

// attachment is the PDF of the next mail that has one.
func (b *mailbox) attachment() []byte {
	b.t.Helper()
	for {
		for _, f := range b.next().Attachments {
			if strings.HasSuffix(f.Name, ".pdf") {
				return f.Bytes()
			}
		}
	}
}

// newest reads the last mail of a mailbox by IMAP.
func newest(t *testing.T, addr string) []byte {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	r := bufio.NewReader(nc)
	var n int
	var body []byte
	say := func(tag, command string) {
		t.Helper()
		fmt.Fprintf(nc, "%s %s\r\n", tag, command)
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if s, ok := strings.CutSuffix(line, " EXISTS\r\n"); ok {
				n, _ = strconv.Atoi(strings.TrimPrefix(s, "* "))
			}
			if i := strings.LastIndexByte(line, '{'); i >= 0 && strings.HasPrefix(line, "* ") {
				size, err := strconv.Atoi(strings.TrimRight(line[i+1:], "}\r\n"))
				if err != nil {
					t.Fatal(err)
				}
				body = make([]byte, size)
				if _, err := io.ReadFull(r, body); err != nil {
					t.Fatal(err)
				}
			}
			if strings.HasPrefix(line, tag+" ") {
				if !strings.HasPrefix(line, tag+" OK") {
					t.Fatalf("%s: %s", command, line)
				}
				return
			}
		}
	}
	say("a1", `LOGIN `+maya+` secret`)
	say("a2", "SELECT INBOX")
	say("a3", fmt.Sprintf("FETCH %d BODY.PEEK[]", n))
	return body
}

// othersJudge lets other programs say whether the seal is whole.
func othersJudge(t *testing.T, pdf, root []byte) {
	t.Helper()
	dir := t.TempDir()
	file := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sealed := file("sealed.pdf", pdf)
	m := regexp.MustCompile(`/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]`).FindSubmatch(pdf)
	if m == nil {
		t.Fatal("the PDF has no byte range")
	}
	a, _ := strconv.Atoi(string(m[1]))
	b, _ := strconv.Atoi(string(m[2]))
	n, _ := strconv.Atoi(string(m[3]))
	value, err := hex.DecodeString(strings.Trim(string(pdf[a:b]), "<>"))
	if err != nil {
		t.Fatal(err)
	}
	var cms asn1.RawValue
	if _, err := asn1.Unmarshal(value, &cms); err != nil {
		t.Fatal(err)
	}
	signed := slices.Concat(pdf[:a], pdf[b:b+n])
	for _, x := range []struct{ want, command string }{
		{"Total document signed", "pdfsig -nocert " + sealed},
		{"No syntax or stream encoding errors found", "qpdf --check " + sealed},
		{"successful", "openssl cms -verify -cades -binary -inform DER -purpose any -in " + file("sig.der", cms.FullBytes) + " -content " + file("signed.bin", signed) +
			" -CAfile " + file("root.pem", root) + " -out " + os.DevNull},
	} {
		args := strings.Fields(x.command)
		out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), x.want) {
			t.Errorf("%s: %v\n%s", args[0], err, out)
		}
	}
}
