package dottedline

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func gaps(a Ask) (out []string) {
	for _, g := range a.Missing() {
		out = append(out, g.What)
	}
	return out
}

func TestWhatAnAskLacks(t *testing.T) {
	t.Parallel()
	why := "It gives the board one clinic where it worked."
	for _, c := range []struct {
		text, why string
		want      []string
	}{
		{"Will you run a paid pilot in two clinics, starting 12 January?", why, nil},
		{"", why, []string{"question"}},
		{"Will you invest 200k by 1 March?", "", []string{"why"}},
		{"Will you invest?", why, []string{"how much", "by when"}},
		{"I was just wondering if maybe you could pay 4,000 by Friday?", why, []string{"plain words"}},
		{"Will you buy forty seats by Friday? And will you introduce me to Omar?", why, []string{"one thing"}},
		{"The invoice of 300 is from Friday.", why, []string{"question", "who"}},
	} {
		if got := gaps(Ask{Text: c.text, Why: c.why}); !slices.Equal(got, c.want) {
			t.Errorf("%q lacks %v, want %v", c.text, got, c.want)
		}
	}
}

func TestTurnedDownIsBetterThanNotKnown(t *testing.T) {
	t.Parallel()
	now := day0.AddDate(0, 0, 30)
	rank := func(o Outcome) int { return slices.Index(Outcomes, o) }
	rapid.Check(t, func(t *rapid.T) {
		at := func(name string) (x time.Time) {
			if rapid.Bool().Draw(t, name) {
				x = day0
			}
			return x
		}
		a := Ask{Set: day0, Due: at("due"), Made: at("made"), Landed: at("landed"), Missed: rapid.Bool().Draw(t, "missed"), Mistaken: at("mistaken"),
			Answer: rapid.SampledFrom([]Answered{"", AnsweredYes, AnsweredNotNow, AnsweredNo}).Draw(t, "answer")}
		o := a.Outcome(now)
		if rank(o) < 0 {
			t.Fatalf("%+v is %q, which is no outcome", a, o)
		}
		if a.Answer != "" && rank(o) >= rank(OutcomeNotKnown) {
			t.Fatalf("%+v, which was answered, is %s", a, o)
		}
		if s := CountAsks([]Ask{a, a}, now); s[o] != 2 || len(s) != 1 {
			t.Fatalf("counted %v", s)
		}
	})
	a := Ask{Set: day0, Made: day0}
	for _, c := range []struct {
		r    RecapAnswer
		want Outcome
	}{{RecapYes, OutcomeYes}, {RecapMistaken, OutcomeNotKnown}, {RecapNotNow, OutcomeNotNow}, {RecapNo, OutcomeNo}} {
		if a.Settle(c.r, "", day0); a.Outcome(now) != c.want {
			t.Errorf("after %s: %s, want %s", c.r, a.Outcome(now), c.want)
		}
	}
}

func TestAgenda(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(15, 300).Draw(t, "minutes")
		a := NewAgenda(n, "Priya")
		if v := a.Violations(n); len(v) > 0 || a.Length() != n {
			t.Fatalf("our own agenda of %d minutes is %v: %v", n, a, v)
		}
		back, err := ParseAgenda(a.Lines())
		if err != nil || !slices.Equal(back, a) {
			t.Fatalf("%v came back as %v, %v", a, back, err)
		}
	})
	for _, c := range []struct {
		text string
		want string
	}{
		{"40 Talk\n5 The ask *", "The ask comes too late: it reaches into the last five minutes."},
		{"20 Talk\n10 Deck, slides and the pilot *\n15 End", "“Deck, slides and the pilot” is a list: give the ask a part of its own."},
		{"45 Talk", "The ask has no part of its own."},
		{"20 Talk\n1 The ask\n20 End", "The ask has less than two minutes."},
		{"10 The ask *\n20 Talk", "The ask comes first: find out what they want before."},
		{"30 Talk\n10 The ask *\n15 End", "The parts take 55 minutes, the meeting has 45."},
	} {
		a, err := ParseAgenda(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
		}
		if v := a.Violations(45); !slices.Contains(v, c.want) {
			t.Errorf("%q breaks %q, want %q", c.text, v, c.want)
		}
	}
	for _, bad := range []string{"Talk for long", "0 Talk", "10", "99999 Talk"} {
		if a, err := ParseAgenda(bad); err == nil {
			t.Errorf("%q was read as %v", bad, a)
		}
	}
}

