package mail

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestHardCases reads messages that one or more of the common Go parsers get
// wrong, and prints what is right and wrong.
func TestHardCases(t *testing.T) {
	t.Parallel()
	right, cases := 0, hardCases()
	for _, c := range cases {
		raw := c.raw
		if !strings.Contains(raw, "\r") {
			raw = strings.ReplaceAll(raw, "\n", "\r\n")
		}
		m, err := Parse([]byte(raw))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if wrong := c.want(m); wrong != "" {
			t.Errorf("%s: %s; problems %q", c.name, wrong, m.Problems)
			continue
		}
		right++
	}
	t.Logf("hard cases: %d of %d right", right, len(cases))
}

type hardCase struct {
	name, raw string
	want      func(m *Message) string // "" = right
}

func has(what, s, sub string) string {
	if strings.Contains(s, sub) {
		return ""
	}
	if len(s) > 60 {
		s = s[:60]
	}
	return fmt.Sprintf("%s=%q want %q", what, s, sub)
}
func subj(w string) func(*Message) string {
	return func(m *Message) string { return has("subj", m.Subject, w) }
}
func text(w string) func(*Message) string {
	return func(m *Message) string { return has("text", m.Text, w) }
}
func from(w string) func(*Message) string {
	return func(m *Message) string {
		if len(m.From) == 1 && m.From[0].Addr == w {
			return ""
		}
		return fmt.Sprintf("from=%+v want %s", m.From, w)
	}
}
func date(w string) func(*Message) string {
	return func(m *Message) string {
		t, _ := time.Parse(time.RFC3339, w)
		if m.Date.Equal(t) {
			return ""
		}
		return "date=" + m.Date.String()
	}
}
func attachments(n int) func(*Message) string {
	return func(m *Message) string {
		if len(m.Attachments) == n {
			return ""
		}
		return fmt.Sprintf("att=%d want %d", len(m.Attachments), n)
	}
}

const headed = "From: a@b.example\nDate: Mon, 1 Jan 2024 10:00:00 +0100\nMessage-ID: <1@b>\nMIME-Version: 1.0\n"

func cs(name, raw, want string) hardCase {
	return hardCase{"charset " + name, headed + "Subject: x\nContent-Type: text/plain; charset=" + name + "\n\n" + raw + "\n", text(want)}
}
func dt(s, w string) hardCase {
	return hardCase{"date " + s, "From: a@b.example\nSubject: x\nDate: " + s + "\n\nx\n", date(w)}
}
func fr(s, w string) hardCase {
	return hardCase{"from " + s, "From: " + s + "\nSubject: x\n\nx\n", from(w)}
}

