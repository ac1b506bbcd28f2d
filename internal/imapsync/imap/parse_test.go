package imap

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// show writes values as one would say them.
func show(vs []Value) string {
	var out []string
	for _, v := range vs {
		switch v.Kind {
		case List:
			out = append(out, "("+show(v.List)+")")
		case Skipped:
			out = append(out, fmt.Sprintf("<%d skipped>", v.N))
		case String:
			out = append(out, fmt.Sprintf("%q", v.B))
		default:
			out = append(out, string(v.B))
		}
	}
	return strings.Join(out, " ")
}

var responses = []struct{ line, want, why string }{
	{"* 3 EXISTS\r\n", "3 EXISTS", ""},
	{"* 3 exists\n", "3 EXISTS", ""},
	{"* OK [UIDVALIDITY 7] fine {3}\r\n", "0 OK [UIDVALIDITY|7] fine {3}", ""},
	{"* OK [ALERT no end\r\n", "0 OK [|] [ALERT no end", "response code without ]"},
	{"+ go on {5}\r\n", "+ go on {5}", ""},
	{"+\r\n", "+ ", ""},
	{"* LIST (\\Sent \\HasNoChildren) \"/\" \"Sent \\\"x\\\"\"\r\n", `0 LIST (\Sent \HasNoChildren) "/" "Sent \"x\""`, ""},
	{"* 1 FETCH (UID 4 BODY[HEADER.FIELDS (DATE)]<0> {5}\r\nab\r\nc FLAGS ())\r\n", `1 FETCH (UID 4 BODY[HEADER.FIELDS (DATE)]<0> "ab\r\nc" FLAGS ())`, ""},
	{"* 1 FETCH (UID 4 BODY[] ~{3+}\r\n)x(\r\n)\r\n", `1 FETCH (UID 4 BODY[] ")x(")`, "closing parenthesis missing"},
	{"* 1 FETCH (UID 4 FLAGS (\\Seen\r\n", `1 FETCH (UID 4 FLAGS (\Seen))`, "closing parenthesis missing"},
	{"* 1 FETCH (UID 4))) X\r\n", `1 FETCH (UID 4) X`, "closing parenthesis too many"},
	{"* LIST () \"/\" \"abc\r\n", `0 LIST () "/" "abc"`, "quote not closed"},
	{"* 1 FETCH (BODY[ 3 UID 7)\r\n", `1 FETCH (BODY[ 3 UID 7)`, "bracket not closed"},
	{"* 99999999999 EXISTS\r\n", "0 EXISTS", "number out of range"},
	{"* (\\x) y\r\n", "0 ", "response without a name"},
	{"*\r\n", "0 ", "response without a name"},
	{"\r\n", "0 ", "empty line"},
	{"hello there\r\n", "0 THERE", "a line that is no response"},
	{"* ESEARCH (TAG \"a\") UID ALL 1:3,5\r\n", `0 ESEARCH (TAG "a") UID ALL 1:3,5`, ""},
	{"* 1 FETCH (UID 2 BODY[] {2000000}\r\n" + strings.Repeat("x", 2000000) + ")\r\n", "1 FETCH (UID 2 BODY[] <2000000 skipped>)", ""},
}

// parseBytes reads the first response in b (RFC 3501 section 7) and forgives what it
// can; why is empty when there was nothing to forgive. The error is io.EOF or
// io.ErrUnexpectedEOF when b ends before the response does.
func parseBytes(b []byte) (r Response, why string, err error) {
	f := newFramer(bytes.NewReader(b), 1<<20)
	parts, why, err := f.next()
	if err != nil {
		return Response{}, "", err
	}
	r, odd := parse(parts)
	if why == "" {
		why = odd
	}
	return r, why, nil
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range responses {
		r, why, err := parseBytes([]byte(c.line))
		if err != nil {
			t.Errorf("%.60q: %v", c.line, err)
			continue
		}
		got := fmt.Sprintf("%d %s", r.Num, r.Name)
		switch {
		case r.Tag == "+":
			got = "+ " + r.Text
		case isStatus(r.Name):
			got += fmt.Sprintf(" [%s|%s] %s", r.Code, r.Rest, r.Text)
		case len(r.Args) > 0:
			got += " " + show(r.Args)
		}
		if got != c.want || why != c.why {
			t.Errorf("%.60q:\n got %s (%s)\nwant %s (%s)", c.line, got, why, c.want, c.why)
		}
	}
}

