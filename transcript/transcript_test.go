package transcript

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

type said struct {
	Who   string
	Start float64
	Text  string
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestParseLayouts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file     string
		format   Format
		want     []said
		problems []int // lines
	}{
		{"teams.vtt", WebVTT, []said{{"Ana Brook", 3.12, "Can everyone hear me?"}, {"Tom Field", 6, "Yes. Before you start, how long will this take?"}}, nil},
		{"zoom.vtt", WebVTT, []said{{"Ana Brook", 3.12, "Can everyone hear me? I will start."}, {"Tom Field", -1, "Yes: go on, please. Good."}}, []int{12}},
		{"plain.srt", SubRip, []said{{"", 3.12, "Can everyone hear me? Yes. Before you start how long?"}}, nil},
		{"google_meet.txt", Meet, []said{{"Ana Brook", -1, "Hi Tom."}, {"Tom Field", -1, "Morning. Can you hear… me now?"},
			{"Ana Brook", 300, "Before we go on: I would like you to sign the pilot for twelve seats by Friday. Is that something you can decide?"},
			{"Tom Field", -1, "I can, if legal is fine with clause four."}}, nil},
		{"otter.txt", Otter, []said{{"Ana Brook", 0, "Thanks for making the time."}, {"Tom Field", 7, "Sure. Go ahead."},
			{"Unknown Speaker", 1780, "and, um, by the way, if you maybe have a minute, it would be kind of great if you could just look at the contract or something."}}, nil},
		{"teams.txt", Otter, []said{{"Ana Brook", 3, "Can everyone hear me?"}, {"Tom Field", 6, "Yes. Before you start"}}, nil},
		{"whisper.json", Whisper, []said{{"", 0, "Will you sign by Friday? I need to ask legal."}}, nil},
		{"names.txt", Names, []said{{"", -1, "Notes of the call"}, {"Ana Brook", 3, "Can everyone hear me?"},
			{"Tom", 6, "Yes. See https://example.com: it is there. and one more thing"}, {"Ana Brook", 730, "I would like you to sign."}}, []int{1}},
	} {
		t.Run(c.file, func(t *testing.T) {
			got, problems := Parse(read(t, c.file))
			if got.Format != c.format {
				t.Errorf("format %q, want %q", got.Format, c.format)
			}
			var u []said
			for _, x := range got.Utterances {
				u = append(u, said{x.Speaker, x.Start, x.Text})
			}
			if d := cmp.Diff(c.want, u); d != "" {
				t.Errorf("utterances (-want +got):\n%s", d)
			}
			var lines []int
			for _, p := range problems {
				lines = append(lines, p.Line)
			}
			if d := cmp.Diff(c.problems, lines); d != "" {
				t.Errorf("lines with problems (-want +got):\n%s%v", d, problems)
			}
		})
	}
}

func TestParseKeepsWhatItCan(t *testing.T) {
	t.Parallel()
	cut := `{"segments":[{"start":0,"end":1,"text":"one"},{"start":1,"end":2,"text":"two"},{"start":2,"en`
	got, problems := Parse([]byte(cut))
	if len(got.Utterances) != 1 || got.Utterances[0].Text != "one two" || len(problems) == 0 {
		t.Errorf("a file cut short: %+v, %v", got.Utterances, problems)
	}
	utf16 := []byte{0xff, 0xfe}
	for _, r := range "Ana: caffè\n" {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	got, _ = Parse(utf16)
	if len(got.Utterances) != 1 || got.Utterances[0].Text != "caffè" {
		t.Errorf("UTF-16: %+v", got.Utterances)
	}
	got, _ = Parse([]byte("Ana: caff\xe8 \x80 5\n"))
	if len(got.Utterances) != 1 || got.Utterances[0].Text != "caffè € 5" {
		t.Errorf("Windows-1252: %+v", got.Utterances)
	}
	if _, problems := Parse(nil); len(problems) != 1 {
		t.Errorf("an empty file has %d problems, want 1", len(problems))
	}
}

func TestPiecesKeepTheirTimes(t *testing.T) {
	t.Parallel()
	got, _ := Parse(read(t, "zoom.vtt"))
	u := got.Utterances[0]
	if len(u.Pieces) != 2 || !strings.HasPrefix(u.Text[u.Pieces[1].At:], "I will") || u.Pieces[1].Start != 5.9 || u.Pieces[1].Line != 8 {
		t.Errorf("pieces of a joined utterance: %+v", u)
	}
}

// holds are the laws that every parse keeps, whatever the bytes.
func holds(t *testing.T, b []byte) {
	tr, problems := Parse(b)
	size := 0
	for _, u := range tr.Utterances {
		size += len(u.Text)
		if u.Text == "" || !utf8.ValidString(u.Text) || len(u.Pieces) == 0 {
			t.Fatalf("utterance %+v", u)
		}
		for _, p := range u.Pieces {
			if p.At < 0 || p.At >= len(u.Text) || p.Line < 1 {
				t.Fatalf("piece %+v of %q", p, u.Text)
			}
		}
	}
	if size > 4*len(b)+16 {
		t.Fatalf("%d bytes of text out of %d", size, len(b))
	}
	if len(problems) > maxProblems {
		t.Fatalf("%d problems", len(problems))
	}
}

func fuzzFiles(f *testing.F, names ...string) {
	for _, n := range names {
		f.Add(read(f, n))
	}
	f.Add([]byte("0:00   \xa0        :"))
	f.Fuzz(holds)
}

func FuzzWebVTT(f *testing.F)  { fuzzFiles(f, "zoom.vtt", "teams.vtt") }
func FuzzSubRip(f *testing.F)  { fuzzFiles(f, "plain.srt") }
func FuzzMeet(f *testing.F)    { fuzzFiles(f, "google_meet.txt") }
func FuzzWhisper(f *testing.F) { fuzzFiles(f, "whisper.json") }
func FuzzOtter(f *testing.F)   { fuzzFiles(f, "otter.txt", "teams.txt") }
func FuzzNames(f *testing.F)   { fuzzFiles(f, "names.txt") }

// A hostile file costs no more than an honest one of its size.
func TestParseIsBounded(t *testing.T) {
	t.Parallel()
	for name, unit := range map[string]string{
		"one block": "WEBVTT\n\n00:01.000 --> 00:02.000\n|word\n", "tags": "WEBVTT\n\n00:01.000 --> 00:02.000\n|a<b>", "otter": "Ana  0:01\n|word\n",
		"times": "|00:01.000 --> 00:02.000\n", "names": "|A: b\n", "colons": "|a:", "voices": "WEBVTT\n\n00:01.000 --> 00:02.000\n|<v A>b",
	} {
		head, body, _ := strings.Cut(unit, "|")
		b := []byte(head + strings.Repeat(body, 2<<20/len(body)))
		done := make(chan struct{})
		go func() { holds(t, b); close(done) }()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: 2 MiB took over 20 s", name)
		}
	}
}
