package transcript

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"
)

// An ask is planted into a real meeting like this. The plan is written as a
// member writes it. What is said takes the same matter in other words: one of
// the ways of asking, the verb and the noun phrase drawn from the lists beside
// them, the amount as words or digits, the date in another form and left out
// one time in three, sometimes a filler, and no capitals or marks where the
// meeting has none. It is said by the member at a random moment. Half of the
// meetings get none.
type plantedAsk struct {
	plan    string
	verbs   []string // base forms
	objects []string
	amounts []string
	dates   []string
}

var plantedAsks = []plantedAsk{
	{"Tom signs the pilot agreement for twelve seats by Friday", []string{"sign", "put your name on", "sign off on"}, []string{"the pilot contract", "the trial agreement", "the pilot paper"}, []string{"for twelve seats", "for 12 licences", "with twelve users"}, []string{"by friday", "before friday", "this friday"}},
	{"Invest $400,000 in our seed round by 1 December", []string{"invest", "put in", "come in with"}, []string{"in the seed round", "into our seed round", "for this round"}, []string{"four hundred thousand", "400k", "$400,000"}, []string{"by the first of december", "by dec 1", "before december first"}},
	{"Introduce me to two heads of sales in your network next week", []string{"introduce me to", "make an introduction to", "put me in touch with"}, []string{"heads of sales", "sales heads that you know", "people who are head of sales"}, []string{"two", "two or three", "2"}, []string{"next week", "by next week"}},
	{"Donate $2,400 to the school library before the end of the month", []string{"donate", "give", "contribute"}, []string{"to the school library", "for the library of the school"}, []string{"two thousand four hundred dollars", "$2,400", "2.4k"}, []string{"by the end of the month", "before the end of this month"}},
	{"Hire me as product manager starting 1 March", []string{"hire me", "take me on", "make me an offer"}, []string{"as your product manager", "for the product manager role", "for the job of product manager"}, []string{""}, []string{"starting march 1st", "from the first of march", "in march"}},
	{"Send the purchase order for forty laptops by Tuesday", []string{"send", "issue", "get me"}, []string{"the order for the laptops", "the purchase order on the laptops"}, []string{"all forty", "forty of them", "40"}, []string{"by tuesday", "until tuesday"}},
	{"Approve the marketing budget of 15k for Q3", []string{"approve", "okay", "sign off on"}, []string{"the marketing budget", "the budget for marketing"}, []string{"of fifteen thousand", "of 15k", "at fifteen k"}, []string{"for q3", "for the third quarter"}},
	{"Be our reference customer and take three calls a month", []string{"be", "act as", "become"}, []string{"a reference customer", "our reference", "a reference for us"}, []string{"and take three calls a month", "with three phone calls every month"}, []string{""}},
	{"Join our advisory board for one year", []string{"join", "come on", "sit on"}, []string{"our advisory board", "the board of advisers", "the board as an adviser"}, []string{"for a year", "for one year"}, []string{""}},
	{"Renew the contract for two years at 10 percent off", []string{"renew", "extend"}, []string{"the contract", "our agreement"}, []string{"for two years with ten percent off", "for another two years at 10%", "by two years at ten percent less"}, []string{""}},
	{"Sponsor the spring conference with five thousand euros", []string{"sponsor", "support", "be a sponsor of"}, []string{"the spring conference", "our conference in spring"}, []string{"with five thousand euros", "for 5k", "with 5,000 euros"}, []string{""}},
	{"Give us access to the production logs by Monday", []string{"give us", "get us", "set us up with"}, []string{"access to the production logs", "a login for the production logs", "the production log access"}, []string{""}, []string{"by monday", "on monday", "before monday"}},
}

