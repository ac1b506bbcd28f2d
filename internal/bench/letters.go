package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"mime/quotedprintable"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// charset is one of the charsets that business mail comes in, with a line in it.
type charset struct {
	name, transfer string
	enc            encoding.Encoding
	sample         string
}

var utf8 = charset{"utf-8", "quoted-printable", encoding.Nop, "Zażółć gęślą jaźń – déjà vu."}

var charsets = []charset{
	{"windows-1252", "quoted-printable", charmap.Windows1252, "Prêt à signer ? Grüße aus Köln – “bientôt” € 12 000"},
	{"iso-8859-1", "quoted-printable", charmap.ISO8859_1, "Señor Muñoz, mañana por la mañana. Æblegrød på bordet."},
	{"koi8-r", "quoted-printable", charmap.KOI8R, "Добрый день, договор готов к подписи."},
	{"iso-2022-jp", "7bit", japanese.ISO2022JP, "契約書の件、署名をお願いします。"},
	{"gb18030", "base64", simplifiedchinese.GB18030, "合同已经准备好，请签字。"},
	utf8,
}

func transfer(how string, b []byte) []byte {
	var o bytes.Buffer
	switch how {
	case "quoted-printable":
		w := quotedprintable.NewWriter(&o)
		w.Write(b)
		w.Close()
	case "base64":
		s := base64.StdEncoding.EncodeToString(b)
		for ; len(s) > 76; s = s[76:] {
			o.WriteString(s[:76] + "\r\n")
		}
		o.WriteString(s + "\r\n")
	default:
		o.Write(b)
	}
	return o.Bytes()
}

// part is one MIME part: its header, a blank line, its body.
func part(typ, how string, body []byte) string {
	return "Content-Type: " + typ + "\r\nContent-Transfer-Encoding: " + how + "\r\n\r\n" + string(transfer(how, body))
}

func (g *generator) multipart(kind string, parts ...string) string {
	edge := fmt.Sprintf("----=_%016x", g.Uint64())
	return "Content-Type: multipart/" + kind + "; boundary=\"" + edge + "\"\r\n\r\n--" + edge + "\r\n" +
		strings.Join(parts, "\r\n--"+edge+"\r\n") + "\r\n--" + edge + "--\r\n"
}

// text is a text/plain part.
func (g *generator) text(c charset, s string) string {
	b, err := encoding.ReplaceUnsupported(c.enc.NewEncoder()).Bytes([]byte(s))
	if err != nil {
		panic(err) // what a charset lacks is replaced
	}
	return part(`text/plain; charset="`+c.name+`"`, c.transfer, b)
}

const htmlHead = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><style><!--
@font-face {font-family:"Cambria Math"; panose-1:2 4 5 3 5 4 6 3 2 4;}
p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}
--></style></head><body lang="EN-GB" link="#0563C1" vlink="#954F72"><div class="WordSection1">
`

// html is a text/html part as word processors and newsletters make them.
func (g *generator) html(size int) string {
	var b strings.Builder
	b.WriteString(htmlHead)
	for b.Len() < size {
		fmt.Fprintf(&b, `<p class="MsoNormal"><span style="font-size:11.0pt;mso-fareast-language:EN-US">%s <a href="https://click.example.com/t/%x%x">%s</a>&nbsp;&mdash; caf&eacute;<o:p></o:p></span></p>`+"\r\n",
			g.sentences(40), g.Uint64(), g.Uint64(), g.phrase(3))
	}
	b.WriteString("</div></body></html>\r\n")
	return part(`text/html; charset="utf-8"`, "quoted-printable", []byte(b.String()))
}

func (g *generator) attachment() string {
	b := make([]byte, min(int(math.Exp(10.3+g.NormFloat64()*0.9)), 1_500_000))
	for i := range b {
		b[i] = byte(g.Uint32())
	}
	copy(b, "%PDF-1.7\n")
	name := fmt.Sprintf("Vertrag%%20%d%%C3%%A4.pdf", g.IntN(1000))
	return part("application/pdf\r\nContent-Disposition: attachment; filename*=UTF-8''"+name, "base64", b)
}

func (g *generator) invitation(m *letter) string {
	day := m.at.AddDate(0, 0, 2).Format("20060102T150405Z")
	return part("text/calendar; charset=utf-8; method=REQUEST", "7bit", fmt.Appendf(nil, strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example.com//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:%x@example.com
DTSTAMP:%s
DTSTART:%s
SUMMARY:Meeting
ORGANIZER:mailto:%s
ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:%s
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n"), g.Uint64(), m.at.Format("20060102T150405Z"), day, m.from.addr, m.to.addr))
}
