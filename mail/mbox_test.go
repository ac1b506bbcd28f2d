package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func readMbox(t testing.TB, s string) (out []string) {
	for b, err := range Mbox(strings.NewReader(s)) {
		if err != nil {
			t.Errorf("%v", err)
		}
		out = append(out, string(b))
	}
	return out
}

func TestMbox(t *testing.T) {
	t.Parallel()
	const from = "From ann@example.com Mon Jan  8 10:00:00 2024\n"
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"two", from + "Subject: a\n\none\n\n" + from + "Subject: b\n\ntwo\n", []string{"Subject: a\n\none\n\n", "Subject: b\n\ntwo\n"}},
		{"a sentence that begins with From", from + "Subject: a\n\none\n\nFrom here on we agree.\n", []string{"Subject: a\n\none\n\nFrom here on we agree.\n"}},
		{"From without an empty line before", from + "Subject: a\n\none\n" + from, []string{"Subject: a\n\none\n" + from}},
		{"escaped", from + "Subject: a\n\n>From you\n>>From me\n", []string{"Subject: a\n\nFrom you\n>From me\n"}},
		{"CRLF", strings.ReplaceAll(from+"Subject: a\n\none\n\n"+from+"Subject: b\n\ntwo\n", "\n", "\r\n"), []string{"Subject: a\r\n\r\none\r\n\r\n", "Subject: b\r\n\r\ntwo\r\n"}},
		{"right Content-Length over a From line", from + fmt.Sprintf("Content-Length: %d\n\n%s\n", len("x\n\n"+from), "x\n\n"+from) + from + "Subject: b\n\ntwo\n", []string{fmt.Sprintf("Content-Length: %d\n\n%s\n", len("x\n\n"+from), "x\n\n"+from), "Subject: b\n\ntwo\n"}},
		{"wrong Content-Length", from + "Content-Length: 9999\n\none\n\n" + from + "Subject: b\n\ntwo\n", []string{"Content-Length: 9999\n\none\n\n", "Subject: b\n\ntwo\n"}},
		{"no From_ line at all", "Subject: a\n\none\n", []string{"Subject: a\n\none\n"}},
		{"empty", "", nil},
		{"only From_ lines", from + "\n" + from, []string{"\n"}},
	} {
		got := readMbox(t, c.in)
		if len(got) != len(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %q, want %q", c.name, got[i], c.want[i])
			}
		}
	}
}

// TestMboxEscapes holds the law of mboxrd: what was escaped comes back.
func TestMboxEscapes(t *testing.T) {
	t.Parallel()
	line := rapid.SampledFrom([]string{"From ann@example.com Mon Jan  8 10:00:00 2024", ">From x", ">>From y", "", "text", "From me"})
	rapid.Check(t, func(t *rapid.T) {
		var box strings.Builder
		var want []string
		for range rapid.IntRange(1, 4).Draw(t, "n") {
			body := strings.Join(rapid.SliceOfN(line, 1, 6).Draw(t, "lines"), "\n") + "\n"
			box.WriteString("From a@example.com Mon Jan  8 10:00:00 2024\nSubject: s\n\n")
			for l := range strings.Lines(body) {
				if strings.HasPrefix(strings.TrimLeft(l, ">"), "From ") {
					box.WriteByte('>')
				}
				box.WriteString(l)
			}
			box.WriteByte('\n')
			want = append(want, "Subject: s\n\n"+body+"\n")
		}
		var got []string
		for b, err := range Mbox(iotest.OneByteReader(strings.NewReader(box.String()))) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(b))
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Fatalf("%q, want %q", got, want)
		}
	})
}

func TestMboxErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk")
	var errs []error
	n := 0
	for _, err := range Mbox(io.MultiReader(strings.NewReader("From a@x Mon Jan 8 10:00:00 2024\nSubject: a\n\none\n"), iotest.ErrReader(broken))) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		n++
	}
	if n != 1 || len(errs) != 1 || !errors.Is(errs[0], broken) {
		t.Errorf("%d messages, errors %v", n, errs)
	}
	// one message that is too long does not end it
	long := io.MultiReader(strings.NewReader("From a@x Mon Jan 8 10:00:00 2024\nSubject: a\n\n"), io.LimitReader(repeat("0123456789abcdef\n"), MaxMessage+1000),
		strings.NewReader("\n\nFrom b@x Mon Jan 8 10:00:00 2024\nSubject: b\n\ntwo\n"))
	var sizes []int
	var tooLong error
	for b, err := range Mbox(long) {
		sizes = append(sizes, len(b))
		if err != nil {
			tooLong = err
		}
	}
	if len(sizes) != 2 || sizes[0] > MaxMessage || sizes[1] != len("Subject: b\n\ntwo\n") || !errors.Is(tooLong, ErrTooLong) {
		t.Errorf("sizes %v, error %v", sizes, tooLong)
	}
}

type repeat string

func (r repeat) Read(p []byte) (int, error) {
	return copy(p, bytes.Repeat([]byte(r), len(p)/len(r)+1)), nil
}
