package dottedline

import (
	"time"

	"dottedline/survival"
)

// The causes of DealEnds.
const (
	EndSigned = iota + 1
	EndNo
	EndQuiet
)

// DealEnds is where deals end: the shares signed, turned down and gone quiet by
// day since the first touch (Aalen-Johansen), open deals censored, deals that
// were older when they were made here watched from then on.
type DealEnds struct {
	N, Signed, No, Quiet int
	Ends                 survival.Incidence // causes EndSigned, EndNo, EndQuiet
	Longest              float64            // days that any was watched
}

// Few says that too few deals ended to tell.
func (d DealEnds) Few() bool { return d.Signed+d.No+d.Quiet < fewToTell }

// WhereDealsEnd measures on all deals.
func WhereDealsEnd(fs []DealFacts, now time.Time) (d DealEnds) {
	var spells []survival.Spell
	for _, f := range fs {
		began := f.began()
		s := survival.Spell{From: max(0, inDays(f.Made.Sub(began))), To: inDays(now.Sub(began))}
		switch f.Path {
		case Signed:
			s.Cause = EndSigned
		case No:
			s.Cause = EndNo
		case Quiet:
			s.Cause = EndQuiet
		}
		if s.Cause != survival.Open {
			s.To = inDays(f.Ended.Sub(began))
		}
		if s.To <= s.From {
			continue
		}
		switch s.Cause {
		case EndSigned:
			d.Signed++
		case EndNo:
			d.No++
		case EndQuiet:
			d.Quiet++
		}
		d.N, d.Longest = d.N+1, max(d.Longest, s.To)
		spells = append(spells, s)
	}
	if d.N > 0 {
		d.Ends, _ = survival.AalenJohansen(spells, 3) // the spells are ours and sound
	}
	return d
}

// Generosity is what was given and asked in the deals that stand alike: signed,
// lost (no or quiet) or open, or to people whatever their deals are.
type Generosity struct {
	Of          string
	N           int
	Gifts, Asks survival.Estimate // per deal, or per person
	OnlyAsked   int               // asked without anything given
}

// GiftsAndAsks counts what was given and asked per deal.
func GiftsAndAsks(fs []DealFacts) (out []Generosity) {
	for _, of := range []string{"signed", "lost", "open"} {
		g := Generosity{Of: of}
		var gifts, asks []float64
		for _, f := range fs {
			is := "open"
			if f.Path == Signed {
				is = "signed"
			} else if f.Path.Ended() {
				is = "lost"
			}
			if is != of {
				continue
			}
			g.N++
			gifts, asks = append(gifts, float64(f.Gifts)), append(asks, float64(f.Asks))
			if OnlyAsked(f.Asks, f.Gifts) {
				g.OnlyAsked++
			}
		}
		g.Gifts, g.Asks = meanOf(gifts), meanOf(asks)
		out = append(out, g)
	}
	return out
}

// GiftsAndAsksOfPeople counts the same per person, over all of their deals, of
// those who were given or asked something.
func GiftsAndAsksOfPeople(xs []Giving) Generosity {
	g := Generosity{Of: "people", N: len(xs)}
	var gifts, asks []float64
	for _, x := range xs {
		gifts, asks = append(gifts, float64(x.Gifts)), append(asks, float64(x.Asks))
		if OnlyAsked(x.Asks, x.Gifts) {
			g.OnlyAsked++
		}
	}
	g.Gifts, g.Asks = meanOf(gifts), meanOf(asks)
	return g
}

// AsksGot is how far the asks of a time got.
type AsksGot struct {
	Set, Made, Landed, Answered int
	Answers                     map[Answered]int
}

// NotKnowing is how many were left not knowing what was hoped for.
func (a AsksGot) NotKnowing() int { return a.Set - a.Landed }

// HowFarAsksGot counts the asks planned since then whose moment has passed: the
// meeting is over, or it was made.
func HowFarAsksGot(ks []Ask, since, now time.Time) AsksGot {
	a := AsksGot{Answers: map[Answered]int{}}
	for _, k := range ks {
		o := k.Outcome(now)
		if k.Set.Before(since) || o == OutcomePlanned {
			continue
		}
		a.Set++
		if !k.Made.IsZero() || k.Answer != "" {
			a.Made++
		}
		if k.Answer != "" {
			a.Answered++
			a.Answers[k.Answer]++
		}
		if k.Answer != "" || o == OutcomeLanded {
			a.Landed++
		}
	}
	return a
}
