package mail

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// samples are the real messages that fuzzing begins with.
func samples(f *testing.F, patterns ...string) (out [][]byte) {
	for _, p := range patterns {
		for _, name := range glob(f, p) {
			b, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			if len(b) < 10_000 {
				out = append(out, b)
			}
		}
	}
	return out
}

// valid fails on text that is not UTF-8 or holds a NUL.
func valid(t *testing.T, texts ...string) {
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			t.Fatalf("not clean text: %.200q", s)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range hardCases() {
		if len(c.raw) < 10_000 {
			f.Add([]byte(c.raw))
		}
	}
	for _, b := range samples(f, "testdata/enmime/*/*.raw", "testdata/bounces/*.eml", "testdata/talon/standard_replies/*.eml") {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, _ := Parse(b)
		valid(t, m.Subject, m.Text, m.HTML, m.MessageID, m.ListID)
		for _, l := range [][]Address{m.From, m.To, m.Cc, m.ReplyTo} {
			for _, a := range l {
				valid(t, a.Name, a.Addr)
			}
		}
		for _, a := range m.Attachments {
			valid(t, a.Name, a.Type, a.ContentID)
			if n := len(a.Bytes()); n > len(b)+3 {
				t.Fatalf("%d bytes out of %d", n, len(b))
			}
			a.Size()
		}
		if v := Classify(m); v.Kind == "" || v.Why == "" {
			t.Fatalf("no verdict: %+v", v)
		}
		answered(m)
		if b, err := Compose(withSender(Reply(m, true, func(string) bool { return false }))); err == nil {
			if _, err := Parse(b); err != nil {
				t.Fatalf("the answer cannot be read: %v\n%s", err, b)
			}
		}
	})
}

func withSender(d Draft) Draft {
	d.MessageID, d.Date, d.From = "1@example.org", time.Unix(1e9, 0), Address{"Us", "us@example.org"}
	return d
}

func FuzzFresh(f *testing.F) {
	for _, b := range samples(f, "testdata/email_reply_parser/*.txt", "testdata/talon/signature/*") {
		f.Add(string(b), "")
		f.Add("Yes.\n"+string(b), string(b))
	}
	for _, l := range introductionLines {
		f.Add("new\n"+l+"\nold", "old")
	}
	f.Fuzz(func(t *testing.T, text, parent string) {
		text = strings.ToValidUTF8(text, "")
		p := Fresh(&Message{Text: text, From: []Address{{"Ann Lee", "ann@example.com"}}}, parent)
		// nothing is lost and nothing is made up: only blanks may differ
		squeeze := func(s string) int {
			n := 0
			for _, r := range s {
				if r != ' ' && r != '\n' && r != '\t' && r != '\u00a0' {
					n++
				}
			}
			return n
		}
		if got, want := squeeze(p.New)+squeeze(p.Quoted)+squeeze(p.Signature), squeeze(text); got != want {
			t.Fatalf("%d letters of %d: %+v", got, want, p)
		}
	})
}

func FuzzHTML(f *testing.F) {
	for _, b := range samples(f, "testdata/talon/*/*.html", "testdata/talon/*.html") {
		f.Add(string(b))
	}
	f.Add(`<img src="cid:a"><a href="https://example.com" style="color:red;background:url(x)">x</a><svg><script>`)
	f.Add("url(0")
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "")
		HTMLToText(s)
		safe, _ := SanitizeHTML(s, HTMLOptions{})
		if bad := reaches(safe); bad != "" {
			t.Fatalf("%q is left in %q", bad, safe)
		}
	})
}

func FuzzMbox(f *testing.F) {
	f.Add([]byte("From a@example.com Mon Jan  8 10:00:00 2024\nContent-Length: 4\n\n>From\n\nFrom b@example.com Mon Jan  8 10:00:00 2024\r\nSubject: b\r\n\r\ntwo\r\n"))
	for _, b := range samples(f, "testdata/bounces/arf-*.eml") {
		f.Add(append([]byte("From a@example.com Mon Jan  8 10:00:00 2024\n"), b...))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		n := 0
		for m, err := range Mbox(bytes.NewReader(b)) {
			if err != nil {
				t.Fatal(err)
			}
			n += len(m)
		}
		if n > len(b) {
			t.Fatalf("%d bytes out of %d", n, len(b))
		}
	})
}

