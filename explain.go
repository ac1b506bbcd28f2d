package dottedline

import (
	"fmt"
	"math"
	"time"

	"dottedline/survival"
)

// Explain says in words where the number of a standing comes from: its inputs,
// each with its interval, what of it was counted in the workspace's own deals,
// and what is only typical. Money is in major units of the currency.
func (m *Model) Explain(s State, st Standing, now time.Time, value float64, valued bool, currency string) (lines []string) {
	if st.Cell == Hidden {
		return nil
	}
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	worth := MoneyPerDay(value).In(currency)
	if valued {
		say("It is worth %s.", worth)
	} else {
		say("Nobody said what it is worth, so it counts as %s.", worth)
	}
	perDay := st.Won * -math.Expm1(-st.Decay)
	when := "if you do it now"
	if st.Action.pokes() {
		when = "as things stand"
	}
	say("Such a deal is signed with %s %s; a day of waiting takes %s of that.", percent(st.Won), when, points(perDay))
	say("So waiting costs %s a day, between %s and %s.", MoneyPerDay(st.Waiting.Value).In(currency), MoneyPerDay(st.Waiting.Lo).In(currency), MoneyPerDay(st.Waiting.Hi).In(currency))
	minutes := m.Minutes(st.Action)
	mine := "learned from yours"
	if len(minutes.Warnings) > 0 {
		mine = string(minutes.Warnings[0])
	}
	say("The work is about %.0f min (%s): %s for each minute.", math.Max(1, minutes.Value), mine, MoneyPerDay(st.Waiting.Value/st.Minutes).In(currency))
	if o, ok := m.Outlook(s, now, value); ok {
		say("In all it is signed with %s (%s to %s), and is settled in about %s.", percent(o.Signed.Value), percent(o.Signed.Lo), percent(o.Signed.Hi), someDays(o.Days))
		if s.Path == Yes {
			say("Its momentum is %s a day (%s to %s): its value times how likely it is signed on a day like this.", MoneyPerDay(o.Momentum.Value).In(currency), MoneyPerDay(o.Momentum.Lo).In(currency), MoneyPerDay(o.Momentum.Hi).In(currency))
		}
		if _, known := s.left(now); known {
			say("The agreement can be signed until %s: what would come after that is not counted.", s.Expires.Format("2 January"))
		}
		lines = append(lines, m.counted(s)...)
		switch own := math.Round(100 * o.Own); {
		case own == 0:
			say("None of this comes from your deals yet: it is typical, not yet yours.")
		case own < 50:
			say("%.0f %% of this comes from your own deals; the rest is typical, not yet yours.", own)
		default:
			say("%.0f %% of this comes from your own deals, the rest from what is typical.", own)
		}
	}
	return lines
}

// counted are the workspace's own counts behind a number.
func (m *Model) counted(s State) (lines []string) {
	k, _, _ := s.onClock()
	if s.Path == Yes {
		soon, all := m.seenIn(survival.Yes, true, survival.Stepped, 1), m.clock.Seen(survival.Yes, true, survival.Stepped)
		if all > 0 {
			lines = append(lines, fmt.Sprintf("%d of your %d agreements went out within a day of the yes.", soon, all))
		}
		signed, lost := m.clock.Seen(survival.Yes, false, survival.Signing), m.clock.Seen(survival.Yes, false, survival.NoMore)
		if signed+lost > 0 {
			lines = append(lines, fmt.Sprintf("Of your agreements that were settled while the move was theirs, %d were signed and %d lost.", signed, lost))
		}
		return lines
	}
	answered := m.clock.Seen(k.Path, k.Ours, survival.Answered) + m.clock.Seen(k.Path, k.Ours, survival.Stepped)
	lost := m.clock.Seen(k.Path, k.Ours, survival.NoMore)
	if answered+lost == 0 {
		return nil
	}
	who := "they"
	if k.Ours {
		who = "you"
	}
	return append(lines, fmt.Sprintf("In such a moment %s moved %d times in your deals, and %d deals ended with a no or in silence.", who, answered, lost))
}

// seenIn counts the events of a path and a side that came within so many days.
func (m *Model) seenIn(path int, ours bool, event int, days float64) (n int64) {
	starts := survival.ClockStarts()
	for _, c := range m.learned.Counts {
		if k := survival.StateAt(c.State); k.Path == path && k.Ours == ours && starts[c.Cell] < days {
			n += c.Events[event-1]
		}
	}
	return n
}

func percent(p float64) string {
	if p > 0 && p < 0.01 {
		return "under 1 %"
	}
	return fmt.Sprintf("%.0f %%", 100*p)
}

func points(p float64) string {
	if p < 0.001 {
		return "next to nothing"
	}
	return fmt.Sprintf("%.1f points", 100*p)
}

func someDays(d float64) string {
	if d < 1.5 {
		return "a day"
	}
	return fmt.Sprintf("%.0f days", d)
}
