package dottedline

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dottedline/paper"
)

// chase draws what may be known of one who has to sign.
func chase(t *rapid.T) Chase {
	at := func(name string) time.Time {
		return day0.Add(time.Duration(rapid.IntRange(1, 20000).Draw(t, name)) * time.Minute)
	}
	c := Chase{Sent: day0, Ends: day0.AddDate(0, 0, rapid.IntRange(1, 60).Draw(t, "days"))}
	if rapid.Bool().Draw(t, "opened") {
		c.Opened = at("opened at")
		c.Seen = c.Opened.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "seen")) * time.Minute)
	}
	if rapid.Bool().Draw(t, "asked") {
		c.Asked = at("asked at")
	}
	if rapid.Bool().Draw(t, "step") {
		c.Overdue = Step{Owner: Them, Text: "Read it", Due: at("due")}
	}
	return c
}

func TestReminderLaws(t *testing.T) {
	t.Parallel()
	theirs, ours := OfficeHoursAt(5*3600), OfficeHoursAt(-8*3600)
	rapid.Check(t, func(t *rapid.T) {
		r := ReminderRules{NotOpened: float64(rapid.IntRange(0, 48).Draw(t, "not opened")), LeftOpen: float64(rapid.IntRange(0, 48).Draw(t, "left")),
			Unanswered: 0.5, StepOverdue: float64(rapid.IntRange(0, 9).Draw(t, "overdue")), Expiring: float64(rapid.IntRange(0, 96).Draw(t, "expiring")), Most: rapid.IntRange(0, 6).Draw(t, "most")}
		c := chase(t)
		had := map[Side]int{}
		last := map[Side]time.Time{}
		for range 50 {
			next, ok := r.Next(c, theirs, ours)
			if !ok {
				break
			}
			h := theirs
			if next.To == Us {
				h = ours
			}
			if h.Working(next.At, next.At.Add(time.Minute)) == 0 && h.Working(next.At.Add(-time.Minute), next.At) == 0 {
				t.Fatalf("%+v is outside of their working hours", next)
			}
			if had[next.To] > 0 && next.At.Before(last[next.To].Add(24*time.Hour)) {
				t.Fatalf("%+v comes within a day of the one before, at %v", next, last[next.To])
			}
			if next.At.Before(c.Sent) || next.To == Them && !next.At.Before(c.Ends) {
				t.Fatalf("%+v of what was sent %v and ends %v", next, c.Sent, c.Ends)
			}
			if next.Why == "" || !strings.HasSuffix(next.Why, ".") {
				t.Fatalf("%+v doesn't say why", next)
			}
			had[next.To]++
			last[next.To] = next.At
			c.Reminded = append(c.Reminded, next)
		}
		if had[Them] > r.Most || had[Us] > 1 {
			t.Fatalf("%v reminders, at most %d", had, r.Most)
		}
		for name, quiet := range map[string]Chase{"signed": {Signed: day0.Add(time.Hour)}, "an answer": {Answered: day0.Add(time.Hour)}, "don't remind me": {Quiet: true}} {
			x := c
			x.Reminded, x.Signed, x.Quiet = nil, quiet.Signed, quiet.Quiet
			x.Answered = quiet.Answered
			if next, ok := r.Next(x, theirs, ours); ok && (next.To == Them || name == "signed") {
				t.Fatalf("after %s: %+v", name, next)
			}
		}
	})
}

func TestSigningOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		var ss []Signer
		for i := range n {
			s := Signer{ID: SignerID(i + 1), Order: rapid.IntRange(1, 3).Draw(t, "order")}
			if i > 0 && rapid.Bool().Draw(t, "passed on") {
				s.PassedTo = 1
			}
			ss = append(ss, s)
		}
		order := 0
		for range n + 1 {
			turn := Turn(ss)
			if len(turn) == 0 {
				break
			}
			next := rapid.SampledFrom(turn).Draw(t, "signs")
			if !MaySign(ss, next.ID) || next.Order < order {
				t.Fatalf("%d signs after order %d", next.ID, order)
			}
			order = next.Order
			i := slices.IndexFunc(ss, func(s Signer) bool { return s.ID == next.ID })
			ss[i].Signed = day0
			if MaySign(ss, next.ID) {
				t.Fatal("somebody may sign twice")
			}
		}
		for _, s := range ss {
			if s.Counts() == s.Signed.IsZero() {
				t.Fatalf("when nobody's turn is left: %+v", s)
			}
		}
	})
}

