package transcript

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Transcript is what was said, in order.
type Transcript struct {
	Format     Format
	Language   string // as the file says, such as "en"; mostly empty
	Timed      bool   // at least one utterance knows when it was said
	Utterances []Utterance
}

// Utterance is what one person says until another speaks or a long pause comes.
type Utterance struct {
	Speaker string  // empty where the file names nobody
	Start   float64 // seconds from the start of the recording; -1 not known
	End     float64 // seconds; -1 not known
	Text    string
	Pieces  []Piece // the cues that were joined, in order
}

// Piece is one cue of the file: where its words begin in the utterance's text.
type Piece struct {
	At         int // byte offset in Text
	Line       int // line in the file, from 1
	Start, End float64
}

// LineProblem says which line could not be read and why.
type LineProblem struct {
	Line int
	Text string
}

// Format is the layout that a transcript was read from.
type Format string

// The layouts that Parse knows. Zoom and Teams write WebVTT.
const (
	WebVTT  Format = "webvtt"
	SubRip  Format = "srt"
	Meet    Format = "meet"
	Whisper Format = "whisper"
	Otter   Format = "otter" // "Name  0:07" above the words; Teams' text export too
	Names   Format = "names" // "Name: words", with or without a time before it
)

const (
	maxInput    = 32 << 20 // bytes; a day of talk is under 2 MiB
	maxProblems = 100
	joinPause   = 20 // seconds of silence that end an utterance
	joinBytes   = 8 << 10
)

// Parse finds out the layout and reads it. It keeps what can be read and lists
// the lines that cannot; at most a hundred of them. It never fails: a file in
// which nobody speaks gives no utterances and a problem that says so.
func Parse(data []byte) (Transcript, []LineProblem) {
	r := &reader{}
	if len(data) > maxInput {
		r.problem(1, "longer than 32 MiB: only the first part is read")
		data = data[:maxInput]
	}
	text := decode(data)
	switch f := detect(text); f {
	case Whisper:
		r.whisper(text)
	case WebVTT, SubRip:
		r.cues(text, f)
	case Otter:
		r.otter(text)
	default:
		r.named(text, f)
	}
	r.join()
	if len(r.t.Utterances) == 0 {
		r.problem(1, "no spoken words found")
	}
	return r.t, r.problems
}

// reader collects what a layout's reader finds.
type reader struct {
	t        Transcript
	said     []cue
	problems []LineProblem
}

// cue is one unit of the file before cues are joined.
type cue struct {
	speaker, text string
	start, end    float64
	line          int
}

func (r *reader) problem(line int, text string) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, LineProblem{line, text})
	}
}

func (r *reader) add(c cue) {
	c.text = strings.Join(strings.Fields(c.text), " ")
	c.speaker = strings.Join(strings.Fields(c.speaker), " ")
	if c.text != "" {
		r.said = append(r.said, c)
	}
}

// join makes one utterance of the consecutive cues of one speaker.
func (r *reader) join() {
	var text strings.Builder
	flush := func() {
		if n := len(r.t.Utterances); n > 0 && text.Len() > 0 {
			r.t.Utterances[n-1].Text = text.String()
			text.Reset()
		}
	}
	for i, c := range r.said {
		if c.start >= 0 {
			r.t.Timed = true
		}
		n := len(r.t.Utterances)
		if i > 0 && joins(r.said[i-1], c) && text.Len() < joinBytes {
			text.WriteByte(' ')
		} else {
			flush()
			r.t.Utterances = append(r.t.Utterances, Utterance{Speaker: c.speaker, Start: c.start, End: c.end})
			n++
		}
		u := &r.t.Utterances[n-1]
		u.Pieces = append(u.Pieces, Piece{At: text.Len(), Line: c.line, Start: c.start, End: c.end})
		u.End = max(u.End, c.end)
		text.WriteString(c.text)
	}
	flush()
	r.said = nil
}

func joins(a, b cue) bool {
	if a.speaker != b.speaker {
		return false
	}
	return a.end < 0 || b.start < 0 || b.start-a.end < joinPause
}

// decode gives UTF-8 text with "\n" line ends from UTF-8, UTF-16 with its mark,
// or Windows-1252.
func decode(b []byte) string {
	var s string
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		u := make([]uint16, 0, len(b)/2)
		for i := 2; i+1 < len(b); i += 2 {
			if b[0] == 0xff {
				u = append(u, uint16(b[i])|uint16(b[i+1])<<8)
			} else {
				u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
			}
		}
		s = string(utf16.Decode(u))
	case utf8.Valid(b):
		s = string(b)
	default:
		s = lenient(b)
	}
	s = strings.TrimPrefix(s, "\ufeff")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.ReplaceAll(s, "\x00", "")
}

// lenient reads valid UTF-8 as such and every other byte as Windows-1252.
func lenient(b []byte) string {
	const high = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"
	table := []rune(high)
	var out strings.Builder
	out.Grow(len(b) + len(b)/8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			r = rune(b[0])
			if b[0] >= 0x80 && b[0] < 0xa0 {
				r = table[b[0]-0x80]
			}
		}
		out.WriteRune(r)
		b = b[n:]
	}
	return out.String()
}

// whole gives each utterance that says of no cues the one that it is itself.
func (t Transcript) whole() Transcript {
	t.Utterances = slices.Clone(t.Utterances)
	for i, u := range t.Utterances {
		if len(u.Pieces) == 0 {
			t.Utterances[i].Pieces = []Piece{{Start: u.Start, End: u.End}}
		}
	}
	return t
}
