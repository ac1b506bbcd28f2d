package mail

import (
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	for _, c := range hardCases() {
		if len(c.raw) < 20000 {
			f.Add([]byte(c.raw))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, _ := Parse(b)
		if m == nil {
			t.Fatal("no message")
		}
		for _, s := range []string{m.Subject, m.Text, m.HTML, m.MessageID} {
			if !utf8.ValidString(s) {
				t.Fatalf("not UTF-8: %q", s)
			}
		}
		for _, a := range m.Attachments {
			a.Bytes()
		}
	})
}
