package html

// Shell is what surrounds every page of a signed-in member.
type Shell struct {
	Title  string
	Page   string // the station of the rail that is lit: "now", "deals", "asks", "insights" or "settings"
	Assets string // the path of styles and scripts, ending in a slash
	Stream string // the address of the page's live stream; empty for none
	Rail   Rail
	Closed []Problem // calendars that offer no time
	Toast  Toast
}

// Rail is the way around: counts beside the stations, and what was read last.
type Rail struct {
	Now, Deals, Asks string // counts; empty for none
	Foot             []Line
}

// Line is a short sentence, Bad when something needs the member.
type Line struct {
	Text string
	Bad  bool
}

// Toast says once what just happened. Undo, if not empty, is where the form
// posts that takes it back.
type Toast struct {
	Text, Undo string
}

// Problem is what went wrong in the member's own words and what helps.
type Problem struct {
	Text, Hint string
}

// station is one stop of the rail.
type station struct {
	page, name, href, key, count string
}

func (s Shell) stations() []station {
	return []station{
		{"now", "Now", "/now", "n", s.Rail.Now},
		{"deals", "Deals", "/deals", "d", s.Rail.Deals},
		{"asks", "Asks", "/asks", "a", s.Rail.Asks},
		{"insights", "Insights", "/insights", "i", ""},
		{"settings", "Settings", "/settings/mail", "s", ""},
	}
}

// keyHelp is what the help dialog lists.
var keyHelp = []struct {
	keys []string
	what string
}{
	{[]string{"J", "K"}, "down and up"},
	{[]string{"↵"}, "open the row, or send the prepared answer"},
	{[]string{"E"}, "edit the answer; Ctrl ↵ sends, Esc leaves"},
	{[]string{"P"}, "put the gift that fits into the answer"},
	{[]string{"L"}, "later: tonight, tomorrow, Monday, in a week"},
	{[]string{"U", "Z"}, "undo, for ten seconds"},
	{[]string{"Y", "N"}, "they said yes; on an offered deal: yes, no"},
	{[]string{"Ctrl K"}, "go anywhere"},
	{[]string{"/"}, "search"},
	{[]string{"G", "N"}, "go to Now; G D Deals, G A Asks, G I Insights, G S Settings"},
}
