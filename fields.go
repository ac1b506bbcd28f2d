package dottedline

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dottedline/paper"
)

// FieldKind says how the value of a merge field is written.
type FieldKind string

// The kinds of fields. All are written as text: a day as 2026-12-01, an amount
// as 28,800 EUR, a list with a line for each element.
const (
	TextField   FieldKind = "text"
	DayField    FieldKind = "day"
	MoneyField  FieldKind = "money"
	NumberField FieldKind = "number"
	LinesField  FieldKind = "lines"  // one element a line
	TermsField  FieldKind = "terms"  // "Payment: 14 days" a line
	PricesField FieldKind = "prices" // "Set-up | note | 1 | 4,800" a line
)

// Field is one merge field of an agreement, as the member fills it in.
type Field struct {
	Name  string
	Kind  FieldKind
	Value string
	Hole  bool // it has no value yet
}

var usedAs = regexp.MustCompile(`\{\{-?\s*(date|money|prices|terms|range)\s+\.([A-Za-z0-9_.]+)`)

// numbers are the fields of the shipped templates that count something.
var numbers = map[string]bool{"Terms.NetDays": true, "Terms.Months": true, "Terms.NoticeDays": true}

// FieldsOf lists the merge fields of a template in the order of their use, with
// the values that are known. The signers are not among them.
func FieldsOf(t *paper.Template, source string, values map[string]string) []Field {
	kinds := map[string]FieldKind{}
	for _, m := range usedAs.FindAllStringSubmatch(source, -1) {
		kinds[m[2]] = map[string]FieldKind{"date": DayField, "money": MoneyField, "prices": PricesField, "terms": TermsField, "range": LinesField}[m[1]]
	}
	var out []Field
	for _, name := range t.Fields() {
		if name == "Signers" || strings.Contains(name, "[]") {
			continue
		}
		f := Field{Name: name, Kind: kinds[name], Value: values[name]}
		switch {
		case f.Kind == "" && numbers[name]:
			f.Kind = NumberField
		case f.Kind == "":
			f.Kind = TextField
		}
		out = append(out, f)
	}
	return out
}

// PaperValues reads fields as written into the values that a template is merged
// with. What can't be read is a Problem that names the field; the rest is read.
func PaperValues(fields []Field, signers []Signer, currency string) (paper.Values, error) {
	v := paper.Values{}
	var errs []error
	for _, f := range fields {
		x, err := f.read(currency)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if x != nil {
			put(v, strings.Split(f.Name, "."), x)
		}
	}
	var ss []paper.Signer
	for _, s := range signers {
		if s.Counts() {
			ss = append(ss, paper.Signer{ID: s.ID.String(), Party: string(s.Side), Name: s.Name, Title: s.Title, Company: s.Company, Order: s.Order})
		}
	}
	if ss != nil {
		v["Signers"] = ss
	}
	return v, errors.Join(errs...)
}

// put sets a value under a dotted name. A field that is both a value and a
// group keeps the value.
func put(v paper.Values, path []string, x any) {
	for _, p := range path[:len(path)-1] {
		next, ok := v[p].(paper.Values)
		if !ok {
			if v[p] != nil {
				return
			}
			next = paper.Values{}
			v[p] = next
		}
		v = next
	}
	v[path[len(path)-1]] = x
}

// read gives the value of a field; nil where it has none.
func (f Field) read(currency string) (any, error) {
	text := strings.TrimSpace(strings.ReplaceAll(f.Value, "\r\n", "\n"))
	if text == "" {
		return nil, nil
	}
	switch f.Kind {
	case DayField:
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return nil, Wrong("Write a day like 2026-12-01.", "%s: %q is not a day.", f.Name, text)
		}
		return d, nil
	case MoneyField:
		m, err := ParseMoney(text, currency)
		if err != nil {
			return nil, Wrong("Write it like 28,800 or 2.4k EUR.", "%s: %q is not an amount.", f.Name, text)
		}
		return paper.Money{Amount: m.Minor, Currency: m.Currency}, nil
	case NumberField:
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, Wrong("Write a whole number.", "%s: %q is not a number.", f.Name, text)
		}
		return n, nil
	case LinesField:
		return lines(text), nil
	case TermsField:
		var out []paper.Term
		for _, l := range lines(text) {
			name, rest, ok := strings.Cut(l, ":")
			if !ok {
				return nil, Wrong("Write each as a name, a colon and what was agreed: Payment: 14 days.", "%s: %q has no colon.", f.Name, l)
			}
			out = append(out, paper.Term{Name: strings.TrimSpace(name), Text: strings.TrimSpace(rest)})
		}
		return out, nil
	case PricesField:
		return f.prices(lines(text), currency)
	}
	return text, nil
}

func lines(text string) (out []string) {
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(l), "- ")); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// prices reads "item | note | quantity | unit price"; note and quantity may be left out.
func (f Field) prices(ls []string, currency string) (out []paper.Price, err error) {
	for _, l := range ls {
		cells := strings.Split(l, "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		p := paper.Price{Item: cells[0], Quantity: 1000}
		quantity := "1"
		switch len(cells) {
		case 2:
		case 3:
			quantity = cells[1]
		case 4:
			p.Note, quantity = cells[1], cells[2]
		default:
			return nil, Wrong("Write each line as item | quantity | price, with a note after the item if you like.", "%s: %q can't be read as a line of prices.", f.Name, l)
		}
		q, err := strconv.ParseFloat(plainNumber(quantity), 64)
		if err != nil || q <= 0 || q > 1e9 {
			return nil, Wrong("Write a number like 40 or 2.5.", "%s: %q is not a quantity.", f.Name, quantity)
		}
		p.Quantity = int64(q*1000 + 0.5)
		m, err := parseSigned(cells[len(cells)-1], currency)
		if err != nil || q*float64(max(m.Minor, -m.Minor)) > 1e15 {
			return nil, Wrong("Write it like 28,800 or 2.4k EUR.", "%s: %q is not an amount.", f.Name, cells[len(cells)-1])
		}
		p.Unit = paper.Money{Amount: m.Minor, Currency: m.Currency}
		out = append(out, p)
	}
	return out, nil
}

// parseSigned is ParseMoney for prices, which may be taken off.
func parseSigned(s, currency string) (Money, error) {
	t := strings.TrimLeft(s, "-− ")
	m, err := ParseMoney(t, currency)
	if t != s {
		m.Minor = -m.Minor
	}
	return m, err
}

// HolesText says in one sentence which fields have no value.
func HolesText(holes []string) string {
	switch len(holes) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%s has no value yet.", holes[0])
	}
	return fmt.Sprintf("%s and %s have no value yet.", strings.Join(holes[:len(holes)-1], ", "), holes[len(holes)-1])
}
