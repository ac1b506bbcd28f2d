package mail

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestComposeParses holds the law that what was composed reads as it was
// meant, in any script, and that the same draft gives the same bytes.
func TestComposeParses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDraft(t)
		b, err := Compose(d)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := Compose(d)
		if !bytes.Equal(b, again) {
			t.Fatal("the same draft gave other bytes")
		}
		for line := range bytes.SplitSeq(b, []byte("\r\n")) {
			if len(line) > 998 || bytes.ContainsAny(line, "\r\n") {
				t.Fatalf("line of %d bytes: %.80q", len(line), line)
			}
		}
		m, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Problems) > 0 {
			t.Fatalf("problems %q in\n%s", m.Problems, b)
		}
		got := Draft{MessageID: m.MessageID, Date: m.Date, From: first(m.From), ReplyTo: m.ReplyTo, To: m.To, Cc: m.Cc, Subject: m.Subject,
			InReplyTo: strings.Join(m.InReplyTo, " "), Text: m.Text, HTML: strings.ReplaceAll(m.HTML, "\r\n", "\n")}
		for _, a := range m.Attachments {
			got.Files = append(got.Files, File{a.Name, a.Type, a.ContentID, a.Bytes()})
		}
		want := d
		want.Text = plainLines(d.Text)
		want.References, want.Fields = nil, nil
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); diff != "" {
			t.Fatalf("%s\nin\n%s", diff, b)
		}
		if want := capReferences(d.References, d.InReplyTo); !slices.Equal(m.References, want) {
			t.Fatalf("References %q, want %q", m.References, want)
		}
	})
}

func drawDraft(t *rapid.T) Draft {
	letters := []rune("abcdeXYZ 0123 .,;:!?\"'()<>@\\=_-[]äßéΩжюשלعن日本語한국👍🏽e\u0301\u200d")
	word := rapid.StringOfN(rapid.RuneFrom(letters), 0, 40, 150)
	line := func(label string) string { return headerText(word.Draw(t, label)) }
	name := func(label string) string { return cleanName(line(label)) }
	addr := func(label string) Address {
		local := rapid.StringMatching(`[a-z0-9]{1,8}([.+_-][a-z0-9]{1,5})?`).Draw(t, label)
		return Address{name(label + " name"), local + "@" + rapid.SampledFrom([]string{"example.com", "münchen.example", "mail.example.org"}).Draw(t, label+" domain")}
	}
	list := func(label string, least int) (l []Address) {
		for i := range rapid.IntRange(least, 3).Draw(t, label+" n") {
			l = append(l, addr(fmt.Sprint(label, i)))
		}
		return l
	}
	id := rapid.StringMatching(`[a-zA-Z0-9._-]{1,30}@example\.com`)
	d := Draft{MessageID: id.Draw(t, "id"), Date: time.Unix(rapid.Int64Range(4e8, 4e9).Draw(t, "date"), 0).In(time.FixedZone("", 900*rapid.IntRange(-48, 56).Draw(t, "zone"))),
		From: addr("from"), To: list("to", 1), Cc: list("cc", 0), ReplyTo: list("reply-to", 0), Subject: line("subject")}
	if rapid.Bool().Draw(t, "reply") {
		d.InReplyTo = id.Draw(t, "parent")
		d.References = rapid.SliceOfN(id, 0, 40).Draw(t, "references")
	}
	para := rapid.OneOf(word, rapid.SampledFrom([]string{"", "-- ", "From here on", "> quoted", ">> > deep", " indented", ".", "--=_x", strings.Repeat("long words ", 30), strings.Repeat("x", 1200), strings.Repeat("äö ", 90), "> " + strings.Repeat("quoted words ", 20), "a  b   " + strings.Repeat(" ", 80) + "c"}))
	d.Text = "begin\n" + strings.Join(rapid.SliceOfN(para, 0, 8).Draw(t, "lines"), "\n") + "\nend"
	if rapid.Bool().Draw(t, "html") {
		d.HTML = "<p>" + strings.ReplaceAll(d.Text, "\x00", "") + "</p>"
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "files") {
		d.Files = append(d.Files, File{Name: rapid.SampledFrom([]string{"a.pdf", "Angebot für Müller.pdf", "提案書.docx", `we "said" so.txt`, "a;b=c.txt"}).Draw(t, fmt.Sprint("name", i)),
			Type: rapid.SampledFrom([]string{"application/pdf", "image/png", "text/plain"}).Draw(t, fmt.Sprint("type", i)), Data: rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, fmt.Sprint("data", i))})
	}
	return d
}

