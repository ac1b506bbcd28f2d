package mail

import "strings"

const maxIDs = 1000

// messageIDs reads the ids of Message-ID, In-Reply-To and References (RFC 5322
// §3.6.4). Words and mail addresses beside ids in brackets are comments; a
// value without brackets is taken word by word.
func messageIDs(value string) []string {
	var ids []string
	if !strings.Contains(value, "<") {
		for _, w := range strings.FieldsFunc(value, func(r rune) bool { return r <= ' ' || r == ',' || r == ';' }) {
			if w = strings.Trim(w, `>"'()`); w != "" && len(ids) < maxIDs {
				ids = append(ids, w)
			}
		}
		return ids
	}
	for len(ids) < maxIDs {
		i := strings.IndexByte(value, '<')
		if i < 0 {
			break
		}
		value = value[i+1:]
		end := strings.IndexAny(value, "<>")
		if end < 0 {
			end = len(value)
		}
		id := strings.Map(func(r rune) rune {
			if r <= ' ' || r == '"' {
				return -1
			}
			return r
		}, value[:end])
		if id != "" {
			ids = append(ids, id)
		}
		value = value[end:]
	}
	return ids
}
