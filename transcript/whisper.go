package transcript

import (
	"encoding/json"
	"fmt"
	"strings"
)

type whisperFile struct {
	Text     string           `json:"text"`
	Language string           `json:"language"`
	Segments []whisperSegment `json:"segments"`
	// other writers of the same idea: whisper.cpp and speech services
	Transcription []struct {
		Offsets struct{ From, To float64 } `json:"offsets"`
		Text    string                     `json:"text"`
	} `json:"transcription"`
	Result struct {
		Language string `json:"language"`
	} `json:"result"`
}

type whisperSegment struct {
	Start   *float64 `json:"start"`
	End     *float64 `json:"end"`
	Text    string   `json:"text"`
	Speaker string   `json:"speaker"`
}

// whisper reads the JSON of Whisper and its kin: segments with start and end in
// seconds, sometimes with a speaker. A file cut short keeps its whole segments.
func (r *reader) whisper(text string) {
	r.t.Format = Whisper
	var f whisperFile
	body := strings.TrimSpace(text)
	var err error
	if strings.HasPrefix(body, "[") {
		err = json.Unmarshal([]byte(body), &f.Segments)
	} else {
		err = json.Unmarshal([]byte(body), &f)
	}
	if err != nil {
		line := 1
		if s, ok := err.(*json.SyntaxError); ok {
			line = 1 + strings.Count(body[:min(int(s.Offset), len(body))], "\n")
		}
		r.problem(line, fmt.Sprintf("broken JSON: %v", err))
		if len(f.Segments) == 0 {
			f.Segments = salvage(body)
		}
	}
	r.t.Language = f.Language
	if f.Language == "" {
		r.t.Language = f.Result.Language
	}
	for _, s := range f.Transcription {
		from, to := s.Offsets.From/1000, s.Offsets.To/1000
		f.Segments = append(f.Segments, whisperSegment{Start: &from, End: &to, Text: s.Text})
	}
	for i, s := range f.Segments {
		c := cue{speaker: s.Speaker, text: s.Text, start: -1, end: -1, line: 1}
		switch {
		case s.Start == nil || s.End == nil:
			r.problem(1, fmt.Sprintf("segment %d has no time", i))
		case *s.End < *s.Start || *s.Start < 0 || *s.End > 1e7:
			r.problem(1, fmt.Sprintf("segment %d ends before it starts", i))
		default:
			c.start, c.end = *s.Start, *s.End
		}
		r.add(c)
	}
	if len(f.Segments) == 0 && f.Text != "" {
		r.add(cue{text: f.Text, start: -1, end: -1, line: 1})
	}
}

// salvage decodes segment after segment until the break.
func salvage(body string) []whisperSegment {
	i := 0
	if k := strings.Index(body, `"segments"`); k >= 0 {
		i = k
	}
	k := strings.IndexByte(body[i:], '[')
	if k < 0 {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(body[i+k:]))
	if _, err := d.Token(); err != nil {
		return nil
	}
	var out []whisperSegment
	for d.More() {
		var s whisperSegment
		if d.Decode(&s) != nil {
			break
		}
		out = append(out, s)
	}
	return out
}
