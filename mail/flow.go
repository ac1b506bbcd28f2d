package mail

import "strings"

// flowWidth is how long a written line is at most where a blank allows it
// (RFC 3676 §4.2).
const flowWidth = 76

// flow writes a text as format=flowed: long lines are broken after a blank,
// which stays, so that a reader can join them again. Lines end in \n.
func flow(s string) string {
	var o strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(normalLines(s), "\n"), "\n") {
		depth := 0
		for strings.HasPrefix(line, ">") {
			depth++
			line = strings.TrimPrefix(line[1:], " ")
		}
		depth = min(depth, maxQuote)
		// a blank at the end would say that the line goes on
		if line != "-- " || depth > 0 {
			line = strings.TrimRight(line, " ")
		}
		flowLine(&o, line, depth)
	}
	return o.String()
}

func flowLine(o *strings.Builder, line string, depth int) {
	for {
		piece, rest := line, ""
		if width := flowWidth - depth - 1; len(line) > width {
			if i := breakAt(line, width); i > 0 {
				piece, rest = line[:i], line[i:]
			}
		}
		for range depth {
			o.WriteByte('>')
		}
		// stuffing: also what a mail system or a reader takes for something else
		if depth > 0 && piece != "" || strings.HasPrefix(piece, " ") || strings.HasPrefix(piece, ">") || strings.HasPrefix(piece, "From ") {
			o.WriteByte(' ')
		}
		o.WriteString(piece)
		o.WriteByte('\n')
		if rest == "" {
			return
		}
		line = rest
	}
}

// breakAt finds the place after the last blank within the width, else after
// the first one; 0 when there is none. "-- " alone would be a signature's mark.
func breakAt(line string, width int) int {
	i := strings.LastIndexByte(line[:width], ' ') + 1
	if i <= 1 || line[:i] == "-- " || strings.TrimSpace(line[:i]) == "" {
		j := strings.IndexByte(line[width:], ' ')
		if j < 0 {
			return 0
		}
		i = width + j + 1
	}
	if i >= len(line) || strings.TrimSpace(line[i:]) == "" {
		return 0
	}
	return i
}
