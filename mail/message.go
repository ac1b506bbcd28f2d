package mail

import "time"

// Message is one mail as far as it could be read. It keeps the raw bytes it
// was parsed from: its attachments are slices of them.
type Message struct {
	Header     Header // top-level fields
	MessageID  string // without <>
	InReplyTo  []string
	References []string // oldest first, without <>

	// Date is the Date field with its zone. It is zero when missing or
	// unreadable. DateDoubt says in words why it should not be trusted ("" =
	// trust it); the caller then prefers the server's own arrival time.
	Date      time.Time
	DateDoubt string
	Received  time.Time // of the topmost Received field; zero when there is none

	From, Sender, ReplyTo, To, Cc, Bcc []Address
	Subject                            string // decoded, on one line

	// Text is the best plain text there is: the text parts, or what the HTML
	// says with its quotes marked by "> ". Lines end in \n.
	Text string
	// HTML is the HTML body as it came, in UTF-8. It is not safe to show: see
	// SanitizeHTML.
	HTML        string
	Attachments []Attachment

	ListID          string // inside of <…> of List-Id, lower case
	ListUnsubscribe string

	// Problems names what was wrong in the bytes and how it was read.
	Problems []string
}

// Address is one mailbox. Addr has its domain in lower case and is "" when a
// name stands alone.
type Address struct{ Name, Addr string }

// Attachment is a leaf of the message that is not its text.
type Attachment struct {
	Name      string // file name, decoded, without folders
	Type      string // media type in lower case
	Params    map[string]string
	ContentID string // without <>
	Inline    bool   // meant to be shown inside the HTML
	Note      string // what a reader should know of it in one phrase, else ""
	Header    Header

	raw      []byte
	encoding string
}

// Bytes decodes the attachment. Broken base64 or quoted-printable gives what
// can be read of it.
func (a Attachment) Bytes() []byte {
	b, _ := decodeTransfer(a.raw, a.encoding)
	return b
}

// Size is the decoded size in bytes, for base64 without decoding it: right to
// within the line ends that the sender used.
func (a Attachment) Size() int {
	switch a.encoding {
	case "base64":
		n := 0
		for _, c := range a.raw {
			if base64Value[c] >= 0 {
				n++
			}
		}
		return n * 3 / 4
	case "quoted-printable":
		return len(a.Bytes())
	}
	return len(a.raw)
}
