package html

// Writer is a language model that may write a reply, and all that it is sent.
type Writer struct {
	Model, URL, Prompt string
	Seal               string // of what is shown
}

// DrafterSettings are which language model may write drafts.
type DrafterSettings struct {
	Shell
	Owner, On, HasKey bool
	URL, Model        string
	Test              string // all that a test sends
	Answer            string // to a test; empty before
	Problem           *Problem
}
