package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"math/rand/v2"
	"mime"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// generator makes the mailbox of a seller, the same one for the same seed:
// threads with quotes, HTML, six charsets, newsletters, invitations, attachments.
type generator struct {
	*rand.Rand
	*language
	people []somebody
	open   []*thread
	n      int
}

type somebody struct{ name, addr string }

var seller = somebody{"Sam Seller", "sam@pine.example.com"}

type thread struct {
	subject string
	with    somebody
	ids     []string
	quoted  string // the last mail, with > before each line
}

// letter is one mail that is being written.
type letter struct {
	*thread
	from, to somebody
	at       time.Time
	id       string
}

func newGenerator(seed uint64) *generator {
	r := rand.New(rand.NewPCG(seed, 0))
	g := &generator{Rand: r, language: newLanguage(r, 30_000)}
	first := strings.Fields("Anna Bob Chloé Dmitri Elena Farid Grace Héctor Ines Jürgen Kei Lucía Mårten Nadia Oleg Priya Quentin Rosa Søren Tomasz Uma Viktor Wei Yuki Zoë")
	last := strings.Fields("Smith Müller García Rossi Kowalski Nguyen Tanaka Ivanov Dubois Andersson Okafor Haddad Novák Silva Brown Jones Öztürk Larsen")
	for i := range 900 {
		g.people = append(g.people, somebody{first[r.IntN(len(first))] + " " + last[r.IntN(len(last))], fmt.Sprintf("p%d@corp%d.example.com", i, i%240)})
	}
	return g
}

// next is the next mail of the mailbox; they are 87 minutes apart.
func (g *generator) next() (raw []byte, at time.Time) {
	g.n++
	m := &letter{thread: g.thread(), from: seller, at: time.Date(2023, 1, 2, 8, 0, 0, 0, time.UTC).Add(time.Duration(g.n) * 87 * time.Minute)}
	if m.to = m.with; g.Float64() < 0.6 {
		m.from, m.to = m.to, m.from
	}
	_, domain, _ := strings.Cut(m.from.addr, "@")
	m.id = fmt.Sprintf("<%x.%d@%s>", g.Uint64(), g.n, domain)
	c := utf8
	if g.Float64() < 0.12 {
		c = charsets[g.IntN(len(charsets))]
	}
	body := g.body(m, c)
	var b bytes.Buffer
	g.header(&b, m, c)
	switch x := g.Float64(); {
	case x < 0.42:
		b.WriteString(g.text(c, body))
	case x < 0.78:
		b.WriteString(g.multipart("alternative", g.text(c, body), g.html(4_000+g.IntN(26_000))))
	case x < 0.86:
		b.WriteString("List-Unsubscribe: <https://news.example.com/x>\r\nPrecedence: bulk\r\n" + g.html(30_000+g.IntN(60_000)))
	case x < 0.90:
		b.WriteString(g.multipart("alternative", g.text(c, body), g.invitation(m)))
	default:
		b.WriteString(g.multipart("mixed", g.multipart("alternative", g.text(c, body), g.html(3_000+g.IntN(10_000))), g.attachment()))
	}
	m.ids = append(m.ids, m.id)
	return b.Bytes(), m.at
}

// thread is an open one, or a new one with somebody; a few people write most.
func (g *generator) thread() *thread {
	if len(g.open) > 0 && g.Float64() < 0.72 {
		return g.open[g.IntN(len(g.open))]
	}
	t := &thread{subject: g.phrase(3 + g.IntN(6)), with: g.people[int(float64(len(g.people))*math.Pow(g.Float64(), 2))]}
	if g.open = append(g.open, t); len(g.open) > 600 {
		g.open = g.open[1:]
	}
	return t
}

func (g *generator) header(b *bytes.Buffer, m *letter, c charset) {
	field := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	who := func(p somebody) string { return mime.QEncoding.Encode("utf-8", p.name) + " <" + p.addr + ">" }
	field("Return-Path", "<"+m.from.addr+">")
	field("Delivered-To", m.to.addr)
	for i := range 3 + g.IntN(4) {
		field("Received", fmt.Sprintf("from mx%d.relay.example.com (mx%d.relay.example.com [192.0.2.%d])\r\n\tby mail-%x.example.com with ESMTPS id %x\r\n\tfor <%s>; %s",
			i, i, g.IntN(250), g.Uint32(), g.Uint64(), m.to.addr, m.at.Format(time.RFC1123Z)))
	}
	field("DKIM-Signature", "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1;\r\n\th=from:to:subject:date:message-id; bh="+
		base64.StdEncoding.EncodeToString([]byte(m.id))+";\r\n\tb="+strings.Repeat("AbCdEfGhIjKlMnOpQrStUvWx", 14))
	field("ARC-Seal", "i=1; a=rsa-sha256; t=1700000000; cv=none; d=example.com; s=arc; b="+strings.Repeat("QwErTyUiOp", 30))
	field("MIME-Version", "1.0")
	field("Date", m.at.Format(time.RFC1123Z))
	field("From", who(m.from))
	field("To", who(m.to))
	if g.Float64() < 0.3 {
		field("Cc", who(g.people[g.IntN(len(g.people))])+",\r\n\t"+who(g.people[g.IntN(len(g.people))]))
	}
	field("Message-ID", m.id)
	subject := m.subject
	if n := len(m.ids); n > 0 {
		subject = "Re: " + subject
		field("In-Reply-To", m.ids[n-1])
		field("References", strings.Join(m.ids[max(0, n-12):], "\r\n\t"))
	}
	if c.name != "utf-8" {
		subject += " " + c.sample
	}
	field("Subject", mime.BEncoding.Encode("utf-8", subject))
}

// body is what is newly written, a signature and the mail answered.
func (g *generator) body(m *letter, c charset) string {
	var b strings.Builder
	for range 1 + g.IntN(4) {
		b.WriteString(wrap(g.sentences(15+g.IntN(60))) + "\r\n")
	}
	if c.name != "utf-8" || g.Float64() < 0.2 {
		b.WriteString(c.sample + "\r\n\r\n")
	}
	b.WriteString("-- \r\n" + m.from.name + "\r\nCorp Inc. | +1 555 0100 | https://example.com\r\n")
	if m.quoted != "" {
		b.WriteString("\r\nOn " + m.at.Add(-3*time.Hour).Format("Mon, Jan 2, 2006 at 3:04 PM") + ", " + m.to.name + " <" + m.to.addr + "> wrote:\r\n" + m.quoted)
	}
	m.quoted = ""
	for l := range strings.SplitSeq(b.String(), "\r\n") {
		if m.quoted += "> " + l + "\r\n"; len(m.quoted) > 6000 {
			break
		}
	}
	return b.String()
}

// writeMaildir makes a Maildir of n mails and tells how many bytes they are.
func writeMaildir(dir string, n int, seed uint64) (bytes int64, err error) {
	for _, d := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return 0, err
		}
	}
	g := newGenerator(seed)
	for i := range n {
		raw, at := g.next()
		name := filepath.Join(dir, "cur", fmt.Sprintf("%d.M%dP1.bench,S=%d:2,S", at.Unix(), i, len(raw)))
		if err := os.WriteFile(name, raw, 0o644); err != nil {
			return 0, err
		}
		bytes += int64(len(raw))
	}
	return bytes, nil
}
