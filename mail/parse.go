package mail

import (
	"bytes"
	"errors"
	"strings"
	"time"
)

// maxText bounds the text kept of one message, in bytes of each of text and
// HTML.
const maxText = 16 << 20

// ErrNoMail is returned with an almost empty Message when the bytes hold
// neither header nor text.
var ErrNoMail = errors.New("mail: nothing in it can be read as mail")

// Parse reads a message (RFC 5322, MIME) and repairs what is broken; what it
// repaired stands in Problems. The Message is never nil. It keeps raw: don't
// change raw afterwards.
func Parse(raw []byte) (*Message, error) {
	b := bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	m := &Message{}
	if bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, '\r') >= 0 {
		m.problem("line ends are bare CR")
		b = bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))
	}
	for len(b) > 0 && (b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	s := &splitter{b: b, open: map[string]int{}}
	root := s.entity(true, "text/plain")
	m.Header = root.header
	for _, p := range s.problems {
		m.problem(p)
	}
	if s.parts >= maxParts {
		m.problem("too many parts: the rest is left out")
	}
	m.readFields()
	c := collect(m, root)
	m.Text, m.HTML = c.text(), joinHTML(c.segments)
	if len(m.Header) == 0 && strings.TrimSpace(m.Text) == "" {
		return m, ErrNoMail
	}
	if len(m.Header) == 0 {
		m.problem("no header")
	}
	return m, nil
}

func (m *Message) problem(text string) {
	if text == "" || len(m.Problems) >= 50 {
		return
	}
	for _, p := range m.Problems {
		if p == text {
			return
		}
	}
	m.Problems = append(m.Problems, text)
}

func (m *Message) readFields() {
	h := m.Header
	if ids := messageIDs(h.Get("Message-ID")); len(ids) > 0 {
		m.MessageID = ids[0]
	} else {
		m.problem("no Message-ID")
	}
	m.InReplyTo = messageIDs(h.Get("In-Reply-To"))
	m.References = messageIDs(strings.Join(h.Values("References"), " "))
	m.Date, m.DateDoubt = readDate(h.Get("Date"))
	m.problem(m.DateDoubt)
	m.Received = received(h.Get("Received"))
	m.Subject = h.Text("Subject")
	m.From = addresses(h.Get("From"))
	if len(m.From) == 0 {
		m.problem("no From")
	}
	m.Sender = addresses(h.Get("Sender"))
	m.ReplyTo = addresses(h.Get("Reply-To"))
	m.To = addresses(strings.Join(h.Values("To"), ", "))
	m.Cc = addresses(strings.Join(h.Values("Cc"), ", "))
	m.Bcc = addresses(strings.Join(h.Values("Bcc"), ", "))
	m.ListUnsubscribe = h.Text("List-Unsubscribe")
	m.ListID = listID(h.Text("List-Id"))
}

// listID is what RFC 2919 §3 has between the brackets.
func listID(s string) string {
	if i := strings.LastIndexByte(s, '<'); i >= 0 {
		s, _, _ = strings.Cut(s[i+1:], ">")
	}
	return strings.ToLower(strings.TrimSpace(s))
}

// received is the time that a Received field ends with (RFC 5321 §4.4).
func received(s string) (t time.Time) {
	if i := strings.LastIndexByte(s, ';'); i >= 0 {
		if d, doubt := readDate(s[i+1:]); doubt == "" {
			return d
		}
	}
	return t
}
