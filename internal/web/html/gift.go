package html

import "net/url"

// GiftSettings are the library of gifts.
type GiftSettings struct {
	Shell
	Gifts   []GiftForm // the last is the form of a new one
	Problem *Problem
}

// GiftForm is one gift; ID is empty for a new one.
type GiftForm struct {
	ID, Title, Text, URL string
	Kinds                []Choice
	File                 string // the name of the file that is kept
	Given                string // "given three times"
	Open                 bool
}

func (g GiftForm) action() string {
	if g.ID == "" {
		return "/settings/gifts"
	}
	return "/settings/gifts/" + g.ID
}

// GiftSide says on a deal's page what was given beside what was asked.
type GiftSide struct {
	Count string // "Two gifts, one ask."
	Hint  string
	Given []GivenLine
	Could []Choice // the library

	Introductions []IntroLine
}

// GivenLine is one gift that was given.
type GivenLine struct{ Title, Note string }

// Gift is a gift as the one sees it who got it.
type Gift struct {
	Assets, Title, Text, URL string
	File                     string // the address of its file; empty for none
	Closed                   bool   // not opened yet: one press does
	From                     string // the team
}

func (g Gift) goLabel() string {
	if u, err := url.Parse(g.URL); err == nil && u.Host != "" {
		return "Go to " + u.Host
	}
	return "Go there"
}
