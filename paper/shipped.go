package paper

import (
	"embed"
	"slices"
	"time"
)

//go:embed templates/*.md
var templateFiles embed.FS

// shippedNames are in the order in which a member sees them.
var shippedNames = []string{"services", "subscription", "funding", "donation", "job", "partnership", "advice"}

// Shipped is a template that comes with the program, to be copied and edited.
type Shipped struct {
	Name   string // "services", "subscription", …
	Source string // Markdown with front matter
	*Template
}

// Templates gives the shipped templates. Each has a Note that a lawyer is to
// read it before it is used.
func Templates() []Shipped {
	out := make([]Shipped, 0, len(shippedNames))
	for _, n := range shippedNames {
		b, err := templateFiles.ReadFile("templates/" + n + ".md")
		if err != nil {
			panic(err) // it is part of the program
		}
		t, err := ParseTemplate(string(b))
		if err != nil {
			panic(err) // a test reads them all
		}
		out = append(out, Shipped{n, string(b), t})
	}
	return slices.Clip(out)
}

// Example gives values of an invented deal for every field of the shipped
// templates, for the preview of a template before there is a deal.
func Example() Values {
	day := func(d int) time.Time { return time.Date(2026, time.November, d, 0, 0, 0, 0, time.UTC) }
	return Values{
		"Us":        Values{"Name": "Grünwald & Søndergård GmbH", "Address": "Königsallee 61, 40215 Düsseldorf, Germany", "Email": "hello@gruenwald.example.com"},
		"Them":      Values{"Name": "Novotný & čeští, s.r.o.", "Address": "Žižkova 9, 110 00 Praha, Czechia", "Email": "office@novotny.example.com"},
		"Agreement": Values{"Date": day(22), "Start": day(30)},
		"Yes":       Values{"Date": day(20), "Words": "Let us begin with eight users in December and take the whole team in spring."},
		"Amount":    Money{5_000_000, "EUR"},
		"Prices": []Price{
			{"Set-up and data import", "once, fixed price", 1000, Money{480000, "EUR"}},
			{"Pilot licence", "per user and month, three months", 24000, Money{4900, "EUR"}},
			{"Training, half a day", "remote, recorded", 2500, Money{75000, "EUR"}},
			{"Goodwill for an early signature", "", 1000, Money{-30000, "EUR"}},
		},
		"Scope":   []string{"a working import of the order history, checked against three months of invoices", "a dashboard for the eight pilot users, with sign-in by e-mail", "a hand-over document of at most ten pages"},
		"Points":  []Term{{"Payment", "14 days after the invoice"}, {"Term", "12 months, then month to month"}, {"Notice", "30 days, by e-mail"}},
		"Terms":   Values{"NetDays": 14, "Months": 12, "Law": "Germany", "Court": "Düsseldorf", "NoticeDays": 30},
		"Funding": Values{"Cap": Money{600_000_000, "EUR"}, "Discount": "20%"},
		"Job":     Values{"Role": "Senior Data Engineer", "Salary": Money{7_800_000, "EUR"}, "Hours": "40 hours a week", "Place": "Düsseldorf, with up to three days a week from home", "Leave": "30 days a year", "Probation": "six months"},
		"Purpose": "scholarships for twelve students of nursing in the school year 2027",
		"Ask":     "read the first draft of our pricing page and tell us in a call of 45 minutes what you would change",
		"By":      day(28),
		"Signers": []Signer{
			{ID: "them-1", Party: "them", Name: "Nguyễn Thị Minh Khai", Title: "Chief Operating Officer", Company: "Novotný & čeští, s.r.o.", Order: 1},
			{ID: "us-1", Party: "us", Name: "Łukasz Grünwald", Title: "Managing Director", Company: "Grünwald & Søndergård GmbH", Order: 2},
		},
	}
}