func TestPlan(t *testing.T) {
	t.Parallel()
	h, err := OfficeHours("Europe/Oslo").Local()
	if err != nil {
		t.Fatal(err)
	}
	friday := time.Date(2026, 3, 6, 15, 0, 0, 0, time.UTC)
	for _, k := range Kinds {
		steps := NewPlan(k, friday, h)
		if len(steps) != 5 || steps[0].Done.IsZero() || steps[1].Due.In(h.Location()).Format("Mon 15:04") != "Fri 17:00" ||
			steps[2].Due.In(h.Location()).Format("Mon 2 Jan") != "Tue 10 Mar" {
			t.Errorf("%s: %+v", k, steps)
		}
	}
	steps := NewPlan(Sale, friday, h)
	if at := NextDue(steps); !at.Equal(steps[4].Due) {
		t.Errorf("next of ours is due %v", at)
	}
	if late := Overdue(steps, Them, friday.AddDate(0, 0, 5)); len(late) != 1 || late[0].Text != "Read the agreement" {
		t.Errorf("overdue: %+v", late)
	}
	steps[4].Done = friday
	if at := NextDue(steps); !at.IsZero() {
		t.Errorf("nothing is left, and %v is", at)
	}
}

func TestReadYes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, words string }{
		{"Yes, let's do it. Send me whatever I need to sign.", "Yes, let's do it."},
		{"Hello Sam,\n\nthat works for us. Please send the contract over.", "Please send the contract over."},
		{"Does it run on our own server?", ""},
		{"Thank you, but we have decided against it.", ""},
		{"Not this quarter. Ask me again in May.", ""},
	} {
		y, ok := ReadYes(c.text)
		if ok != (c.words != "") || y.Words != c.words {
			t.Errorf("%q: %v, %+v", c.text, ok, y)
		}
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	const source = "---\ntitle: t\nkind: sale\nparties: them\n---\n{{date .Agreement.Start}} {{money .Amount}} {{.Terms.Months}} {{.Them.Name}}\n\n{{prices .Prices}}\n\n{{terms .Points}}\n\n{{range .Scope}}- {{.}}\n{{end}}\n\n{{signatures .Signers}}"
	tpl, err := paper.ParseTemplate(source)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{"Agreement.Start": "2026-03-09", "Amount": "2.4k", "Terms.Months": "12", "Them.Name": " Ada ",
		"Prices": "Set-up | once | 1 | 4,800\nSeats | 2.5 | €49.50\nGoodwill | -300", "Points": "Payment: 14 days\nNotice : by mail", "Scope": "- one\n\ntwo"}
	fields := FieldsOf(tpl, source, values)
	v, err := PaperValues(fields, []Signer{{ID: 7, Side: Them, Name: "Ada"}}, "EUR")
	if err != nil {
		t.Fatal(err)
	}
	prices := v["Prices"].([]paper.Price)
	if len(prices) != 3 || prices[1].Quantity != 2500 || prices[1].Unit != (paper.Money{Amount: 4950, Currency: "EUR"}) || prices[2].Unit.Amount != -30000 {
		t.Errorf("prices %+v", prices)
	}
	if x := v["Points"].([]paper.Term); len(x) != 2 || x[1] != (paper.Term{Name: "Notice", Text: "by mail"}) {
		t.Errorf("points %+v", x)
	}
	if x := v["Scope"].([]string); !slices.Equal(x, []string{"one", "two"}) {
		t.Errorf("scope %q", x)
	}
	if v["Amount"] != (paper.Money{Amount: 240000, Currency: "EUR"}) || v["Terms"].(paper.Values)["Months"] != 12 {
		t.Errorf("values %+v", v)
	}
	for field, bad := range map[string]string{"Agreement.Start": "soon", "Amount": "much", "Terms.Months": "a year", "Prices": "Seats | many | 3", "Points": "no colon here"} {
		was := values[field]
		values[field] = bad
		if _, err := PaperValues(FieldsOf(tpl, source, values), nil, "EUR"); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s %q: %v", field, bad, err)
		}
		values[field] = was
	}
}
