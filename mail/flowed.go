package mail

import "strings"

// unflow joins the soft lines of format=flowed text (RFC 3676 §4). Quoted
// lines come out with one "> " per level.
func unflow(s string, delSp bool) string {
	var o strings.Builder
	o.Grow(len(s))
	open, openDepth := false, 0
	for line := range strings.SplitSeq(s, "\n") {
		depth := 0
		for depth < len(line) && line[depth] == '>' {
			depth++
		}
		line = strings.TrimPrefix(line[depth:], " ")
		signature := line == "-- "
		if open && (depth != openDepth || signature) {
			o.WriteByte('\n')
			open = false
		}
		if !open && depth > 0 {
			o.WriteString(strings.Repeat("> ", min(depth, maxQuote)))
		}
		soft := strings.HasSuffix(line, " ") && !signature
		if soft && delSp {
			line = line[:len(line)-1]
		}
		o.WriteString(line)
		if !soft {
			o.WriteByte('\n')
		}
		open, openDepth = soft, depth
	}
	return strings.TrimSuffix(o.String(), "\n")
}

// maxQuote bounds the quote marks written before one line.
const maxQuote = 20
