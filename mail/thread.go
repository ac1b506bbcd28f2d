package mail

import (
	"slices"
	"strings"
)

// Parents lists the Message-IDs that m may answer, best first: In-Reply-To,
// then References from the newest to the oldest (RFC 5322 §3.6.4, RFC 5256
// §2.2). The first that is held is the parent; any that is held shows the
// thread. Never the message itself.
func Parents(m *Message) []string {
	var ids []string
	add := func(id string) {
		if id != "" && id != m.MessageID && !slices.Contains(ids, id) && len(ids) < 100 {
			ids = append(ids, id)
		}
	}
	// several ids in In-Reply-To: the last of References, when it is among
	// them, is the one that was answered
	if n := len(m.References); n > 0 && slices.Contains(m.InReplyTo, m.References[n-1]) {
		add(m.References[n-1])
	}
	for _, id := range m.InReplyTo {
		add(id)
	}
	for _, id := range slices.Backward(m.References) {
		add(id)
	}
	return ids
}

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

// SameThread is the fallback for an answer without thread headers: it was
// titled as an answer to this subject, and somebody other than ours is in
// both. a and b are the addresses of From, To and Cc; ours says which of them
// are our own.
func SameThread(subject, earlier string, a, b []string, ours func(addr string) bool) bool {
	base, reply := baseSubject(subject)
	if !reply || base == "" || !strings.EqualFold(base, BaseSubject(earlier)) {
		return false
	}
	in := make(map[string]bool, len(a))
	for _, x := range a {
		in[strings.ToLower(x)] = true
	}
	for _, y := range b {
		if y = strings.ToLower(y); in[y] && !ours(y) {
			return true
		}
	}
	return false
}

// People is the addresses of From, To and Cc in lower case, each once.
func (m *Message) People() []string {
	var out []string
	for _, l := range [][]Address{m.From, m.ReplyTo, m.To, m.Cc} {
		for _, a := range l {
			if x := strings.ToLower(a.Addr); x != "" && !slices.Contains(out, x) && len(out) < 200 {
				out = append(out, x)
			}
		}
	}
	return out
}
