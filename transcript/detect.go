package transcript

import "strings"

const looked = 400 // lines that detect looks at

// detect tells the layout by its marks, never by a file name.
func detect(text string) Format {
	head := strings.TrimLeft(text, " \t\n")
	if strings.HasPrefix(head, "{") || strings.HasPrefix(head, "[{") {
		return Whisper
	}
	if strings.HasPrefix(head, "WEBVTT") {
		return WebVTT
	}
	arrows, commas, aboves, names := 0, 0, 0, 0
	n := 0
	for line := range strings.Lines(head) {
		if n++; n > looked {
			break
		}
		line = strings.TrimSpace(line)
		if _, _, comma, ok := arrow(line); ok {
			arrows++
			if comma {
				commas++
			}
			continue
		}
		if _, _, ok := nameAbove(line); ok {
			aboves++
		} else if _, name, _, ok := nameBefore(line); ok && name != "" {
			names++
		}
	}
	switch {
	case arrows > 0 && commas*2 >= arrows:
		return SubRip
	case arrows > 0:
		return WebVTT
	case strings.Contains(head, "\n# Transcript") || strings.Contains(head, "\nMeeting ended after") || strings.Contains(head, "### Meeting ended"):
		return Meet
	case aboves > 0 && aboves*2 > names:
		return Otter
	}
	return Names
}
