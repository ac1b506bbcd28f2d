package html

// Deals is every deal a line, found by words, path and ball.
type Deals struct {
	Shell
	Lead, LeadQuiet string // "Twenty-three lines, " "four past the yes."
	Sub             string
	Query           string
	Paths, Balls    []Choice
	Lines           []DealLine
	Heads           []string // the stations of the path
	More            string   // the address of the next page; empty for none
	None            string   // what is said when nothing was found
}

// DealLine is one deal.
type DealLine struct {
	ID, Name, Person, Cost string
	Path                   []Stop
	PathSaid               string // the path in words
	Ball                   Ball
	Hit                    string // the words that were searched for, in their sentence
}
