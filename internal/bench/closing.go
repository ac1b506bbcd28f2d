package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/testrig"
	"dottedline/mail"
)

// closing measures the way from the press to the seal, and its parts beside
// programs that do the like.
func closing(ctx context.Context, b *bench) error {
	for _, f := range []func(context.Context, *bench) error{pressToSeal, paperBesideChromium, sealBesidePdfsig, roomsAtOnce} {
		if err := f(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// lawful makes known what the shipped templates need of a workspace.
func (h *house) lawful(ctx context.Context) error {
	c, err := h.desk.ClosingSettings(ctx, h.me)
	if err != nil {
		return err
	}
	c.Fields = map[string]string{"Us.Name": "Pine Ltd", "Us.Address": "1 Quay Street, Galway", "Terms.Law": "Ireland", "Terms.Court": "Dublin"}
	return h.desk.SetClosingSettings(ctx, h.me, c)
}

func signerAddr(i int) string { return fmt.Sprintf("maya@northwind%d.example.com", i) }

// ready makes an agreement that one press sends.
func (h *house) ready(ctx context.Context, i int) (id dottedline.AgreementID, err error) {
	deal, err := h.desk.NewDeal(ctx, h.me, fmt.Sprintf("Northwind %d", i), signerAddr(i), dottedline.Sale, "28,800")
	if err == nil {
		err = h.desk.SayYes(ctx, h.me, deal, "Yes, let's do it.", 0, 0)
	}
	if err == nil {
		id, err = h.desk.MakeAgreement(ctx, h.me, deal, "")
	}
	if err != nil {
		return 0, err
	}
	_, err = h.desk.EditAgreement(ctx, h.me, id, desk.AgreementEdit{Signers: []dottedline.Signer{
		{Name: seller.name, Address: dottedline.Address(seller.addr), Side: dottedline.Us, Order: 1},
		{Name: "Maya Okafor", Title: "Director", Address: dottedline.Address(signerAddr(i)), Side: dottedline.Them, Order: 1}}})
	return id, err
}

// post sends a form as a page of ours does. A proxy on this machine may say from
// where it comes; codes are counted by that.
func post(ctx context.Context, base, path string, cookie *http.Cookie, form url.Values, from ...string) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", base)
	for _, ip := range from {
		req.Header.Set("X-Forwarded-For", ip)
	}
	if cookie != nil {
		req.AddCookie(cookie)
	}
	return do(req)
}

// still does not follow: an act answers with the page to go to.
var still = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func do(req *http.Request) (*http.Response, string, error) {
	res, err := still.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 400 {
		err = fmt.Errorf("%s %s: %s", req.Method, req.URL.Path, res.Status)
	}
	return res, string(body), err
}

var (
	roomPath = regexp.MustCompile(`/room/[A-Za-z0-9_-]+`)
	shaField = regexp.MustCompile(`name="sha256" value="([0-9a-f]{64})"`)
)

// inbox is Dovecot behind an SMTP server: a mail is in the mailbox when Dovecot
// has taken it.
type inbox struct {
	b       *bench
	dovecot *testrig.DovecotServer
	sink    *testrig.SMTPSink
	seen    int
}

// next gives the next mail to somebody once it is in the mailbox, and when.
func (x *inbox) next(addr string) (*mail.Message, time.Time, error) {
	for {
		got := x.sink.Wait(x.b, x.seen+1)[x.seen]
		x.seen++
		if !slices.Contains(got.To, addr) {
			continue
		}
		if err := x.dovecot.Deliver(addr, got.Raw); err != nil {
			return nil, time.Time{}, err
		}
		at := time.Now()
		m, err := mail.Parse(got.Raw)
		return m, at, err
	}
}

// pressToSeal sends agreements one after the other by the button's request, and
// signs each in its room.
func pressToSeal(ctx context.Context, b *bench) error {
	x := &inbox{b: b, dovecot: testrig.Dovecot(b), sink: testrig.Sink(b)}
	h, err := b.newHouse(ctx, "closing")
	if err != nil {
		return err
	}
	if err := h.lawful(ctx); err != nil {
		return err
	}
	imap, err := loopback(x.dovecot.IMAPAddr)
	if err != nil {
		return err
	}
	smtp, err := loopback(x.sink.Addr)
	if err == nil {
		_, err = h.desk.Connect(ctx, h.me, desk.Account{Address: dottedline.Address(seller.addr), Secret: "secret", IMAP: imap, SMTP: smtp})
	}
	if err == nil {
		_, err = h.desk.RootCertificate(ctx, h.me) // the key is made
	}
	if err != nil {
		return err
	}
	var ids []dottedline.AgreementID
	for i := range b.closings {
		id, err := h.ready(ctx, i)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	p, _, err := b.serve(h, "--undo", "0s")
	if err != nil {
		return err
	}
	me := &http.Cookie{Name: "dottedline", Value: h.session}
	var pressed, signed, sealed []time.Duration
	for i, id := range ids {
		began := time.Now()
		if _, _, err := post(ctx, p.url, "/agreements/"+id.String()+"/send", me, url.Values{"once": {"press " + id.String()}}); err != nil {
			return err
		}
		m, at, err := x.next(signerAddr(i))
		if err != nil {
			return err
		}
		pressed = append(pressed, at.Sub(began))
		answered, mailed, err := x.sign(ctx, p.url, roomPath.FindString(m.Text), signerAddr(i), fmt.Sprintf("192.0.2.%d", i%250))
		if err != nil {
			return err
		}
		signed, sealed = append(signed, answered), append(sealed, mailed)
	}
	n := fmt.Sprintf(" (%d times)", b.closings)
	p99 := quantile(pressed, 0.99)
	b.tab.add("press → link in the mailbox"+n, "p50 "+ms(quantile(pressed, 0.5))+", p99 "+ms(p99), "with the PDF, the commit, SMTP on loopback and Dovecot's LMTP", goal("p99 2 s", p99 < 2*time.Second))
	b.tab.add("last signature → answer that says sealed"+n, "p50 "+ms(quantile(signed, 0.5))+", p99 "+ms(quantile(signed, 0.99)), "sealed and verified within the request", "")
	b.tab.add("last signature → sealed PDF in the mailbox"+n, "p50 "+ms(quantile(sealed, 0.5))+", p99 "+ms(quantile(sealed, 0.99)), "", "")
	return nil
}

// sign enters a room with the code from the mailbox and signs.
func (x *inbox) sign(ctx context.Context, base, room, addr, from string) (answered, mailed time.Duration, err error) {
	if _, _, err := post(ctx, base, room+"/code", nil, nil, from); err != nil {
		return 0, 0, err
	}
	m, _, err := x.next(addr)
	if err != nil {
		return 0, 0, err
	}
	res, _, err := post(ctx, base, room+"/enter", nil, url.Values{"code": {m.Subject[:6]}})
	if err != nil {
		return 0, 0, err
	}
	if len(res.Cookies()) != 1 {
		return 0, 0, fmt.Errorf("the code does not open %s", room)
	}
	in := res.Cookies()[0]
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+room, nil)
	if err != nil {
		return 0, 0, err
	}
	req.AddCookie(in)
	_, page, err := do(req)
	if err != nil {
		return 0, 0, err
	}
	sha := shaField.FindStringSubmatch(page)
	if sha == nil {
		return 0, 0, fmt.Errorf("%s has nothing to sign", room)
	}
	began := time.Now()
	if _, _, err := post(ctx, base, room+"/sign", in, url.Values{"name": {"Maya Okafor"}, "sha256": {sha[1]}, "consent": {"yes"}}); err != nil {
		return 0, 0, err
	}
	answered = time.Since(began)
	m, at, err := x.next(addr)
	if err == nil && len(m.Attachments) != 1 {
		err = fmt.Errorf("the last mail of %s has no PDF: %s", room, m.Subject)
	}
	return answered, at.Sub(began), err
}
