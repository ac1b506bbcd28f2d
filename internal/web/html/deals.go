package html

// Deals is every deal a line, found by words, path and ball.
type Deals struct {
	Shell
	Lead, LeadQuiet string // "Twenty-three lines, " "four past the yes."
	Sub             string
	Query           string
	Paths, Balls    []Choice
	Lines           []DealLine
	More            More
	Top             string   // where the list begins; empty where this is its beginning
	Heads           []string // the stations of the path
	Kinds           []Choice // for a new deal
	Currency        string
	None            string // what is said when nothing was found
}

// DealLine is one deal.
type DealLine struct {
	ID, Name, Person, Cost string
	Path                   []Stop
	PathSaid               string // the path in words
	Ball                   Ball
	NoBall                 bool
	Ended                  string // how it ended; empty while it is open
	Hit                    string // the words that were searched for, in their sentence
}
