package dottedline

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const tokenA, tokenB = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"

// TestDrafting: the prompt holds what is known and no link that lets anybody in;
// what the model leaves out of the lines is not lost.
func TestDrafting(t *testing.T) {
	t.Parallel()
	first, second := "https://deals.example.com/booking/"+tokenA, "https://deals.example.com/g/"+tokenB
	lines, links := LinkLines("Maya,\r\n\r\nTue 10:00: " + first + "\r\nA note: " + second + "\r\n\r\nSam")
	if diff := cmp.Diff([]string{"Tue 10:00: [link 1]", "A note: [link 2]"}, lines); diff != "" {
		t.Fatal(diff)
	}
	p := Drafting{Facts: Facts{Name: "Maya Okafor", MyName: "Sam Field", Value: "$1,000", Answer: "It does."}, Template: "Maya,\n\nSam", Wrote: "Does it? See " + second, Lines: lines}.Prompt()
	for _, want := range []string{"To: Maya Okafor\n", "From: Sam Field\n", "$1,000", "It does.", "Tue 10:00: [link 1]\nA note: [link 2]\n", "See [a link]\n"} {
		if !strings.Contains(p, want) {
			t.Errorf("%q is not in\n%s", want, p)
		}
	}
	if strings.Contains(p, tokenA) || strings.Contains(p, tokenB) || strings.Contains(p, "company") {
		t.Errorf("more than is known, or a link:\n%s", p)
	}
	whole, missing := PutLinks("Tue 10:00: [link 1] fits.", lines, links)
	if whole != "Tue 10:00: "+first+" fits." || missing != "A note: "+second+"\n" {
		t.Errorf("%q, missing %q", whole, missing)
	}
	if long := (Drafting{Wrote: strings.Repeat("word ", 100_000)}).Prompt(); len(long) > 10_000 {
		t.Errorf("a prompt of %d bytes", len(long))
	}
}
