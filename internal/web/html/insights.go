package html

// Insights is what a workspace's own history says.
type Insights struct {
	Shell
	Note     string // what it rests on
	Sections []Insight
}

// Insight is one finding with its charts and the numbers behind them.
type Insight struct {
	Name   string // in addresses: /insights/NAME.csv
	Head   string // the finding
	Lead   string
	Charts []Chart
	Four   []Chart // smaller ones, side by side
	Facts  []Fact
	Notes  []string // what was measured on whom
	Table  Table
}

// few says that too little is known yet to show more than a sentence.
func (x Insight) few() bool { return len(x.Charts)+len(x.Four)+len(x.Facts) == 0 }

// Fact is a number with what it counts.
type Fact struct{ Number, Of string }

// Table is what is behind a chart, as it is read and as it is saved.
type Table struct {
	Head []string
	Rows [][]string
}
