package mail

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// odd are samples that we read otherwise than their makers meant, with the
// reason.
var odd = map[string]string{
	"parts/chardet-success-big-5.raw":  "Big5 called us-ascii: no charset is guessed from letters, only UTF-8 and Windows-1252 are told apart",
	"mail/qp-utf8-header-recursed.raw": "a name encoded twice is decoded once",
	"parts/chardet-fail.raw":           "an image called a text is shown as the text that it says it is",
}

// TestBrokenMIME holds Parse to want.txt: subject, beginning of the text, size
// of the HTML and the attachments of every sample, each looked at by a person.
func TestBrokenMIME(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/enmime/want.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(b)) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " | ")
		want[name] = rest
	}
	right, n := 0, 0
	for _, f := range glob(t, "testdata/enmime/*/*.raw") {
		name, _ := filepath.Rel("testdata/enmime", f)
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		n++
		m, err := Parse(raw)
		got := fmt.Sprintf("%q | %q | html %d |", m.Subject, cutRunes(m.Text, 60), len(m.HTML))
		for _, a := range m.Attachments {
			got += fmt.Sprintf(" [%s %s %d]", a.Name, a.Type, len(a.Bytes()))
		}
		if err != nil {
			got += " " + err.Error()
		}
		switch {
		case got != want[name]:
			t.Errorf("WRONG %s\n got %s\nwant %s", name, got, want[name])
		case odd[name] != "":
			t.Logf("%s: wrong, %s", name, odd[name])
		default:
			right++
		}
	}
	t.Logf("broken MIME: %d of %d right, %d explained", right, n, len(odd))
}
