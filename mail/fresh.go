package mail

import "strings"

// Parts is a text split into what was newly written and what was not. Each is
// whole lines joined by \n.
type Parts struct {
	New       string
	Quoted    string // with the lines that introduce quotes
	Signature string
	Forward   bool // what is quoted was passed on, not answered
}

type lineKind uint8

const (
	lineNew lineKind = iota
	lineQuoted
	lineIntro // "On … wrote:", a header block, "-----Original Message-----"
	lineSignature
)

// Fresh separates what the sender wrote now from quotes and signature. parent
// is the text of the message it answers, as held by us ("" when unknown): it
// shows quotes that nothing marks, and answers written between them. Linear
// in both texts.
func Fresh(m *Message, parent string) Parts {
	lines := strings.Split(m.Text, "\n")
	f := &separator{lines: lines, kind: make([]lineKind, len(lines))}
	f.marked()
	cut := f.introductions()
	if cut >= 0 {
		f.below(cut, parent)
	}
	f.wrapped()
	if strings.TrimSpace(parent) != "" && cut < 0 {
		f.unmarked(newShingles(parent))
	}
	f.signatures(first(m.From))
	return f.parts()
}

type separator struct {
	lines   []string
	kind    []lineKind
	forward bool
}

// marked takes lines that begin with ">", with "|" where a line ending in a
// colon introduces such lines, and with initials as in "AL> ".
func (f *separator) marked() {
	bars, before := false, ""
	initials := map[string]int{}
	for i, l := range f.lines {
		l = strings.TrimLeft(l, " \t\u00a0")
		bars = bars || strings.HasPrefix(l, "| ") && strings.HasSuffix(before, ":")
		if strings.HasPrefix(l, ">") || bars && strings.HasPrefix(l, "|") {
			f.kind[i] = lineQuoted
		}
		if t := citeMark(l); t != "" {
			initials[t]++
		}
		if l = strings.TrimSpace(l); l != "" {
			before = l
		}
	}
	if len(initials) == 0 {
		return
	}
	for i, l := range f.lines {
		if t := citeMark(strings.TrimLeft(l, " \t\u00a0")); initials[t] >= 2 && t != "" {
			f.kind[i] = lineQuoted
		}
	}
}

// citeMark is the "AL>" or "|>" that a line begins with, as Emacs quotes. One
// letter is left alone: "R>" and "C>" are prompts.
func citeMark(l string) string {
	i := 0
	for i < len(l) && i < 5 && (l[i] >= 'A' && l[i] <= 'Z') {
		i++
	}
	if strings.HasPrefix(l, "|>") {
		return "|>"
	}
	if i < 2 || i > 4 || i+1 >= len(l) || l[i] != '>' || l[i+1] != ' ' {
		return ""
	}
	return l[:i]
}

// introductions marks what stands before quotes and returns the first line of
// a quote that goes on unmarked to the end, -1 when there is none.
func (f *separator) introductions() int {
	lastMarked := -1
	for i, k := range f.kind {
		if k == lineQuoted {
			lastMarked = i
		}
	}
	for i := 0; i < len(f.lines); i++ {
		if f.kind[i] != lineNew || strings.TrimSpace(f.lines[i]) == "" {
			continue
		}
		if n := headerBlock(f.lines[i:]); n > 0 {
			f.intro(i, n)
			f.rules(i)
			return i + n
		}
		if original, forward := originalLine(f.lines[i]); original {
			f.forward = f.forward || forward
			f.intro(i, 1)
			if !f.quoteFollows(i + 1) {
				return i + 1
			}
			continue
		}
		if n := f.attribution(i); n > 0 {
			f.intro(i-n+1, n)
			// nothing is marked below: programs that quote without a sign
			if lastMarked < i && !f.quoteFollows(i+1) {
				return i + 1
			}
		}
	}
	return -1
}

func (f *separator) intro(i, n int) {
	for j := i; j < i+n; j++ {
		f.kind[j] = lineIntro
	}
}

// rules takes the line of dashes or underscores above a header block along.
func (f *separator) rules(i int) {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		l := strings.TrimSpace(f.lines[j])
		if l != "" && strings.Trim(l, "-_=*") != "" {
			return
		}
		if l != "" {
			f.kind[j] = lineIntro
			return
		}
	}
}

func (f *separator) quoteFollows(i int) bool {
	for n := 0; i < len(f.lines) && n < 6; i, n = i+1, n+1 {
		if f.kind[i] == lineQuoted {
			return true
		}
		if strings.TrimSpace(f.lines[i]) != "" {
			return false
		}
	}
	return false
}

