package html

// Letter is one whole message on its own page.
type Letter struct {
	Shell
	Subject, From, To, When string
	Deal, DealHref          string
	Text                    string // the message as text
	Frame                   string // the address of its sanitised HTML; empty for none
	Remote                  string // the address of this page with remote pictures; empty when there are none or they are shown
	Raw                     string // the source, for a message that could not be read
	Broken                  string // what was wrong in it and how it was read
	Files                   []LetterFile
}

// LetterFile is an attachment.
type LetterFile struct {
	Name, Size, Href string
}
