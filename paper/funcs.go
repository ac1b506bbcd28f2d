package paper

import (
	"fmt"
	"time"
)

// date writes a time.Time or an ISO day as the language does.
func (m *merge) date(v any) (any, error) {
	switch x := v.(type) {
	case missing:
		return x, nil
	case time.Time:
		return m.lang.day(x), nil
	case string:
		t, err := time.Parse(time.DateOnly, x)
		if err != nil {
			return nil, fmt.Errorf("date: %q is not a day such as 2006-01-02", x)
		}
		return m.lang.day(t), nil
	}
	return nil, fmt.Errorf("date: a %T is not a day", v)
}

func (m *merge) money(v any) (any, error) {
	switch x := v.(type) {
	case missing:
		return x, nil
	case Money:
		return x.Format(m.lang.tag), nil
	}
	return nil, fmt.Errorf("money: a %T is not an amount", v)
}

func (m *merge) prices(v any) (any, error) {
	lines, ok := v.([]Price)
	if !ok {
		return m.blockOrHole("prices", v)
	}
	t, err := priceTable(lines, m.lang)
	if err != nil {
		return nil, err
	}
	return token(m.hold(held{block: t})), nil
}

func (m *merge) terms(v any) (any, error) {
	list, ok := v.([]Term)
	if !ok {
		return m.blockOrHole("terms", v)
	}
	t := Table{Align: []Align{Left, Left}, RowHeads: true}
	for _, x := range list {
		t.Rows = append(t.Rows, [][]Span{valueSpans(x.Name), valueSpans(x.Text)})
	}
	return token(m.hold(held{block: t})), nil
}

func (m *merge) signature(v any) (any, error) {
	s, ok := v.(Signer)
	if !ok {
		return m.blockOrHole("signature", v)
	}
	return m.signatures([]Signer{s})
}

// signatures gives a block for each signer, in the order of signing.
func (m *merge) signatures(v any) (any, error) {
	list, ok := v.([]Signer)
	if !ok {
		return m.blockOrHole("signatures", v)
	}
	out := ""
	for _, s := range inOrder(list) {
		s.Name, s.Title, s.Company = clean(s.Name), clean(s.Title), clean(s.Company)
		if s.Name == "" {
			m.hole("Signers: name of " + s.Party)
		}
		out += "\n\n" + m.hold(held{block: Signature{s}}) + "\n\n"
	}
	return token(out), nil
}

func (m *merge) blockOrHole(name string, v any) (any, error) {
	if isMissing(v) {
		return v, nil
	}
	return nil, fmt.Errorf("%s: not of a %T", name, v)
}

// priceTable lists the lines and their sum; all must be in one currency.
func priceTable(lines []Price, l locale) (Table, error) {
	w := l.words()
	t := Table{Align: []Align{Left, Right, Right, Right}, Total: true,
		Head: [][]Span{{{Text: w.item}}, {{Text: w.quantity}}, {{Text: w.unitPrice}}, {{Text: w.amount}}}}
	var sum Money
	for i, p := range lines {
		if i > 0 && p.Unit.Currency != sum.Currency {
			return Table{}, fmt.Errorf("prices: %s and %s cannot be added", sum.Currency, p.Unit.Currency)
		}
		sum = Money{sum.Amount + p.Total().Amount, p.Unit.Currency}
		item := valueSpans(p.Item)
		if note := clean(p.Note); note != "" {
			item = append(item, Span{Break: true}, Span{Text: isolate(note), Quiet: true})
		}
		t.Rows = append(t.Rows, [][]Span{item, {{Text: quantity(p.Quantity, l)}},
			{{Text: p.Unit.Format(l.tag)}}, {{Text: p.Total().Format(l.tag)}}})
	}
	t.Rows = append(t.Rows, [][]Span{{{Text: w.total, Bold: true}}, nil, nil, {{Text: sum.Format(l.tag), Bold: true}}})
	return t, nil
}

func valueSpans(s string) []Span { return []Span{{Text: isolate(clean(s))}} }
