package paper

import "strings"

// Doc is a merged agreement: one tree, from which both HTML and PDF are made.
type Doc struct {
	Title    string
	Kind     string
	Language string // BCP 47
	Blocks   []Block
	Signers  []Signer // in the order of signing

	lang  locale
	holes []string
	sans  bool // the program speaks: the evidence page
}

// Block is Heading, Paragraph, List, Table, Quote, Rule or Signature.
type Block interface{ block() }

// Span is text in one style, or a line break.
type Span struct {
	Text         string
	Bold, Italic bool
	Quiet        bool // smaller and grey: a note under an item
	Hole         bool // Text is the name of a field without a value
	Break        bool
}

type (
	// Heading is of level 1 (the title) to 6.
	Heading struct {
		Level int
		Text  []Span
	}
	Paragraph struct{ Text []Span }
	// List is numbered from Start when Ordered.
	List struct {
		Ordered bool
		Start   int
		Items   [][]Block
	}
	// Table has a Head row unless RowHeads says that its first column names
	// the rows. The last row of a table with Total is a sum.
	Table struct {
		Align    []Align
		Head     [][]Span
		Rows     [][][]Span
		RowHeads bool
		Total    bool
	}
	Quote     struct{ Blocks []Block }
	Rule      struct{}
	Signature struct{ Signer }
)

// Align is where the text of a column stands.
type Align uint8

const (
	Left Align = iota
	Center
	Right
)

func (Heading) block()   {}
func (Paragraph) block() {}
func (List) block()      {}
func (Table) block()     {}
func (Quote) block()     {}
func (Rule) block()      {}
func (Signature) block() {}

// Holes names the fields that have no value.
func (d *Doc) Holes() []string { return append([]string(nil), d.holes...) }

func (d *Doc) firstHeading() string {
	for _, b := range d.Blocks {
		if h, ok := b.(Heading); ok {
			return plainText(h.Text)
		}
	}
	return "Agreement"
}

func (d *Doc) hasParty(party string) bool {
	for _, s := range d.Signers {
		if s.Party == party {
			return true
		}
	}
	return false
}

func plainText(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Break {
			b.WriteByte(' ')
		}
		b.WriteString(s.Text)
	}
	return b.String()
}
