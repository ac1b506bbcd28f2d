package mail

import "strings"

// replyPrefixes are "Re" and "Fwd" as programs write them, by language.
var replyPrefixes = func() map[string]bool {
	m := map[string]bool{}
	for p := range strings.FieldsSeq(`re fwd fw aw antw antwort wg sv vs vb vl rv res enc tr rif r i inoltra odp pd ynt ilt ats bls doorst fs ref resp
		回复 答复 回覆 答覆 转发 轉寄 轉發 返信 転送 답장 전달 ответ отв пересл hà 回 πρθ απ σχετ`) {
		m[p] = true
	}
	return m
}()

// BaseSubject is the subject without what answering and forwarding add
// (RFC 5256 §2.1, with the prefixes of other languages), on one line.
func BaseSubject(s string) string { b, _ := baseSubject(s); return b }

// IsReplySubject says whether answering or forwarding added something.
func IsReplySubject(s string) bool { _, reply := baseSubject(s); return reply }

func baseSubject(s string) (base string, reply bool) {
	s = oneLine(s)
	for {
		before := s
		for {
			low := strings.ToLower(s)
			if !strings.HasSuffix(low, "(fwd)") {
				break
			}
			s, reply = strings.TrimSpace(s[:len(s)-5]), true
		}
		s = strings.TrimSpace(s)
		if n := prefixLength(s); n > 0 {
			s, reply = strings.TrimSpace(s[n:]), true
		} else if n := blobLength(s); n > 0 && strings.TrimSpace(s[n:]) != "" {
			// "[list] Re: x": the blob goes only when something stays
			s = strings.TrimSpace(s[n:])
		}
		if l := strings.ToLower(s); strings.HasPrefix(l, "[fwd:") && strings.HasSuffix(l, "]") {
			s, reply = strings.TrimSpace(s[5:len(s)-1]), true
		}
		if s == before {
			return s, reply
		}
	}
}

// prefixLength measures "Re:", "AW[2]:", "Re (3):", "回复：" at the start.
func prefixLength(s string) int {
	i := strings.IndexAny(s[:min(len(s), 30)], ":：")
	if i <= 0 {
		return 0
	}
	word := strings.ToLower(strings.TrimSpace(s[:i]))
	if j := strings.IndexAny(word, "[(^*"); j > 0 {
		if strings.Trim(word[j:], "[](){}^*0123456789 ") != "" {
			return 0
		}
		word = strings.TrimSpace(word[:j])
	}
	if !replyPrefixes[strings.TrimRight(word, ".0123456789")] {
		return 0
	}
	if strings.HasPrefix(s[i:], "：") {
		return i + len("：")
	}
	return i + 1
}

// blobLength measures a "[list name]" at the start.
func blobLength(s string) int {
	if !strings.HasPrefix(s, "[") {
		return 0
	}
	i := strings.IndexAny(s[1:], "[]")
	if i < 0 || s[1+i] != ']' || i > 60 {
		return 0
	}
	return i + 2
}
