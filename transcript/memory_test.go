package transcript

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var remembered = []Example{
	{"Please send me the contract.", true, 1}, {"Please send us the numbers.", true, 1}, {"Could you call me tomorrow?", true, 1},
	{"The contract was sent.", false, 1}, {"We had lunch with the numbers people.", false, 1}, {"I will be away tomorrow.", false, 1},
}

func TestMemoryKnowsWhatItIsLike(t *testing.T) {
	t.Parallel()
	m := remember(remembered, mailFeatures, flatMail)
	if yes, no := m.logit("Please send me the numbers."), m.logit("The numbers people had lunch."); yes < 0.5 || no > -0.5 {
		t.Errorf("log-odds of a request %.2f and of none %.2f: want above 0.5 and below -0.5", yes, no)
	}
	for i, e := range remembered {
		if got := m.alike(m.shares(mailFeatures(e.Text)), len(remembered))[i]; math.Abs(got-1) > 1e-9 {
			t.Errorf("%q is like itself by %v, want 1", e.Text, got)
		}
	}
}

func TestMemoryIsReadAsWritten(t *testing.T) {
	t.Parallel()
	m := remember(remembered, mailFeatures, flatMail)
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	again, err := readMemory(&b, mailFeatures)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(m.sentences, again.sentences); d != "" {
		t.Error(d)
	}
	for _, text := range []string{"", "Please call.", "\xff\x00 - and, and: (", strings.Repeat("please, and ", 2000)} {
		if want, got := m.logit(text), again.logit(text); want != got || math.IsNaN(got) {
			t.Errorf("%.20q: %v as fitted, %v as read", text, want, got)
		}
	}
}

func TestBrokenMemoryNamesTheLine(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"0.5\tYes", "high\tYes\tPlease call.", "0.5\tMaybe\tPlease call."} {
		_, err := readMemory(strings.NewReader("0.1\t(bias)\n"+bad+"\n"), mailFeatures)
		if err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v, want an error that names line 2", bad, err)
		}
	}
}

func TestClausesBegin(t *testing.T) {
	t.Parallel()
	var got []string
	for _, ws := range clauses("If you find a bug, let us know - and Rob: can you look? Thanks (all)") {
		got = append(got, ws[0].s)
	}
	if d := cmp.Diff([]string{"if", "let", "and", "can", "thanks", "all"}, got); d != "" {
		t.Error(d)
	}
}

func TestAddressesAreNotRemembered(t *testing.T) {
	t.Parallel()
	got := masked([]Example{{"Mail bo.k@mail.example.org or call (713) 555-6544, 713.555.6544; 24 hours, $1,000.", true, 1}})
	want := []Example{{"Mail name@example.com or call 555-555-0100, 555-555-0100; 24 hours, $1,000.", true, 1}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