func TestParseEndsEarly(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "* 3 EXI", "* 1 FETCH (BODY[] {10}\r\nabc", "* 1 FETCH (BODY[] {999999999999}\r\nabc"} {
		if _, _, err := parseBytes([]byte(s)); err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v, want an end of file", s, err)
		}
	}
}

func TestDepthAndNumberAreBounded(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		strings.Repeat("(", 1<<20), strings.Repeat("()", 1<<20), strings.Repeat("x ", 3<<20),
		strings.Repeat("[", 1<<20), strings.Repeat("(\"", 1<<18), strings.Repeat("(a[ ", 1<<17),
	} {
		_, why, err := parseBytes([]byte("* 1 FETCH " + s + "\r\n"))
		if err != nil || why == "" && !strings.HasPrefix(s, "()") {
			t.Errorf("%.10q…: %q, %v", s, why, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range responses {
		if len(c.line) < 1000 {
			f.Add([]byte(c.line))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, _, err := parseBytes(b)
		if err != nil {
			return
		}
		c := &Client{}
		c.untagged(r)
		if r.Name == "LIST" {
			folderOf(r.Args)
		}
		c.esearch(r.Args)
		// Whatever it was, the next response is found when it starts on a line of
		// its own behind the bytes that this one took.
		fr := newFramer(bytes.NewReader(append(bytes.Clone(b), "\r\n* 7 EXISTS\r\n"...)), 1<<20)
		for {
			parts, _, err := fr.next()
			if err != nil {
				break
			}
			parse(parts)
		}
	})
}

func TestFolderNames(t *testing.T) {
	t.Parallel()
	// RFC 3501 section 5.1.3 and names seen on servers.
	for name, wire := range map[string]string{
		"~peter/mail/台北/日本語": "~peter/mail/&U,BTFw-/&ZeVnLIqe-",
		"Entwürfe":           "Entw&APw-rfe",
		"R&D":                "R&-D",
		"😀":                  "&2D3eAA-",
	} {
		if got := encodeName(name); got != wire {
			t.Errorf("encodeName(%q) = %q, want %q", name, got, wire)
		}
		if got := DecodeName(wire); got != name {
			t.Errorf("DecodeName(%q) = %q, want %q", wire, got, name)
		}
	}
	for wire, want := range map[string]string{"Entwürfe": "Entwürfe", "a&b": "a&b", "x&!!-y": "x&!!-y", "R\xff": "R\uFFFD"} {
		if got := DecodeName(wire); got != want {
			t.Errorf("DecodeName(%q) = %q, want %q", wire, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		if got := DecodeName(encodeName(name)); got != strings.ToValidUTF8(name, "\uFFFD") {
			t.Fatalf("%q came back as %q", name, got)
		}
	})
}

func TestSets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		uids := rapid.SliceOfDistinct(rapid.Uint32Range(1, 60), rapid.ID).Draw(t, "uids")
		s := SetOf(uids...)
		for u := uint32(1); u <= 60; u++ {
			want := false
			for _, v := range uids {
				want = want || v == u
			}
			if s.Has(u) != want {
				t.Fatalf("%v: Has(%d) = %v", s, u, !want)
			}
		}
		if len(uids) == 0 {
			return
		}
		back, ok := parseSet(s.String())
		if diff := cmp.Diff(s, back); !ok || diff != "" {
			t.Fatalf("%s: %s", s, diff)
		}
	})
	if got := (Set{{5, 1<<32 - 1}}).String(); got != "5:*" {
		t.Errorf("open set is %q", got)
	}
}

// encodeName turns a folder name into what goes over the wire.
func encodeName(name string) string {
	var out strings.Builder
	var wide []rune
	flush := func() {
		if len(wide) > 0 {
			var b []byte
			for _, u := range utf16.Encode(wide) {
				b = binary.BigEndian.AppendUint16(b, u)
			}
			out.WriteString("&" + b64.EncodeToString(b) + "-")
			wide = wide[:0]
		}
	}
	for _, r := range name {
		switch {
		case r == '&':
			flush()
			out.WriteString("&-")
		case r >= 0x20 && r < 0x7f:
			flush()
			out.WriteRune(r)
		default:
			wide = append(wide, r)
		}
	}
	flush()
	return out.String()
}
