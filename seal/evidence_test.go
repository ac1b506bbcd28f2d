package seal

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEvidenceForm(t *testing.T) {
	t.Parallel()
	line := must(AppendEvent(nil, Event{At: EventTime(testNow), Type: "signed", Actor: "khai@example.com", IP: "203.0.113.7", UA: "a <b> & c", Doc: "ab", Data: map[string]string{"z": "1", "name": "Nguyễn"}}))
	want := `{"seq":1,"at":"2026-11-22T09:30:00.000Z","type":"signed","actor":"khai@example.com","ip":"203.0.113.7","ua":"a <b> & c","doc":"ab","data":{"name":"Nguyễn","z":"1"},"prev":""}`
	if string(line) != want {
		t.Errorf("got  %s\nwant %s", line, want)
	}
	next := must(AppendEvent(line, Event{Type: "sealed"}))
	if !strings.Contains(string(next), `"seq":2,`) || !strings.Contains(string(next), `"prev":"`+EventHash(line)+`"`) {
		t.Errorf("%s", next)
	}
}

// A chain verifies, and any one change to it is found: a byte, a line left
// out, put twice, moved, or cut off at the end.
func TestEvidenceLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var lines [][]byte
		var last []byte
		for range rapid.IntRange(1, 8).Draw(t, "events") {
			e := Event{At: EventTime(testNow), Type: rapid.String().Draw(t, "type"), UA: rapid.String().Draw(t, "ua"),
				Data: rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "data")}
			last = must(AppendEvent(last, e))
			lines = append(lines, last)
		}
		head := EventHash(last)
		join := func(l [][]byte) []byte { return append(bytes.Join(l, []byte("\n")), '\n') }
		if got, err := VerifyEvidence(join(lines), head); err != nil || len(got) != len(lines) {
			t.Fatal(err)
		}
		i := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
		bad := map[string][]byte{
			"left out": join(append(append([][]byte{}, lines[:i]...), lines[i+1:]...)),
			"twice":    join(append(append(append([][]byte{}, lines[:i+1]...), lines[i]), lines[i+1:]...)),
			"cut off":  join(lines)[:len(join(lines))-len(last)-1],
		}
		changed := join(lines)
		k := rapid.IntRange(0, len(changed)-2).Draw(t, "byte")
		changed[k] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		bad["changed"] = changed
		for what, b := range bad {
			if _, err := VerifyEvidence(b, head); err == nil {
				t.Errorf("%s was not noticed", what)
			}
		}
	})
}

func TestEvidenceOfNothing(t *testing.T) {
	t.Parallel()
	if got, err := VerifyEvidence(nil, ""); err != nil || len(got) != 0 {
		t.Errorf("%v %v", got, err)
	}
	for _, bad := range []string{"\n", "{}", "null", `{"seq":1}`, "[]"} {
		if _, err := VerifyEvidence([]byte(bad), ""); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if _, err := AppendEvent([]byte("nonsense"), Event{}); err == nil {
		t.Error("an event was appended to nonsense")
	}
}

func FuzzVerifyEvidence(f *testing.F) {
	one := must(AppendEvent(nil, Event{Type: "a"}))
	f.Add(slicesJoin(one, must(AppendEvent(one, Event{Type: "b"}))))
	f.Fuzz(func(t *testing.T, b []byte) {
		events, err := VerifyEvidence(b, "")
		if err != nil {
			return
		}
		var again []byte
		var last []byte
		for _, e := range events {
			last = must(AppendEvent(last, e))
			again = fmt.Appendf(again, "%s\n", last)
		}
		if !bytes.Equal(bytes.TrimSuffix(again, []byte("\n")), bytes.TrimSuffix(b, []byte("\n"))) {
			t.Errorf("%q was taken for %q", b, again)
		}
	})
}
