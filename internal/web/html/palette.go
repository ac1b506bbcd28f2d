package html

// Found is what the palette shows for what was typed.
type Found struct {
	Groups []FoundGroup
}

// FoundGroup is a heading and what stands under it.
type FoundGroup struct {
	Name  string
	Items []FoundItem
}

// FoundItem is one place to go.
type FoundItem struct {
	Name, Note, Href string
	Keys             []string
}