func FuzzFields(f *testing.F) {
	for _, s := range []string{"Mon, 1 Jan 2024 10:00:00 +0100 (CET)", "Bob \"x\" <bob@example.com>, group: a@example.com, b@example.com;", "=?utf-8?B?w4k=?= =?utf-8?Q?t=C3?= =?utf-8?Q?=A9?=",
		"attachment; filename*0*=UTF-8''a%20; filename*1=\"b.pdf\"", "<a@example.com> <b@example.com", "Re: [x] AW: y (fwd)", ";*A=''%000000", "Ed (\\é) <ed@example.com"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")
		d, doubt := readDate(s)
		if d.IsZero() && doubt == "" {
			t.Fatal("no date and no word why")
		}
		for _, a := range addresses(s) {
			valid(t, a.Name, a.Addr)
		}
		_, params := mediaType(s)
		for k, v := range params {
			valid(t, k, v)
		}
		valid(t, decodeWords(s), BaseSubject(s), strings.Join(messageIDs(s), " "), fileName(s))
		returnDate(s, time.Unix(1e9, 0))
	})
}

// TestHostile gives what makes a careless parser run for minutes or out of
// memory: each about a megabyte.
func TestHostile(t *testing.T) {
	t.Parallel()
	mega := func(s string) string { return strings.Repeat(s, 1<<20/len(s)) }
	from := "From: a@example.com\n"
	nest := ""
	for i := range 5000 {
		nest += "Content-Type: multipart/mixed; boundary=b" + strings.Repeat("x", i%50) + "\n\n--b" + strings.Repeat("x", i%50) + "\n"
	}
	for name, raw := range map[string]string{
		"encoded words that never end":      from + "Subject: " + mega("=?a?Q?") + "\n\nx",
		"encoded words of a strange kind":   from + "Subject: " + mega("=?a?X?") + "?=\n\nx",
		"comments":                          "From: " + mega("(") + "\n\nx",
		"brackets":                          "From: " + mega("<a@x>") + "\n\nx",
		"commas":                            "From: " + mega("a,") + "\n\nx",
		"quotes":                            "From: " + mega("\"\\\"") + "\n\nx",
		"references":                        from + "References: " + mega("<a@b> ") + "\n\nx",
		"folded":                            from + "Subject: x\n" + mega(" y\n") + "\nx",
		"fields":                            mega("A: b\n") + "\nx",
		"nested multiparts":                 from + nest,
		"multiparts without their boundary": from + "Content-Type: multipart/mixed; boundary=q\n\n" + mega("--q\nContent-Type: multipart/mixed; boundary=z\n\n--y\nContent-Type: a/b\n\nx\n"),
		"empty parts":                       from + "Content-Type: multipart/mixed; boundary=q\n\n" + mega("--q\n"),
		"dashes":                            from + "Content-Type: multipart/mixed; boundary=q\n\n" + mega("\n--"),
		"parameters":                        from + "Content-Type: text/plain; " + mega("a*0*=x;") + "\n\nx",
		"equals signs":                      from + "Content-Transfer-Encoding: quoted-printable\n\n" + mega("= "),
		"base64 junk":                       from + "Content-Transfer-Encoding: base64\n\n" + mega("A=\n"),
		"UTF-7":                             from + "Content-Type: text/plain; charset=utf-7\n\n" + mega("+A"),
		"unclosed tags":                     from + "Content-Type: text/html\n\n" + mega("<div style='display:none'>"),
		"blockquotes":                       from + "Content-Type: text/html\n\n" + mega("<blockquote>x"),
		"attributes":                        from + "Content-Type: text/html\n\n<p " + mega("a=b ") + ">",
		"a bounce of addresses":             "From: mailer-daemon@example.com\nSubject: failure notice\n\n" + mega("a@example.com "),
		"a report without end":              "From: mailer-daemon@example.com\nContent-Type: message/delivery-status\n\n" + mega("Action: failed\n\n"),
	} {
		start := time.Now()
		m, _ := Parse([]byte(raw))
		Classify(m)
		Fresh(m, m.Text)
		SanitizeHTML(m.HTML, HTMLOptions{})
		if d := time.Since(start); d > 30*time.Second {
			t.Errorf("%s took %v", name, d)
		} else if d > time.Second {
			t.Logf("%s took %v", name, d.Round(time.Millisecond))
		}
	}
}
