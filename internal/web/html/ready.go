package html

// Ready is the one screen with everything that follows a yes, before one press
// sends it.
type Ready struct {
	Shell
	ID, Once, DealID, DealName string
	Title, Sub                 string
	SendLabel                  string // "Send to Maya"
	CanSend, NoMailbox         bool
	Holes                      []Hole
	Problems                   []string
	Templates                  []Choice
	TemplateNote               string
	Fields                     []PaperField
	Source                     string
	HTML                       string // the live preview
	Upload                     bool   // their own PDF in place of a template
	PDF                        string // the address of the preview as PDF
	Place                      string // where places for signatures are set on an upload
	Signers                    []SignerForm
	Cover                      string
	Days                       string // "It can be signed for 30 days."
	Plan                       Plan
	Room                       Room
}

// Hole is a field without a value; Field leads to it.
type Hole struct{ Label, Field string }

// PaperField is a merge field as the member fills it in.
type PaperField struct {
	Name, Label, Value, Hint string
	Kind                     string // of input: "text", "date", or "lines" for a text area
	Hole                     bool
}

func (f PaperField) id() string { return "field-" + f.Name }

// SignerForm is one who signs. An empty one adds somebody.
type SignerForm struct {
	ID, N                         string
	Name, Title, Company, Address string
	Order                         string
	Sides                         []Choice
}

// Plan is a deal's steps as the member changes them.
type Plan struct {
	DealID string
	Steps  []RoomStep
	Edit   []StepForm // the same steps with what can be changed; the last one is empty
}

// StepForm changes one step, or adds one where ID is empty.
type StepForm struct {
	ID, Text, Due string
	Owners        []Choice
}

func (s StepForm) key() string {
	if s.ID == "" {
		return "new"
	}
	return s.ID
}

// Place sets where signatures go on an uploaded PDF.
type Place struct {
	Shell
	ID, Action, PDF, Back string
	Title                 string
	Marks                 []PlaceMark
	Problem               *Problem
}

// PlaceMark is one signer's place, in points from the lower left of the page.
type PlaceMark struct {
	Signer, Name     string
	Page, X, Y, W, H string
}
