package transcript

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// named reads "Name: words", with or without "[00:01:02]" before the name or
// after it, and Google Meet's document: markers in bold, "### 00:05:00" every
// five minutes, the people under "# Attendees", a closing disclaimer.
func (r *reader) named(text string, f Format) {
	r.t.Format = f
	speaker, stamp := "", -1.0
	section := ""
	lines := strings.Split(text, "\n")
	if f == Meet {
		section = "head"
	}
	for i, raw := range lines {
		line := strings.TrimSpace(strings.ReplaceAll(raw, "**", ""))
		if line == "" {
			continue
		}
		if f == Meet {
			if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "Meeting ended after") {
				title := strings.TrimSpace(strings.TrimLeft(line, "#"))
				if t, n := clock(title); n > 0 && n == len(title) {
					stamp, section = t, ""
				} else {
					section = strings.ToLower(title)
					if section == "transcript" {
						section = ""
					}
				}
				continue
			}
			if t, n := clock(line); n > 0 && n == len(line) {
				stamp = t
				continue
			}
			if section != "" {
				continue
			}
		}
		at, name, rest, ok := nameBefore(line)
		switch {
		case ok && name != "":
			speaker = name
		case !ok && speaker == "" && f == Meet:
			r.problem(i+1, "words before anybody's name: "+short(line))
		}
		if ok {
			line = rest
		}
		c := cue{speaker: speaker, text: line, start: -1, end: -1, line: i + 1}
		if at >= 0 {
			c.start = at
		} else if f == Meet && stamp >= 0 {
			c.start, stamp = stamp, -1 // only the first turn after a mark has a known time
		}
		r.add(c)
	}
	r.ends()
	if f == Names {
		r.noNames()
	}
}

// ends gives each cue with a start the next one's start as its end.
func (r *reader) ends() {
	next := -1.0
	for i := len(r.said) - 1; i >= 0; i-- {
		c := &r.said[i]
		if c.start < 0 {
			continue
		}
		if next >= c.start {
			c.end = next
		}
		next = c.start
	}
}

// noNames says which lines stand before the first name.
func (r *reader) noNames() {
	any := false
	for _, c := range r.said {
		any = any || c.speaker != ""
	}
	if !any && len(r.said) > 0 {
		r.problem(r.said[0].line, "no speaker is named in this file")
		return
	}
	for _, c := range r.said {
		if c.speaker != "" {
			return
		}
		r.problem(c.line, "words before anybody's name: "+short(c.text))
	}
}

// nameBefore takes "[0:07] Ana Brook: Hi", "Ana Brook [0:07]: Hi", "0:07 Hi" or
// "Ana Brook: Hi" apart; at is -1 without a time, name empty without a name.
func nameBefore(line string) (at float64, name, rest string, ok bool) {
	at = -1
	s := line
	if t, after, found := stampFirst(s); found {
		at, s, ok = t, after, true
	}
	i := strings.Index(s, ":")
	for i > 0 && i+1 < len(s) && s[i+1] != ' ' && s[i+1] != '\t' { // a colon in a time or an address
		k := strings.Index(s[i+1:], ":")
		if k < 0 {
			return at, "", s, ok
		}
		i += 1 + k
	}
	if i <= 0 {
		return at, "", s, ok
	}
	n := strings.TrimSpace(s[:i])
	if k := strings.LastIndexAny(n, "[("); k > 0 && at < 0 {
		inside := strings.Trim(n[k:], "[]() ")
		if t, used := clock(inside); used > 0 && used == len(inside) {
			at, n = t, strings.TrimSpace(n[:k])
		}
	}
	if !isName(n) {
		return at, "", s, ok
	}
	return at, n, strings.TrimSpace(s[i+1:]), true
}

func stampFirst(s string) (float64, string, bool) {
	in := strings.TrimLeft(s, "[(")
	t, n := clock(in)
	if n == 0 || len(s)-len(in) > 1 {
		return 0, "", false
	}
	rest := in[n:]
	if len(in) < len(s) {
		if !strings.HasPrefix(rest, "]") && !strings.HasPrefix(rest, ")") {
			return 0, "", false
		}
		rest = rest[1:]
	}
	if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return 0, "", false
	}
	return t, strings.TrimLeft(rest, " \t-–—"), true
}

// notNames are words that open a line with a colon but name nobody.
var notNames = set(`note notes agenda action actions summary transcript date time attendees participants subject topic question answer example
 http https re fw fwd ps update todo next first second third one two so and but well here is are was the this that these what why how when because`)

// isName says whether n can be a speaker: one to six words, the first with a
// capital, a digit or from a script without capitals, no sentence marks.
func isName(n string) bool {
	if n == "" || len(n) > 60 || strings.ContainsAny(n, "?!;\"“”<>{}=") {
		return false
	}
	fields := strings.Fields(n)
	if len(fields) == 0 || len(fields) > 6 || notNames[strings.ToLower(fields[0])] {
		return false
	}
	r, _ := utf8.DecodeRuneInString(n)
	if unicode.IsLower(r) && len(fields) > 2 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '@' {
		return false
	}
	lower := 0
	for _, f := range fields {
		if q, _ := utf8.DecodeRuneInString(f); unicode.IsLower(q) {
			lower++
		}
		if strings.HasSuffix(f, ",") && len(fields) > 3 {
			return false
		}
	}
	return lower <= 2 && (lower < len(fields) || len(fields) == 1)
}
