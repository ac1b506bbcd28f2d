package mail

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestBaseSubject(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Offer": "Offer", "Re: Offer": "Offer", "RE[2]: Offer": "Offer", "Re (3): Offer": "Offer", "re: RE : Offer": "Offer", "AW: WG: Offer": "Offer",
		"SV: VS: Offer": "Offer", "Antw: Offer": "Offer", "RV: RE: Offer": "Offer", "RIF: R: Offer": "Offer", "ENC: RES: Offer": "Offer", "Odp: PD: Offer": "Offer",
		"YNT: İLT: Offer": "Offer", "回复：Offer": "Offer", "回覆: 轉寄: Offer": "Offer", "答复: Offer": "Offer", "Ответ: Offer": "Offer", "TR : Offer": "Offer",
		"[list] Re: Offer": "Offer", "Re: [list] Offer": "Offer", "[list] Offer": "Offer", "[Offer]": "[Offer]", "[Fwd: Offer]": "Offer", "Offer (fwd)": "Offer",
		"Re:": "", "": "", "Report: numbers": "Report: numbers", "Question: price": "Question: price", "Rest: a": "Rest: a", " Re:  two\t words ": "two words",
	} {
		if got := BaseSubject(in); got != want {
			t.Errorf("BaseSubject(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestBaseSubjectLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "subject")
		base := BaseSubject(s)
		if again := BaseSubject(base); again != base {
			t.Fatalf("%q → %q → %q", s, base, again)
		}
		if got := BaseSubject("Re: " + s); got != base {
			t.Fatalf("an answer to %q has the base %q, not %q", s, got, base)
		}
	})
}

// answered lists the Message-IDs that m may answer, best first: In-Reply-To,
// then References from the newest to the oldest (RFC 5322 §3.6.4, RFC 5256
// §2.2). The first that is held is the parent; any that is held shows the
// thread. Never the message itself.
func answered(m *Message) []string {
	var ids []string
	add := func(id string) {
		if id != "" && id != m.MessageID && !slices.Contains(ids, id) && len(ids) < 100 {
			ids = append(ids, id)
		}
	}
	// several ids in In-Reply-To: the last of References, when it is among
	// them, is the one that was answered
	if n := len(m.References); n > 0 && slices.Contains(m.InReplyTo, m.References[n-1]) {
		add(m.References[n-1])
	}
	for _, id := range m.InReplyTo {
		add(id)
	}
	for _, id := range slices.Backward(m.References) {
		add(id)
	}
	return ids
}

func TestParents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ header, want string }{
		{"In-Reply-To: <b@x>\nReferences: <a@x> <b@x>\n", "b@x a@x"},
		{"References: <a@x>\n\t<b@x>\n", "b@x a@x"},
		{"In-Reply-To: Your message of \"Mon, 1 Jan\" <b@x>\n", "b@x"},
		{"In-Reply-To: b@x\n", "b@x"},
		{"In-Reply-To: <a@x> <b@x>\nReferences: <a@x> <b@x>\n", "b@x a@x"},
		{"References: <a@x><b@x>, <m@x>\n", "b@x a@x"},
		{"References: <a@x <b@x>\n", "b@x a@x"},
		{"", ""},
	} {
		m, _ := Parse([]byte("From: a@example.com\nMessage-ID: <m@x>\n" + c.header + "\nx\n"))
		if got := strings.Join(answered(m), " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.header, got, c.want)
		}
	}
}
