package dottedline

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAgreed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		fields []Field
		want   []string
	}{
		{"prices and terms", []Field{
			{Name: "Them.Name", Kind: TextField, Value: "Northwind"},
			{Name: "Prices", Kind: PricesField, Value: "Seats | 40 | $60\nSet-up | once | 1 | $400"},
			{Name: "Points", Kind: TermsField, Value: "Start: 1 December\nNotice: 30 days"},
		}, []string{"Seats, 40 at $60", "Set-up, $400", "Start: 1 December", "Notice: 30 days"}},
		{"a promise", []Field{{Name: "Ask", Kind: TextField, Value: "An hour in May."}}, []string{"An hour in May."}},
		{"nothing yet", []Field{{Name: "Prices", Kind: PricesField}}, nil},
		{"no more than fit", []Field{{Name: "Deliverables", Kind: LinesField, Value: "1\n2\n3\n4\n5\n6\n7"}}, []string{"1", "2", "3", "4", "5", "6"}},
	} {
		if diff := cmp.Diff(c.want, Agreed(c.fields)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}