var plantedWays = []string{
	"I'd like you to %s", "I would like you to %s", "would you be willing to %s", "could you %s", "can you %s", "my ask is that you %s", "what I'm asking is that you %s",
	"I want to ask you to %s", "will you %s", "would you consider it, to %s", "so I was wondering if maybe you could just %s", "it would be great if you could %s",
	"what we need from you is to %s", "we would love you to %s", "so please %s", "are you able to %s", "I'm hoping you can %s", "can I count on you to %s",
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func (a plantedAsk) said(r *rand.Rand, bare bool) string {
	parts := []string{pick(r, a.verbs)}
	amount, object := pick(r, a.amounts), pick(r, a.objects)
	if numberFirst := len(amount) < 28 && !strings.HasPrefix(amount, "for") && !strings.HasPrefix(amount, "with") && !strings.HasPrefix(amount, "of") && !strings.HasPrefix(amount, "at") && !strings.HasPrefix(amount, "and"); numberFirst {
		parts = append(parts, amount, object)
	} else {
		parts = append(parts, object, amount)
	}
	if r.IntN(3) > 0 {
		parts = append(parts, pick(r, a.dates))
	}
	what := strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
	s := fmt.Sprintf(pick(r, plantedWays), what)
	if r.IntN(4) == 0 {
		s = strings.Replace(s, " to ", " to uh ", 1)
	}
	if bare {
		return strings.ToLower(strings.NewReplacer(",", "", "$", "").Replace(s))
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

type meeting struct {
	name string
	said []said1
	bare bool
}

type said1 struct {
	who        string
	start, end float64
	text       string
}

// file writes the meeting as the WebVTT that a recorder would.
func (m meeting) file() []byte {
	var b strings.Builder
	b.WriteString("WEBVTT\n\n")
	for i, s := range m.said {
		fmt.Fprintf(&b, "%d\n%s --> %s\n%s: %s\n\n", i+1, stamp(s.start), stamp(s.end), s.who, s.text)
	}
	return []byte(b.String())
}

func stamp(sec float64) string {
	ms := int(sec * 1000)
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3600000, ms/60000%60, ms/1000%60, ms%1000)
}

func meetings(t testing.TB, split string) (out []meeting) {
	for _, l := range mrda(t) {
		if l.split != split || strings.TrimSpace(l.text) == "" {
			continue
		}
		if len(out) == 0 || out[len(out)-1].name != l.meeting {
			out = append(out, meeting{name: l.meeting, bare: true})
		}
		m := &out[len(out)-1]
		m.said = append(m.said, said1{"Speaker " + l.speaker, l.start, max(l.end, l.start), l.text})
	}
	return out
}

var zoomCalls = []string{"acde-2026-05-07_236", "acdt-2026-06-15_083", "allwalletdevs-2026-02-18_038", "bal-2026-02-11_012", "encryptthemempool-2026-07-22_007", "focil-2026-08-04_039", "pqinterop-2026-06-03_042"}

func zooms(t testing.TB) (out []meeting) {
	for _, n := range zoomCalls {
		tr, _ := Parse(open(t, "talks/zoom/"+n+"/transcript.vtt"))
		m := meeting{name: n}
		for _, u := range tr.Utterances {
			for i, p := range u.Pieces {
				to := len(u.Text)
				if i+1 < len(u.Pieces) {
					to = u.Pieces[i+1].At
				}
				m.said = append(m.said, said1{u.Speaker, p.Start, p.End, strings.TrimSpace(u.Text[p.At:to])})
			}
		}
		out = append(out, m)
	}
	return out
}

// plant puts an ask by the member into a copy of the meeting.
func plant(r *rand.Rand, m meeting, a plantedAsk) (meeting, string, float64, string) {
	at := 1 + r.IntN(len(m.said)-2)
	who := m.said[at].who
	text := a.said(r, m.bare)
	c := meeting{name: m.name, bare: m.bare}
	c.said = append(c.said, m.said[:at]...)
	start := m.said[at].start
	c.said = append(c.said, said1{who, start, start + 4, text})
	for _, s := range m.said[at:] {
		s.start, s.end = s.start+4, s.end+4
		c.said = append(c.said, s)
	}
	return c, who, start, text
}

// TestPlantedAsks prints how often a planted ask is found first, and how often a
// meeting without one is said to have none.
func TestPlantedAsks(t *testing.T) {
	const rounds = 2
	for _, set := range []struct {
		name string
		list []meeting
	}{{"MRDA train", meetings(t, "train")}, {"MRDA val", meetings(t, "val")}, {"Zoom", zooms(t)}} {
		found, planted, silent, clean := 0, 0, 0, 0
		for round := range rounds {
			for i, m := range set.list {
				r := rand.New(rand.NewPCG(uint64(round), uint64(i)))
				a := plantedAsks[(i+round*5)%len(plantedAsks)]
				if (i+round)%2 == 0 {
					c, who, start, text := plant(r, m, a)
					tr, _ := Parse(c.file())
					got := Find(tr, a.plan, who).Ask
					planted++
					if got.Made && got.AtSeconds != nil && *got.AtSeconds >= start-0.2 && *got.AtSeconds <= start+4 {
						found++
					} else {
						t.Logf("missed in %s: plan %q, said %q; got %v %.2f %q", m.name, a.plan, text, got.Made, got.Confidence, got.Text)
					}
					continue
				}
				tr, _ := Parse(m.file())
				got := Find(tr, a.plan, pick(r, m.said).who).Ask
				clean++
				if !got.Made {
					silent++
				} else {
					t.Logf("false in %s: plan %q, found %.2f %q because %q", m.name, a.plan, got.Confidence, got.Text, got.Because)
				}
			}
		}
		t.Logf("planted asks, %-10s  found first %d of %d (%.3f)   clean meetings said clean %d of %d (%.3f)", set.name, found, planted, ratio(found, planted), silent, clean, ratio(silent, clean))
		if ratio(found, planted) < 0.9 || ratio(silent, clean) < 0.95 {
			t.Errorf("%s: below the goal", set.name)
		}
	}
}

// cpu is the processor time of this program, so that a busy machine does not
// count.
func cpu(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestTwoHoursInTime holds the promise on speed, in processor time, with all
// collection of garbage; the best of seven. It is not run in parallel.
func TestTwoHoursInTime(t *testing.T) {
	var two meeting
	for _, m := range meetings(t, "train") {
		off := 0.0
		if n := len(two.said); n > 0 {
			off = two.said[n-1].end
		}
		for _, s := range m.said {
			if s.start+off < 7200 {
				two.said = append(two.said, said1{s.who, s.start + off, s.end + off, s.text})
			}
		}
		if two.said[len(two.said)-1].end > 7190 {
			break
		}
	}
	b := two.file()
	who := two.said[0].who
	Find(Transcript{}, "x", "") // the weights are read once
	Score("a", Talk)
	best := time.Hour
	for range 7 {
		start := cpu(t)
		tr, _ := Parse(b)
		Find(tr, plantedAsks[0].plan, who)
		best = min(best, cpu(t)-start)
	}
	t.Logf("%d utterances, %d bytes, %.0f s of talk: %v", len(two.said), len(b), two.said[len(two.said)-1].end, best)
	if best > 100*time.Millisecond && !raceEnabled {
		t.Errorf("two hours took %v, want under 100 ms", best)
	}
}
