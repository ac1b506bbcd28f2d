package html

// Entry is the page in front of the product: the first set-up, signing in, or
// joining by a link.
type Entry struct {
	Assets  string
	Problem *Problem
	Email   string
	Name    string
	Team    string
	Action  string

	Currency, Zone string
	To             string // where to go afterwards; empty for Now
}

// Wrong is the page for what could not be done. Reference names the line in
// the log; it is empty for the member's own mistakes.
type Wrong struct {
	Assets    string
	Problem   Problem
	Reference string
	Back      string
}
