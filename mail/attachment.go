package mail

import (
	"path"
	"strings"
	"unicode/utf8"
)

func (c *content) attach(p *part, related bool) {
	disposition, params := mediaType(p.header.Get("Content-Disposition"))
	encoding, _ := transferEncoding(p.header.Get("Content-Transfer-Encoding"))
	name := params["filename"]
	if name == "" {
		name = p.params["name"]
	}
	a := Attachment{
		Name: fileName(name), Type: p.typ, Params: p.params, Header: p.header, raw: p.body, encoding: encoding,
		Inline: disposition == "inline" || disposition == "" && related,
	}
	if ids := messageIDs(p.header.Get("Content-ID")); len(ids) > 0 {
		a.ContentID = ids[0]
	}
	switch a.Type {
	case "application/ms-tnef", "application/vnd.ms-tnef":
		a.Note = "Outlook's own format (TNEF): files may be inside"
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		a.Note = "S/MIME: encrypted or sealed as a whole, it can't be read here"
		if strings.Contains(p.params["smime-type"], "signed") {
			a.Note = "S/MIME: the signed message is inside, it can't be read here"
		}
	case "application/pkcs7-signature", "application/x-pkcs7-signature":
		a.Note = "S/MIME signature, not checked"
	case "application/pgp-signature":
		a.Note = "PGP signature, not checked"
	case "application/pgp-encrypted":
		a.Note = "encrypted (PGP): it can't be read here"
	case "message/rfc822", "message/global":
		if a.Name == "" {
			h, _, _ := readHeader(a.Bytes(), true)
			a.Name = h.Text("Subject")
		}
	case "message/partial":
		a.Note = "one piece of a message that was cut up"
	}
	c.m.Attachments = append(c.m.Attachments, a)
}

// fileName keeps the last element of a path and nothing that a terminal or a
// file system would read in its own way.
func fileName(s string) string {
	s = decodeWords(s)
	if strings.Contains(s, "''") && strings.Contains(s, "%") { // RFC 2231 under the plain name
		if f := strings.SplitN(s, "'", 3); len(f) == 3 && len(f[0]) < 20 {
			s, _ = toUTF8([]byte(percentDecode(f[2])), f[0])
		}
	}
	s = path.Base(oneLine(strings.ReplaceAll(s, `\`, "/")))
	if s == "." || s == "/" || s == ".." {
		return ""
	}
	for len(s) > 200 {
		_, n := utf8.DecodeRuneInString(s)
		s = s[n:]
	}
	return s
}
