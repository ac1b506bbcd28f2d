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
		if got := strings.Join(Parents(m), " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.header, got, c.want)
		}
	}
}

func TestSameThread(t *testing.T) {
	t.Parallel()
	ours := func(a string) bool { return strings.HasSuffix(a, "@example.org") }
	us, ann, cara := "us@example.org", "ann@example.com", "cara@example.com"
	for _, c := range []struct {
		subject, earlier string
		a, b             []string
		want             bool
	}{
		{"Re: Offer", "Offer", []string{"Ann@example.com", us}, []string{us, ann}, true},
		{"AW: offer", "Re: Offer", []string{ann, us}, []string{us, ann, cara}, true},
		{"Offer", "Offer", []string{ann, us}, []string{us, ann}, false}, // a new mail of the same title
		{"Re: Offer", "Offer", []string{cara, us}, []string{us, ann}, false},
		{"Re:", "", []string{ann, us}, []string{us, ann}, false},
	} {
		if got := SameThread(c.subject, c.earlier, c.a, c.b, ours); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	m, _ := Parse([]byte("From: Ann@example.com\nTo: us@example.org, ann@example.com\n\nx\n"))
	if got := m.People(); !slices.Equal(got, []string{ann, us}) {
		t.Errorf("People = %q", got)
	}
}