func hardCases() []hardCase {
	deep := ""
	for i := 0; i < 200; i++ {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	deep += "Content-Type: text/plain\n\ndeepest\n"
	for i := 199; i >= 0; i-- {
		deep += fmt.Sprintf("--b%d--\n", i)
	}
	return []hardCase{
		{"mbox From_ line on top", "From a@b Mon Jan  1 00:00:00 2024\n" + headed + "Subject: ok\n\nbody\n", subj("ok")},
		{"leading blank line", "\n" + headed + "Subject: ok\n\nbody\n", subj("ok")},
		{"header line without colon", headed + "this is junk\nSubject: ok\n\nbody\n", subj("ok")},
		{"header with space before colon", headed + "Subject : ok\n\nbody\n", subj("ok")},
		{"raw latin-1 in Subject", headed + "Subject: caf\xe9\n\nbody\n", func(m *Message) string {
			if m.Subject == "café" {
				return ""
			}
			return fmt.Sprintf("%q", m.Subject)
		}},
		{"raw UTF-8 in Subject", headed + "Subject: café ✅\n\nbody\n", subj("café ✅")},
		{"UTF-8 char split over two encoded-words", headed + "Subject: =?utf-8?B?w4k=?= =?utf-8?Q?t=C3?= =?utf-8?Q?=A9?=\n\nx\n", subj("Été")},
		{"encoded-word with unknown charset", headed + "Subject: =?x-nope?Q?abc?= tail\n\nx\n", subj("tail")},
		{"encoded-word inside quotes", headed + "Subject: \"=?utf-8?Q?caf=C3=A9?=\"\n\nx\n", subj("café")},
		{"no boundary param", headed + "Subject: x\nContent-Type: multipart/mixed\n\n--q\nContent-Type: text/plain\n\nhello\n--q--\n", text("hello")},
		{"unterminated multipart", headed + "Subject: x\nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain\n\nhello\n", text("hello")},
		{"boundary with trailing space on line", headed + "Subject: x\nContent-Type: multipart/mixed; boundary=q\n\n--q  \nContent-Type: text/plain\n\nhello\n--q--  \n", text("hello")},
		{"part without headers and blank line", headed + "Subject: x\nContent-Type: multipart/mixed; boundary=q\n\n--q\n\nhello\n--q--\n", text("hello")},
		{"base64 with junk and no padding", headed + "Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\naGVs bG8g\n!!d29ybGQ\n", text("hello world")},
		{"base64 trailing footer of a list", headed + "Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\naGVsbG8gd29ybGQ=\n\n____\nlist footer\n", text("hello world")},
		{"broken QP", headed + "Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n100=% sure, a=b caf=C3=A9 = ok\n", text("café")},
		{"unknown CTE", headed + "Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: amazing\n\nhello\n", text("hello")},
		{"CTE '8 bit'", headed + "Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: 8 bit\n\nhello\n", text("hello")},
		{"Content-Type: text", headed + "Subject: x\nContent-Type: text\n\nhello\n", text("hello")},
		{"Content-Type with duplicated charset", headed + "Subject: x\nContent-Type: text/plain; charset=utf-8; charset=utf-8\n\ncafé\n", text("café")},
		{"Content-Type with junk param", headed + "Subject: x\nContent-Type: text/html; charset=\"utf-8\"; =bad;\n\n<p>café</p>\n", func(m *Message) string { return has("html", m.HTML+m.Text, "café") }},
		{"200-deep nesting", headed + "Subject: x\n" + deep, text("deepest")},
		{"message/rfc822 attached", headed + "Subject: outer\nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain\n\nouter text\n--q\nContent-Type: message/rfc822\n\nFrom: c@d\nSubject: inner\n\ninner text\n--q--\n", func(m *Message) string {
			if strings.Contains(m.Text, "inner text") {
				return "inner text merged in outer"
			}
			return attachments(1)(m)
		}},
		{"HTML, a file, HTML beside plain text", headed + "Subject: x\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\nall in plain\n--a\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/html\n\n<p>first</p>\n--m\nContent-Type: application/pdf; name=a.pdf\n\nx\n--m\nContent-Type: text/html\n\n<p>second</p>\n--m--\n--a--\n", func(m *Message) string {
			if strings.Contains(m.HTML, "first") && strings.Contains(m.HTML, "second") && m.Text == "all in plain" {
				return attachments(1)(m)
			}
			return fmt.Sprintf("html %q text %q", m.HTML, m.Text)
		}},
		{"encrypted with PGP", headed + "Subject: x\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=q\n\n--q\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--q\nContent-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\n--q--\n", func(m *Message) string {
			for _, a := range m.Attachments {
				if a.Note == "" {
					return "no note at " + a.Type
				}
			}
			return attachments(2)(m)
		}},
		{"Outlook's TNEF", headed + "Subject: x\nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain\n\nhi\n--q\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\neJ8+\n--q--\n", func(m *Message) string {
			if len(m.Attachments) == 1 && m.Attachments[0].Note != "" && m.Attachments[0].Name == "winmail.dat" && len(m.Attachments[0].Bytes()) == 3 && m.Attachments[0].Size() == 3 {
				return ""
			}
			return fmt.Sprintf("%+v", m.Attachments)
		}},
		{"format=flowed with DelSp", headed + "Subject: x\nContent-Type: text/plain; format=flowed; delsp=yes\n\n>> old  \n>> words\nnew li \nne\n-- \nAnn\n", func(m *Message) string {
			if m.Text == "> > old words\nnew line\n-- \nAnn" {
				return ""
			}
			return fmt.Sprintf("%q", m.Text)
		}},
		{"calendar part", headed + "Subject: x\nContent-Type: multipart/alternative; boundary=q\n\n--q\nContent-Type: text/plain\n\nhi\n--q\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n--q--\n", func(m *Message) string {
			if strings.Contains(m.Text, "VCALENDAR") {
				return "calendar merged in text"
			}
			return ""
		}},
		{"NUL bytes in body", headed + "Subject: x\n\nab\x00cd\n", text("cd")},
		{"bare CR line ends", strings.ReplaceAll(headed+"Subject: x\n\nhello\n", "\n", "\r"), subj("x")},
		{"70 KB header line", headed + "X-Long: " + strings.Repeat("a", 70000) + "\nSubject: ok\n\nhello\n", subj("ok")},
		{"2 MB of headers", headed + strings.Repeat("X-L: "+strings.Repeat("a", 200)+"\n", 10000) + "Subject: ok\n\nhello\n", subj("ok")},
		cs("utf8", "caf\xc3\xa9", "café"),
		cs("cp1252", "\x80 caf\xe9", "€ café"),
		cs("x-mac-roman", "caf\x8e", "café"),
		cs("macintosh", "caf\x8e", "café"),
		cs("iso-8859-8-i", "\xf9\xec\xe5\xed", "שלום"),
		cs("windows-31j", "\x93\xfa", "日"),
		cs("cp932", "\x93\xfa", "日"),
		cs("ks_c_5601-1987", "\xc7\xd1", "한"),
		cs("utf-7", "caf+AOk-", "café"),
		cs("unicode-1-1-utf-7", "caf+AOk-", "café"),
		cs("latin1", "caf\xe9", "café"),
		cs("iso-8859-1", "\x93q\x94", "“q”"),
		cs("gb2312", "\x94\xa8", "敤"),
		cs("ansi_x3.4-1968", "plain", "plain"),
		cs("x-unknown", "plain", "plain"),
		cs("cp850", "caf\x82", "café"),
		cs("cp437", "caf\x82", "café"),
		cs("hz-gb-2312", "~{VPND~}", "中文"),
		cs("tis-620", "\xa1", "ก"),
		cs("utf-16", "\xff\xfec\x00a\x00", "ca"),
		cs("iso-2022-kr", "\x1b$)C\x0e19\x0f", "국"),
		cs("euc-kr", "\xc7\xd1", "한"),
		cs("big5", "\xa4\xa4", "中"),
		cs("koi8-u", "\xa4", "є"),
		dt("Mon, 1 Jan 2024 10:00:00 GMT+0100", "2024-01-01T09:00:00Z"),
		dt("1 Jan 24 10:00 EST", "2024-01-01T15:00:00Z"),
		dt("Mon, 01 Jan 2024 10.00.00 +0100", "2024-01-01T09:00:00Z"),
		dt("2024-01-01T10:00:00+01:00", "2024-01-01T09:00:00Z"),
		dt("Mon, 1 Jan 2024 10:00:00 +0100 (CET)", "2024-01-01T09:00:00Z"),
		dt("Monday, 1 January 2024 10:00:00 +0100", "2024-01-01T09:00:00Z"),
		dt("Mon, 1 Jan 2024 10:00:00", "2024-01-01T10:00:00Z"),
		dt("Mon, 1 Jan 2024 9:00:00 +0000", "2024-01-01T09:00:00Z"),
		dt("Tue, 1 Jan 2024 10:00:00 -0000", "2024-01-01T10:00:00Z"),
		dt("Mon, 1 Jan 2024 10:00:00 UT", "2024-01-01T10:00:00Z"),
		dt("Mon Jan  1 10:00:00 2024", "2024-01-01T10:00:00Z"),
		dt("Mon, 1 Jan 2024 10:00:00 PST", "2024-01-01T18:00:00Z"),
		fr("Smith, Bob <bob@x.example>", "bob@x.example"),
		fr("Bob @ Corp <bob@x.example>", "bob@x.example"),
		fr("bob@x.example (Bob)", "bob@x.example"),
		fr("\"Bob\" <bob@x.example", "bob@x.example"),
		fr("bob@x.example <bob@x.example>", "bob@x.example"),
		fr("<<bob@x.example>>", "bob@x.example"),
		fr("Bob <'bob@x.example'>", "bob@x.example"),
		fr("Bob <bob.@x.example>", "bob.@x.example"),
		fr("=?utf-8?Q?M=C3=BCller=2C_Bob?= <bob@x.example>", "bob@x.example"),
		fr("\"Bob\\\" <bob@x.example>", "bob@x.example"),
		fr("Bob Ünicode <bob@x.example>", "bob@x.example"),
		fr("Bob [Sales] <bob@x.example>", "bob@x.example"),
		fr("Team: bob@x.example;", "bob@x.example"),
		fr("Bob <bob@münchen.example>", "bob@münchen.example"),
		fr("Bob. J. Smith <bob@x.example>", "bob@x.example"),
		fr("mailto:bob@x.example", "bob@x.example"),
		fr("Bob <bob@x.example>, ", "bob@x.example"),
		fr("\"bob@x.example\"", "bob@x.example"),
	}
}
