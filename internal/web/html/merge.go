package html

// Merge asks which of two agreements stays when deals are merged.
type Merge struct {
	Shell
	ID, Name string // the deal that goes into another
	Into     string
	Papers   []PaperChoice
	Problem  *Problem
}

// PaperChoice is an agreement to choose: Note says of which deal, and how far it is.
type PaperChoice struct {
	Value, Label, Note string
	Chosen             bool
}