// attribution says how many lines up to and including i are one "On … wrote:".
func (f *separator) attribution(i int) int {
	last := strings.TrimRight(f.lines[i], " \t\u00a0\u200e\u200f")
	if !strings.HasSuffix(last, ":") && !strings.HasSuffix(last, "：") || len(last) > 400 {
		return 0
	}
	quoted := f.quoteFollows(i + 1)
	text, fits := "", 0
	for n := 1; n <= 4 && i-n+1 >= 0; n++ {
		l := strings.TrimSpace(f.lines[i-n+1])
		if l == "" || f.kind[i-n+1] != lineNew || len(l) > 400 {
			break
		}
		text = strings.TrimSpace(l + " " + text)
		if !isAttribution(text, quoted) {
			continue
		}
		if attributionStart.MatchString(l) {
			return n
		}
		if fits == 0 {
			fits = n
		}
	}
	return fits
}

// below marks everything from cut on as quoted, except answers written between
// the lines of the parent.
func (f *separator) below(cut int, parent string) {
	var known *shingles
	if strings.TrimSpace(parent) != "" && !f.forward {
		known = newShingles(parent)
	}
	matched, other := 0, 0
	is := make([]match, len(f.lines))
	for i := cut; i < len(f.lines); i++ {
		if known != nil && f.kind[i] == lineNew {
			switch is[i] = known.line(f.lines[i]); is[i] {
			case matchYes:
				matched++
			case matchNo:
				other++
			}
		}
	}
	between := matched >= 2 && matched > other
	for i := cut; i < len(f.lines); i++ {
		if f.kind[i] != lineNew || between && is[i] == matchNo && !headerLine(f.lines[i]) {
			continue
		}
		f.kind[i] = lineQuoted
	}
}

// wrapped gives a line that was cut off a long quoted one back to it.
func (f *separator) wrapped() {
	for i := 1; i+1 < len(f.lines); i++ {
		if f.kind[i] != lineNew || f.kind[i-1] != lineQuoted || f.kind[i+1] != lineQuoted {
			continue
		}
		l := strings.TrimSpace(f.lines[i])
		if l != "" && len(l) < 40 && len(f.lines[i-1]) >= 60 && strings.ToLower(l[:1]) == l[:1] && !strings.HasSuffix(strings.TrimSpace(f.lines[i-1]), ".") {
			f.kind[i] = lineQuoted
		}
	}
}

// unmarked finds the parent's own words where nothing marks them: at least two
// lines together or one long line.
func (f *separator) unmarked(known *shingles) {
	for i := 0; i < len(f.lines); i++ {
		if f.kind[i] != lineNew || known.line(f.lines[i]) != matchYes {
			continue
		}
		end, hits, words := i, 0, 0
		for j := i; j < len(f.lines) && f.kind[j] == lineNew; j++ {
			k := known.line(f.lines[j])
			if k == matchNo {
				break
			}
			if k == matchYes {
				end = j
				hits++
				words += len(strings.Fields(f.lines[j]))
			}
		}
		if hits >= 2 && words >= 8 || words >= 10 {
			for i > 0 && f.kind[i-1] == lineNew && (strings.TrimSpace(f.lines[i-1]) == "" || known.short(f.lines[i-1])) {
				i--
			}
			for end+1 < len(f.lines) && f.kind[end+1] == lineNew && (strings.TrimSpace(f.lines[end+1]) == "" || known.short(f.lines[end+1])) {
				end++
			}
			for j := i; j <= end; j++ {
				f.kind[j] = lineQuoted
			}
		}
		i = end
	}
}

func (f *separator) parts() Parts {
	var by [4][]string
	last := lineNew
	for i, l := range f.lines {
		k := f.kind[i]
		if k == lineIntro {
			k = lineQuoted
		}
		// one empty line where something was taken out of the middle
		if k == lineNew && last != lineNew && strings.TrimSpace(l) != "" && len(by[lineNew]) > 0 {
			by[lineNew] = append(by[lineNew], "")
		}
		by[k] = append(by[k], l)
		last = k
	}
	return Parts{New: tidy(by[lineNew]), Quoted: tidy(by[lineQuoted]), Signature: tidy(by[lineSignature]), Forward: f.forward}
}

// tidy joins lines, without empty ones around and never two together.
func tidy(lines []string) string {
	size := len(lines)
	for _, l := range lines {
		size += len(l)
	}
	var o strings.Builder
	o.Grow(size)
	empty := 0
	for _, l := range lines {
		l = strings.TrimRight(l, " \t\u00a0")
		if l == "" {
			empty++
			continue
		}
		if o.Len() > 0 {
			o.WriteByte('\n')
			if empty > 0 {
				o.WriteByte('\n')
			}
		}
		empty = 0
		o.WriteString(l)
	}
	return o.String()
}
