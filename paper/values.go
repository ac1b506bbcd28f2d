package paper

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Values are what a template is merged with, nested by the dots of its field
// names. A leaf is a string, bool, int, int64, time.Time (a day), Money, or a
// list: []string, []Price, []Term, []Signer or []any of these.
type Values map[string]any

// Money is an amount in the smallest unit of its currency (ISO 4217).
type Money struct {
	Amount   int64
	Currency string
}

// Price is one line of a price table.
type Price struct {
	Item, Note string
	Quantity   int64 // in thousandths: 1500 is one and a half
	Unit       Money // of one
}

// Total is quantity times unit price, rounded half away from zero.
func (p Price) Total() Money {
	n := p.Quantity * p.Unit.Amount
	half := int64(500)
	if n < 0 {
		half = -half
	}
	return Money{(n + half) / 1000, p.Unit.Currency}
}

// Term is one named point of what was agreed, such as "Payment".
type Term struct{ Name, Text string }

// Signer is a person who signs. ID is the caller's and comes back with the
// place of the signature; Party is one of the template's parties. Who has the
// lower Order signs first; the same Order means in parallel.
type Signer struct {
	ID, Party            string
	Name, Title, Company string
	Order                int
}

func inOrder(s []Signer) []Signer {
	s = slices.Clone(s)
	slices.SortStableFunc(s, func(a, b Signer) int { return cmp.Compare(a.Order, b.Order) })
	return s
}

// symbols of the currencies that everybody reads alike; others show their code.
var symbols = map[string]string{"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "INR": "₹", "KRW": "₩", "PLN": "zł", "UAH": "₴", "TRY": "₺", "VND": "₫", "ILS": "₪", "THB": "฿"}

// digits after the separator where they are not two (ISO 4217).
var digits = map[string]int{"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "XAF": 0, "XOF": 0, "PYG": 0, "UGX": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3}

// Format writes the amount as people of the language do: "€4,800.00" in
// English, "4.800,00 €" in German. A minus is a real minus.
func (m Money) Format(language string) string {
	l, _ := languageOf(language)
	n, places := m.Amount, 2
	if d, ok := digits[m.Currency]; ok {
		places = d
	}
	sign := ""
	u := uint64(n)
	if n < 0 {
		sign, u = "−", -u
	}
	s := fmt.Sprintf("%0*d", places+1, u)
	whole, frac := s[:len(s)-places], s[len(s)-places:]
	out := group(whole, l.group)
	if frac != "" {
		out += l.decimal + frac
	}
	symbol, ok := symbols[m.Currency]
	switch {
	case !ok && l.symbolFirst:
		return sign + m.Currency + "\u00a0" + out
	case !ok:
		return sign + out + "\u00a0" + m.Currency
	case l.symbolFirst:
		return sign + symbol + out
	}
	return sign + out + "\u00a0" + symbol
}

func group(s, sep string) string {
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(c)
	}
	return b.String()
}