// plainLines is what format=flowed keeps of a text: no blanks at the ends of
// lines, one mark "> " per level.
func plainLines(s string) string {
	var out []string
	for l := range strings.SplitSeq(strings.TrimRight(s, "\n"), "\n") {
		depth := 0
		for strings.HasPrefix(l, ">") {
			depth++
			l = strings.TrimPrefix(l[1:], " ")
		}
		if l != "-- " || depth > 0 {
			l = strings.TrimRight(l, " ")
		}
		out = append(out, strings.Repeat("> ", depth)+l)
	}
	return strings.Join(out, "\n")
}

func TestComposeRefuses(t *testing.T) {
	t.Parallel()
	good := Draft{MessageID: "1@example.com", Date: time.Unix(1e9, 0), From: Address{"Ann", "ann@example.com"}, To: []Address{{"Bob", "bob@example.com"}}, Subject: "Offer", Text: "Hi"}
	if _, err := Compose(good); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*Draft){
		"no id":                func(d *Draft) { d.MessageID = "" },
		"id with a line end":   func(d *Draft) { d.MessageID = "1@example.com>\r\nBcc: x@example.com" },
		"no date":              func(d *Draft) { d.Date = time.Time{} },
		"nobody":               func(d *Draft) { d.To = nil },
		"from without an @":    func(d *Draft) { d.From.Addr = "ann" },
		"injected address":     func(d *Draft) { d.To[0].Addr = "bob@example.com\r\nBcc: eve@example.com" },
		"field with a newline": func(d *Draft) { d.Fields = []Field{{"X\r\nBcc", "eve@example.com"}} },
	} {
		d := good
		d.To = slices.Clone(good.To)
		change(&d)
		if b, err := Compose(d); err == nil {
			t.Errorf("%s: composed\n%s", what, b)
		}
	}
	d := good
	d.Subject = "Offer\r\nBcc: eve@example.com"
	d.InReplyTo = ""
	d.Fields = []Field{{"List-Unsubscribe", "<mailto:u@example.com>\r\nBcc: eve@example.com"}}
	b, err := Compose(d)
	if err != nil {
		t.Fatal(err)
	}
	if m, _ := Parse(b); m.Header.Has("Bcc") || m.Subject != "Offer Bcc: eve@example.com" {
		t.Errorf("a line end got through:\n%s", b)
	}
}

func TestReply(t *testing.T) {
	t.Parallel()
	m, _ := Parse([]byte("From: Ann <ann@example.com>\r\nTo: sales@example.org, Bob <bob@example.com>\r\nCc: us@example.org, cara@example.com\r\nDate: Mon, 1 Jan 2024 10:00:00 +0100\r\n" +
		"Subject: AW: Re: [team] Offer\r\nMessage-ID: <3@example.com>\r\nReferences: <1@example.com> <2@example.com>\r\n\r\nHello\r\n\r\nAnn\r\n"))
	ours := func(a string) bool { return strings.HasSuffix(a, "@example.org") }
	d := Reply(m, true, ours)
	want := Draft{To: []Address{{"Ann", "ann@example.com"}, {"Bob", "bob@example.com"}}, Cc: []Address{{"", "cara@example.com"}}, Subject: "Re: Offer", InReplyTo: "3@example.com", References: []string{"1@example.com", "2@example.com"}}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	if d := Reply(m, false, ours); len(d.To) != 1 || len(d.Cc) != 0 {
		t.Errorf("to one: %+v", d)
	}
}

// TestInvitationThereAndBack: the calendar part is an alternative of the text,
// and is found again with its method.
func TestInvitationThereAndBack(t *testing.T) {
	t.Parallel()
	part := []byte("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")
	b, err := Compose(Draft{MessageID: "i1@example.com", Date: time.Unix(0, 0), From: Address{Addr: "sam@example.com"}, To: []Address{{Addr: "maya@example.com"}},
		Subject: "Pilot", Text: "Tuesday at ten.", Calendar: part, Method: "REQUEST", Files: []File{{Name: "invite.ics", Type: "application/ics", Data: part}}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	got, method, ok := m.Invitation()
	if !ok || method != "REQUEST" || !bytes.Equal(got, part) || strings.TrimSpace(m.Text) != "Tuesday at ten." || len(m.Attachments) != 2 {
		t.Errorf("%q %q %v, text %q, %d parts in\n%s", got, method, ok, m.Text, len(m.Attachments), b)
	}
	if v := Classify(m); v.Kind != Calendar || v.Method != "REQUEST" {
		t.Errorf("it is %+v", v)
	}
	if !bytes.Contains(b, []byte("multipart/alternative")) {
		t.Errorf("no alternative in\n%s", b)
	}
}