func TestAskInNow(t *testing.T) {
	t.Parallel()
	at := func(h float64) time.Time { return day0.Add(time.Duration(h * float64(time.Hour))) }
	ours := Touch{ID: 1, At: at(0), Kind: MailTouch, By: Us}
	for _, c := range []struct {
		name string
		ts   []Touch
		now  float64
		want Action // "" hidden
		next float64
	}{
		{"a meeting in two days", []Touch{{ID: 2, At: at(1), Kind: BriefTouch, Until: at(49)}}, 2, "", 25},
		{"in twenty hours", []Touch{{ID: 2, At: at(1), Kind: BriefTouch, Until: at(49)}}, 29, SetAsk, 45},
		{"put off, and the meeting comes near", []Touch{{ID: 2, At: at(1), Kind: BriefTouch, Until: at(49)}, {ID: 3, At: at(2), Kind: LaterTouch, Until: at(200)}}, 48.5, SetAsk, 49},
		{"it has begun", []Touch{{ID: 2, At: at(1), Kind: BriefTouch, Until: at(49)}}, 49, "", 96},
		{"with an ask, before", []Touch{{ID: 2, At: at(1), Kind: PlannedTouch, Until: at(9)}}, 8, "", 9},
		{"with an ask, after", []Touch{{ID: 2, At: at(1), Kind: PlannedTouch, Until: at(9)}}, 9, CheckAsk, 0},
		{"settled", []Touch{{ID: 2, At: at(1), Kind: PlannedTouch, Until: at(9)}, {ID: 3, At: at(10), Kind: SettledTouch}}, 11, "", 96},
		{"a recap waits", []Touch{{ID: 2, At: at(1), Kind: RecapTouch, Until: at(50)}}, 20, "", 50},
		{"and is late", []Touch{{ID: 2, At: at(1), Kind: RecapTouch, Until: at(50)}}, 51, AskAgain, 0},
		{"and was answered", []Touch{{ID: 2, At: at(1), Kind: RecapTouch, Until: at(50)}, {ID: 3, At: at(3), Kind: MistakenTouch, By: Them}}, 51, Answer, 0},
		{"and they wrote instead", []Touch{{ID: 2, At: at(1), Kind: RecapTouch, Until: at(50)}, {ID: 3, At: at(3), Kind: MailTouch, By: Them}}, 51, Answer, 0},
	} {
		s, _ := Fold(append([]Touch{ours}, c.ts...))
		st := s.Stand(at(c.now), Typical(), 1000, 1)
		got := st.Action
		if st.Cell == Hidden {
			got = ""
		}
		var next time.Time
		if c.next > 0 {
			next = at(c.next)
		}
		// What is in Now is placed anew at the edges of its clock as well.
		if got != c.want || got == "" && !st.Next.Equal(next) || got != "" && c.next > 0 && st.Next.After(next) {
			t.Errorf("%s: %q until %v, want %q until %v", c.name, got, st.Next, c.want, next)
		}
	}
	s, _ := Fold([]Touch{ours, {ID: 2, At: at(1), Kind: BriefTouch, Until: at(49)}})
	if day, hour := s.Stand(at(26), Typical(), 1000, 1), s.Stand(at(48.5), Typical(), 1000, 1); hour.Cost(at(48.5)) < 5*day.Cost(at(26)) {
		t.Errorf("an hour before it costs %v a day, a day before %v", hour.Cost(at(48.5)), day.Cost(at(26)))
	}
}

func TestRecapMovesThePath(t *testing.T) {
	t.Parallel()
	recap := Touch{ID: 1, At: day0, Kind: RecapTouch, By: Us, Until: day0.AddDate(0, 0, 2)}
	for _, c := range []struct {
		k    TouchKind
		path Path
		ball Side
	}{{"", Asked, Them}, {SaidYesTouch, Asked, Us}, {SaidLaterTouch, Asked, Us}, {SaidNoTouch, No, Us}, {MistakenTouch, Talking, Us}} {
		ts := []Touch{recap}
		if c.k != "" {
			ts = append(ts, Touch{ID: 2, At: day0.Add(time.Hour), Kind: c.k, By: Them})
		}
		if s, _ := Fold(ts); s.Path != c.path || s.Ball.Side != c.ball || s.Said != c.k {
			t.Errorf("%q: path %s, ball %s, said %q", c.k, s.Path, s.Ball.Side, s.Said)
		}
	}
}

func TestWants(t *testing.T) {
	t.Parallel()
	text := "Thanks for the deck. I need the front desks to stop drowning by spring, and I need to show the board one clinic where it worked. Can you send it again? The weather is fine."
	want := []string{"I need the front desks to stop drowning by spring, and I need to show the board one clinic where it worked."}
	if got := Wants(text); !slices.Equal(got, want) {
		t.Errorf("wants %q", got)
	}
	a := Ask{Text: "Will you run a paid pilot in two clinics, starting 12 January?", Why: "One proof for the board."}
	if got := a.Connects(want); !slices.Equal(got, []string{"board", "clinic"}) {
		t.Errorf("connects by %q", got)
	}
	if got := (Ask{Text: "Will you lend me your car tomorrow?"}).Connects(want); len(got) > 0 {
		t.Errorf("connects by %q", got)
	}
}

func TestFirstLine(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"Priya", "Will you run it?", "Priya, will you run it?"}, {"", "Will you run it?", "Will you run it?"},
		{"Priya", "Priya, will you?", "Priya, will you?"}, {"Al", "I ask you to sign.", "Al, I ask you to sign."}, {"Al", "", ""},
	} {
		if got := FirstLine(c[0], c[1]); got != c[2] {
			t.Errorf("%q, want %q", got, c[2])
		}
	}
}
