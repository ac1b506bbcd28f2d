package html

// PapersSettings are the templates of agreements.
type PapersSettings struct {
	Shell
	Own, Shipped []PaperTemplate
	Problem      *Problem
}

// PaperTemplate is one of them. ID names it in addresses.
type PaperTemplate struct {
	ID, Name, Kind, Note, Version string
}

// PaperEdit is one template with its preview.
type PaperEdit struct {
	Shell
	ID, Name, Source string
	Own              bool // it can be changed; a shipped one is copied first
	Note             string
	HTML             string // with the values of an invented deal
	Fields           []Field
	Versions         []PaperVersion
	Problem          *Problem
}

// PaperVersion is an earlier text of a template.
type PaperVersion struct {
	N, When, Href string
	Shown         bool
}

// ClosingSettings are what agreements begin with, when somebody is reminded,
// and with which key they are sealed.
type ClosingSettings struct {
	Shell
	Owner     bool
	Days      string
	Facts     []PaperField
	Reminders []ReminderRule
	Most      string
	StampURL  string
	Keys      []SealKey
	Root      string // the address of the own authority's certificate; empty before it is made
	Problem   *Problem
}

// ReminderRule is one kind of reminder; Hours 0 turns it off.
type ReminderRule struct {
	Key, Label, Hint, Hours string
}

// SealKey is a key that agreements are sealed with.
type SealKey struct {
	Subject, Note string
	Used          bool
}

// Jobs are what the program does by itself, and when next.
type Jobs struct {
	Shell
	Rows []Job
}

// Job is one of them.
type Job struct {
	What, Deal, Next, Tries, Error string
	DealID                         string
}

// Verify says of a PDF by whom it was sealed and whether it is whole.
type Verify struct {
	Assets  string
	Problem *Problem
	Result  *Verified
}

// Verified is the verdict on a file.
type Verified struct {
	Name, Lead, Sub string
	Whole           bool
	Seals           []Sealed
	Problems        []string
	SHA256          string
	Known           string // "Sealed here, on …"; empty where it was not
}

// Sealed is one seal of a file.
type Sealed struct {
	By, When, Level, Note string
}
