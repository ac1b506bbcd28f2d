package transcript

import "strings"

// otter reads "Name  0:07" above the words, as Otter and the text exports of
// Teams and others write it, until the "Transcribed by" line.
func (r *reader) otter(text string) {
	r.t.Format = Otter
	c := cue{start: -1, end: -1}
	flush := func() {
		r.add(c)
		c.text = ""
	}
	for i, raw := range strings.Split(text, "\n") {
		line := strings.TrimSpace(strings.ReplaceAll(raw, "**", ""))
		if line == "" {
			continue
		}
		if name, at, ok := nameAbove(line); ok {
			flush()
			c = cue{speaker: name, start: at, end: -1, line: i + 1}
			continue
		}
		if strings.HasPrefix(line, "Transcribed by http") {
			continue
		}
		if c.line == 0 {
			r.problem(i+1, "words before anybody's name: "+short(line))
			continue
		}
		if len(c.text) > joinBytes {
			flush()
			c.start = -1
		}
		c.text += " " + line
	}
	flush()
	r.ends()
}

// nameAbove reads "Ana Brook  0:07", "0:07 Ana Brook", "Ana Brook | 00:07" or
// "[00:00:07] Ana Brook"; such a line holds nothing else.
func nameAbove(line string) (name string, at float64, ok bool) {
	if t, rest, found := stampFirst(line); found {
		rest = strings.TrimRight(rest, ": ")
		return rest, t, isName(rest) && len(strings.Fields(rest)) <= 5 && !strings.ContainsAny(rest, ".:")
	}
	i := strings.LastIndexAny(line, " \t(")
	if i <= 0 {
		return "", 0, false
	}
	tail := strings.Trim(line[i:], " \t()[]")
	t, n := clock(tail)
	if n == 0 || n != len(tail) {
		return "", 0, false
	}
	name = strings.TrimRight(line[:i], " \t(|-–—:")
	return name, t, isName(name)
}
