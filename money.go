package dottedline

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Money is an amount in minor units (cents) of an ISO 4217 currency.
type Money struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
}

// MoneyPerDay is a rate in major units of the workspace's currency per day.
type MoneyPerDay float64

// minorDigits holds the currencies that don't have two (ISO 4217).
var minorDigits = map[string]int{"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "PYG": 0, "UGX": 0, "XAF": 0, "XOF": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}

func digits(currency string) int {
	if d, ok := minorDigits[currency]; ok {
		return d
	}
	return 2
}

// Major is the amount in major units (dollars).
func (m Money) Major() float64 { return float64(m.Minor) / math.Pow10(digits(m.Currency)) }

// FromMajor rounds an amount in major units to Money.
func FromMajor(v float64, currency string) Money {
	return Money{int64(math.Round(v * math.Pow10(digits(currency)))), currency}
}

var signs = map[string]string{"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "BRL": "R$", "CHF": "CHF ", "SEK": "SEK ", "NOK": "NOK ", "DKK": "DKK ", "PLN": "PLN "}

// String writes the amount with its sign and thousands, without cents where
// there are none: $28,800 or €12.50.
func (m Money) String() string {
	sign, ok := signs[m.Currency]
	if !ok && m.Currency != "" {
		sign = m.Currency + " "
	}
	v, d := m.Major(), digits(m.Currency)
	if v == math.Trunc(v) {
		d = 0
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', d, 64)
	if v < 0 {
		sign = "−" + sign
	}
	return sign + thousands(s)
}

func thousands(s string) string {
	whole, frac, has := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if has {
		return whole + "." + frac
	}
	return whole
}

// In writes a rate in a currency, rounded to what a person can use: whole units
// from 10 on.
func (r MoneyPerDay) In(currency string) string {
	v := float64(r)
	if v >= 10 || v == 0 {
		v = math.Round(v)
	}
	return FromMajor(v, currency).String()
}

// ParseMoney reads what a person types: "28,800", "$2.4k", "1.2m EUR", "12 500,50 €".
// Without a currency it is in the given one. Errors are Problems.
func ParseMoney(s, currency string) (Money, error) {
	bad := Wrong("Write it like 28,800 or 2.4k EUR.", "%q is not an amount.", s)
	num, rest := "", strings.Builder{}
	for _, r := range strings.TrimSpace(s) {
		switch {
		case r >= '0' && r <= '9' || r == '.' || r == ',':
			num += string(r)
		case r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\'' || r == '_':
		default:
			rest.WriteRune(r)
		}
	}
	scale, unit := 1.0, strings.ToUpper(rest.String())
	for _, c := range [...]struct{ sign, code string }{{"R$", "BRL"}, {"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"¥", "JPY"}, {"₹", "INR"}, {"₩", "KRW"}} {
		if strings.Contains(unit, c.sign) {
			currency, unit = c.code, strings.Replace(unit, c.sign, "", 1)
			break
		}
	}
	switch {
	case unit == "K" || unit == "M":
	case len(unit) == 4 && (unit[0] == 'K' || unit[0] == 'M'):
		currency, unit = unit[1:], unit[:1]
	case len(unit) == 4 && (unit[3] == 'K' || unit[3] == 'M'):
		currency, unit = unit[:3], unit[3:]
	case len(unit) == 3:
		currency, unit = unit, ""
	}
	switch unit {
	case "K":
		scale = 1e3
	case "M":
		scale = 1e6
	case "":
	default:
		return Money{}, bad
	}
	v, err := strconv.ParseFloat(plainNumber(num), 64)
	if err != nil || v*scale > 1e13 || len(currency) != 3 {
		return Money{}, bad
	}
	for _, c := range currency {
		if c < 'A' || c > 'Z' {
			return Money{}, bad
		}
	}
	return FromMajor(v*scale, currency), nil
}

// plainNumber makes one decimal point of the separators of many countries: the
// last one is decimal when it stands once and not before exactly three digits.
func plainNumber(s string) string {
	last := strings.LastIndexAny(s, ".,")
	if last < 0 {
		return s
	}
	sep := string(s[last])
	other := strings.Trim(".,", sep)
	if !strings.Contains(s, other) && (strings.Count(s, sep) > 1 || len(s)-last-1 == 3) {
		return strings.ReplaceAll(s, sep, "")
	}
	whole := strings.NewReplacer(".", "", ",", "").Replace(s[:last])
	return fmt.Sprintf("%s.%s", whole, s[last+1:])
}
