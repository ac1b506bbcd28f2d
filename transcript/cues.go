package transcript

import (
	"html"
	"strings"
)

// cues reads WebVTT (W3C WebVTT, section 4 and 5: blocks parted by empty lines,
// a timing line with "-->", NOTE, STYLE and REGION blocks passed over) and
// SubRip, which is the same with numbers and commas. Zoom puts "Name: " before
// the words, Teams a voice span <v Name>.
func (r *reader) cues(text string, f Format) {
	r.t.Format = f
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); {
		if strings.TrimSpace(lines[i]) == "" {
			i++
			continue
		}
		j := i
		for j < len(lines) && strings.TrimSpace(lines[j]) != "" {
			j++
		}
		r.block(lines[i:j], i+1)
		i = j
	}
}

func (r *reader) block(lines []string, first int) {
	head := strings.TrimSpace(lines[0])
	if first == 1 && strings.HasPrefix(head, "WEBVTT") {
		for _, l := range lines[1:] {
			if k, v, ok := strings.Cut(l, ":"); ok && strings.EqualFold(strings.TrimSpace(k), "language") {
				r.t.Language = strings.TrimSpace(v)
			}
		}
		if len(lines) < 3 || !strings.Contains(strings.Join(lines, "\n"), "-->") {
			return
		}
		lines, first = lines[1:], first+1
	}
	for _, skip := range []string{"NOTE", "STYLE", "REGION"} {
		if head == skip || strings.HasPrefix(head, skip+" ") {
			return
		}
	}
	open := false
	var c cue
	for k, l := range lines {
		if strings.Contains(l, "-->") {
			if open {
				r.add(c)
			}
			from, to, _, ok := arrow(strings.TrimSpace(l))
			if !ok {
				r.problem(first+k, "not a time span: "+short(l))
				from, to = -1, -1
			}
			c, open = cue{start: from, end: to, line: first + k}, true
			continue
		}
		if !open {
			if k+1 < len(lines) && strings.Contains(lines[k+1], "-->") {
				continue // the cue's number or name
			}
			r.problem(first+k, "words without a time: "+short(l))
			c, open = cue{start: -1, end: -1, line: first + k}, true
		}
		if k+1 < len(lines) && isNumber(l) && strings.Contains(lines[k+1], "-->") {
			continue // a number whose empty line before it is missing
		}
		for _, p := range voices(l, c.speaker) {
			if c.text != "" && (p.speaker != c.speaker || len(c.text) > joinBytes) {
				r.add(c)
				c.text = ""
			}
			c.speaker = p.speaker
			c.text += " " + p.text
		}
	}
	if !open {
		return
	}
	if c.text == "" {
		r.problem(c.line, "a time without words")
	}
	r.add(c)
}

// voices takes a cue line apart: <v Name> spans, then "Name: ", then no name.
// Other tags are dropped and character references decoded (WebVTT 4.2.2).
func voices(line string, before string) []cue {
	var out []cue
	speaker := before
	var b strings.Builder
	for line != "" {
		i := strings.IndexByte(line, '<')
		j := -1
		if i >= 0 {
			j = strings.IndexByte(line[i:], '>')
		}
		if j < 0 {
			b.WriteString(line)
			break
		}
		tag := line[i+1 : i+j]
		b.WriteString(line[:i])
		line = line[i+j+1:]
		if name, ok := voice(tag); ok {
			if strings.TrimSpace(b.String()) != "" {
				out = append(out, cue{speaker: speaker, text: html.UnescapeString(b.String())})
			}
			speaker = html.UnescapeString(name)
			b.Reset()
		}
	}
	text := html.UnescapeString(b.String())
	if speaker == "" {
		if _, name, rest, ok := nameBefore(strings.TrimSpace(text)); ok && name != "" {
			speaker, text = name, rest
		}
	}
	return append(out, cue{speaker: speaker, text: text})
}

// voice reads the inside of <v.class Name>.
func voice(tag string) (string, bool) {
	if len(tag) < 2 || tag[0] != 'v' || tag[1] != ' ' && tag[1] != '.' && tag[1] != '\t' {
		return "", false
	}
	_, name, ok := strings.Cut(tag, " ")
	return strings.TrimSpace(name), ok && strings.TrimSpace(name) != ""
}

func isNumber(s string) bool {
	s = strings.TrimSpace(s)
	_, k := digits(s, 9)
	return k > 0 && k == len(s)
}

func short(s string) string {
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
