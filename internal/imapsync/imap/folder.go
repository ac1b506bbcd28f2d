package imap

import (
	"context"
	"slices"
	"strings"
)

// Folder is one folder of a mailbox.
type Folder struct {
	Name  string   // as text
	Wire  string   // as the server spells it; what Examine and Append want
	Sep   string   // between the levels of its name, may be empty
	Attrs []string // in lower case: \noselect, \sent …
}

// Has says whether the folder has an attribute, for instance `\sent`.
func (f Folder) Has(attr string) bool { return slices.Contains(f.Attrs, attr) }

// Selectable says whether the folder can hold mail.
func (f Folder) Selectable() bool { return !f.Has(`\noselect`) && !f.Has(`\nonexistent`) }

// Folders lists all folders with their special uses (RFC 6154).
func (c *Client) Folders(ctx context.Context) ([]Folder, error) {
	cmd := `LIST "" "*"`
	if c.caps["SPECIAL-USE"] && c.caps["LIST-EXTENDED"] {
		cmd += " RETURN (SPECIAL-USE)"
	}
	var out []Folder
	_, err := c.command(ctx, cmd, func(r Response) bool {
		if r.Name != "LIST" {
			return false
		}
		if f, ok := folderOf(r.Args); ok {
			out = append(out, f)
		} else {
			c.odd([]byte("* LIST"), "folder without a name")
		}
		return true
	})
	return out, err
}

func folderOf(args []Value) (f Folder, ok bool) {
	if len(args) < 3 || args[0].Kind != List {
		return f, false
	}
	for _, a := range args[0].List {
		f.Attrs = append(f.Attrs, strings.ToLower(a.Text()))
	}
	f.Sep, f.Wire = args[1].Text(), string(args[2].B)
	for _, a := range args[3:] { // a name with spaces that nobody quoted
		if a.Kind == Atom && args[2].Kind == Atom {
			f.Wire += " " + string(a.B)
		}
	}
	f.Name = DecodeName(f.Wire)
	if strings.EqualFold(f.Wire, "INBOX") {
		f.Name, f.Wire = "INBOX", "INBOX"
	}
	return f, f.Wire != ""
}

// sentNames are the last parts of the names of folders for sent mail, where a
// server does not mark them.
var sentNames = []string{
	"sent", "sent items", "sent messages", "sent mail", "gesendet", "gesendete objekte", "gesendete elemente",
	"envoyés", "éléments envoyés", "messages envoyés", "enviados", "elementos enviados", "itens enviados",
	"posta inviata", "inviati", "verzonden", "verzonden items", "skickat", "skickade objekt", "sendt", "sendte elementer",
	"sendt post", "lähetetyt", "wysłane", "elementy wysłane", "odeslaná pošta", "odoslané", "отправленные", "надіслані",
	"gönderilmiş öğeler", "gönderilenler", "σταλμένα", "απεσταλμένα", "送信済みアイテム", "送信済み", "已发送邮件", "已发送", "보낸 편지함",
}

// SentFolder is where sent mail lies: the folder marked \Sent, else the one
// that is called so.
func SentFolder(all []Folder) (Folder, bool) {
	return special(all, `\sent`, sentNames)
}

// JunkFolder is where the server puts what it takes for spam.
func JunkFolder(all []Folder) (Folder, bool) {
	return special(all, `\junk`, []string{"junk", "spam", "junk e-mail", "junk email", "bulk mail"})
}

// AllFolder is Gmail's folder of all mail, if there is one.
func AllFolder(all []Folder) (Folder, bool) { return special(all, `\all`, nil) }

func special(all []Folder, attr string, names []string) (Folder, bool) {
	for _, f := range all {
		if f.Has(attr) && f.Selectable() {
			return f, true
		}
	}
	for _, name := range names {
		for _, f := range all {
			last := f.Name
			if f.Sep != "" {
				last = last[strings.LastIndex(last, f.Sep)+1:]
			}
			if strings.ToLower(last) == name && f.Selectable() {
				return f, true
			}
		}
	}
	return Folder{}, false
}
