package mail

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/mail"
	"strings"
	"time"

	"github.com/emersion/go-message"
	"golang.org/x/net/idna"
)

// Draft is a message to be written. Who gets it without being named (Bcc) is
// the envelope's business.
type Draft struct {
	MessageID string // without <>
	Date      time.Time
	From      Address
	ReplyTo   []Address
	To, Cc    []Address
	Subject   string

	InReplyTo  string   // without <>
	References []string // oldest first, without <>

	Text   string
	HTML   string // "" = text only
	Files  []File
	Fields []Field // further header fields, such as List-Unsubscribe

	// Calendar is an invitation, or an answer to one, as an alternative of the
	// text (RFC 6047 §2.4), so that mail programs show it with their buttons;
	// Method stands in it too, such as REQUEST.
	Calendar []byte
	Method   string
}

// File is an attachment. With a ContentID the HTML can show it as cid:….
type File struct {
	Name, Type, ContentID string
	Data                  []byte
}

// maxReferences is how many ids References keeps: the first, which names the
// thread, and the newest (RFC 5322 §3.6.4 lets them be cut; some servers refuse
// long headers).
const maxReferences = 21

// Compose writes a draft as bytes for SMTP, lines ending in CRLF. The same
// draft gives the same bytes.
func Compose(d Draft) ([]byte, error) {
	root := d.body()
	// go-message puts each new field on top: the last is added first
	var h message.Header
	root.header(&h)
	h.Add("MIME-Version", "1.0")
	if err := d.header(&h); err != nil {
		return nil, fmt.Errorf("compose mail: %w", err)
	}
	var b bytes.Buffer
	w, err := message.CreateWriter(&b, h)
	if err == nil {
		err = errors.Join(root.write(w), w.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("compose mail: %w", err)
	}
	return b.Bytes(), nil
}

func (d Draft) header(h *message.Header) error {
	if d.MessageID == "" || strings.ContainsAny(d.MessageID, "<> \t\r\n") {
		return fmt.Errorf("message id %q", d.MessageID)
	}
	if d.Date.IsZero() {
		return errors.New("no date")
	}
	if len(d.To)+len(d.Cc) == 0 {
		return errors.New("nobody to send it to")
	}
	for i := len(d.Fields) - 1; i >= 0; i-- {
		f := d.Fields[i]
		if fieldColon([]byte(f.Name+":")) != len(f.Name) || f.Name == "" || strings.ContainsAny(f.Name, " \t") {
			return fmt.Errorf("header field name %q", f.Name)
		}
		h.Add(f.Name, mime.QEncoding.Encode("utf-8", headerText(f.Value)))
	}
	if ids := capReferences(d.References, d.InReplyTo); len(ids) > 0 {
		h.Add("References", "<"+strings.Join(ids, "> <")+">")
	}
	if d.InReplyTo != "" {
		h.Add("In-Reply-To", "<"+d.InReplyTo+">")
	}
	h.Add("Message-ID", "<"+d.MessageID+">")
	h.Add("Date", d.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	h.Add("Subject", mime.QEncoding.Encode("utf-8", headerText(d.Subject)))
	for _, l := range []struct {
		name string
		list []Address
	}{{"Cc", d.Cc}, {"To", d.To}, {"Reply-To", d.ReplyTo}, {"From", []Address{d.From}}} {
		s, err := formatAddresses(l.list)
		if err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		if s != "" {
			h.Add(l.name, s)
		}
	}
	return nil
}

// headerText keeps a value on one line and from being read as encoded.
func headerText(s string) string {
	return strings.ReplaceAll(oneLine(strings.ToValidUTF8(s, "\uFFFD")), "=?", "= ?")
}

func formatAddresses(list []Address) (string, error) {
	out := make([]string, 0, len(list))
	for _, a := range list {
		i := strings.LastIndexByte(a.Addr, '@')
		if i <= 0 || i == len(a.Addr)-1 || strings.ContainsAny(a.Addr, " \t\r\n<>,;\"") {
			return "", fmt.Errorf("%q is no mail address", a.Addr)
		}
		domain, err := idna.Lookup.ToASCII(a.Addr[i+1:])
		if err != nil {
			domain = a.Addr[i+1:] // such as host_name or [192.0.2.1]
		}
		out = append(out, (&mail.Address{Name: headerText(a.Name), Address: a.Addr[:i+1] + domain}).String())
	}
	return strings.Join(out, ", "), nil
}

// capReferences adds the parent and cuts out the middle of a long chain.
func capReferences(refs []string, parent string) []string {
	var ids []string
	for _, id := range append(append([]string{}, refs...), parent) {
		if id = strings.Map(dropBlank, strings.Trim(id, "<>")); id != "" && (len(ids) == 0 || ids[len(ids)-1] != id) {
			ids = append(ids, id)
		}
	}
	if len(ids) > maxReferences {
		ids = append(ids[:1:1], ids[len(ids)-maxReferences+1:]...)
	}
	return ids
}

func dropBlank(r rune) rune {
	if r <= ' ' || r == '<' || r == '>' {
		return -1
	}
	return r
}

// body nests mixed(alternative(text, related(html, inline files)), files), each
// level only where it is needed.
func (d Draft) body() *node {
	var inline, files []File
	for _, f := range d.Files {
		if f.ContentID != "" && d.HTML != "" {
			inline = append(inline, f)
		} else {
			files = append(files, f)
		}
	}
	root := d.textNode()
	if d.HTML != "" {
		html := leaf("text/html", map[string]string{"charset": "utf-8"}, "quoted-printable", []byte(d.HTML))
		if len(inline) > 0 {
			html = &node{typ: "multipart/related", children: append([]*node{html}, fileNodes(inline)...)}
		}
		root = &node{typ: "multipart/alternative", children: []*node{root, html}}
	}
	if d.Calendar != nil {
		c := leaf("text/calendar", map[string]string{"charset": "utf-8", "method": d.Method}, "base64", d.Calendar)
		if root.typ != "multipart/alternative" {
			root = &node{typ: "multipart/alternative", children: []*node{root}}
		}
		root.children = append(root.children, c)
	}
	if len(files) > 0 {
		root = &node{typ: "multipart/mixed", children: append([]*node{root}, fileNodes(files)...)}
	}
	n := 0
	root.boundaries(d.MessageID, &n)
	return root
}

func (d Draft) textNode() *node {
	text := strings.ReplaceAll(flow(strings.ToValidUTF8(d.Text, "\uFFFD")), "\n", "\r\n")
	encoding := "7bit"
	for line := range strings.SplitSeq(text, "\r\n") {
		if !isASCII([]byte(line)) || len(line) > 900 || strings.ContainsAny(line, "\r\x00") {
			encoding = "quoted-printable"
		}
	}
	return leaf("text/plain", map[string]string{"charset": "utf-8", "format": "flowed"}, encoding, []byte(text))
}
