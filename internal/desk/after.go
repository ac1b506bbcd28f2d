package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/transcript"
)

// Heard is what was found in a transcript.
type Heard struct {
	transcript.Findings
	Name     string                   `json:"name"` // of the file
	Me       string                   `json:"me"`
	Length   float64                  `json:"length"` // seconds; 0 without times
	Speakers []string                 `json:"speakers"`
	Problems []transcript.LineProblem `json:"problems,omitempty"`
}

// AfterPage is a meeting when it is over: was the ask heard?
type AfterPage struct {
	RunPage
	Heard   *Heard // nil while there is no transcript
	Chance  dottedline.Chance
	Checks  []dottedline.Check
	Recaps  []dottedline.Recap
	Draft   *RecapDraft // nil where there is no ask
	Outcome dottedline.Outcome
	Settled bool // nothing is left to be said
}

// After is the page of a meeting when it is over.
func (d *Desk) After(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID) (p AfterPage, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		if p.BriefPage, err = brief(t, a, id); err != nil {
			return err
		}
		if p.Jots, err = t.Jots(id); err != nil {
			return err
		}
		x, ok, err := t.Transcript(id)
		if err != nil {
			return err
		}
		p.Chance = dottedline.ChanceUnsay
		if ok {
			p.Heard = new(Heard)
			if err := json.Unmarshal([]byte(x.Findings), p.Heard); err != nil {
				return fmt.Errorf("read findings: %w", err)
			}
			if p.Ask.ID != 0 && !unread(p.Heard.Findings) {
				p.Chance, p.Checks = dottedline.Hearing(p.Heard.Ask, p.Heard.Length)
			}
		}
		if p.Ask.ID == 0 {
			p.Settled = true
			return nil
		}
		p.Outcome, p.Settled = p.Ask.Outcome(t.Now), p.Deal.Heard.IsZero()
		if p.Recaps, err = t.RecapsOf(p.Ask.ID); err != nil {
			return err
		}
		p.Draft, err = d.recapDraft(t, a, p.Ask, p.Wants, p.Jots)
		return err
	})
	return p, err
}

// unread says whether nothing could be told because of the language.
func unread(f transcript.Findings) bool {
	for _, n := range f.Notes {
		if strings.Contains(n, transcript.Unreadable) {
			return true
		}
	}
	return false
}

// MaxTranscript is how many bytes a transcript may have.
const MaxTranscript = 16 << 20

// DropTranscript reads what was said in a meeting and keeps it with what was
// found. me is the member's name in it; "" takes the one that they have here.
// What it finds is a fact of the file: it marks the ask as made or missed, unless
// the member has said so already, and only proposes a yes.
func (d *Desk) DropTranscript(ctx context.Context, a dottedline.Actor, id dottedline.MeetingID, name string, raw []byte, me string) (err error) {
	defer wrap("drop transcript", &err)
	if len(raw) == 0 {
		return dottedline.Wrong("Drop the file of the recorder, or paste what was said.", "There is nothing in it.")
	}
	if len(raw) > MaxTranscript {
		return dottedline.Wrong("Sixteen megabytes are the limit.", "The transcript is too large.")
	}
	var ask dottedline.Ask
	if err := d.view(ctx, a, func(t *store.Tx) error {
		if _, err := t.Meeting(id); err != nil {
			return err
		}
		m, err := t.Member(a.Member)
		if err != nil {
			return err
		}
		if me == "" {
			me = m.Name
		}
		ask, _, err = t.AskIn(id)
		return err
	}); err != nil {
		return err
	}
	heard, err := hear(raw, ask.Text, name, me)
	if err != nil {
		return err
	}
	return d.onMeeting(ctx, a, id, func(t *store.Tx, m dottedline.Meeting) error {
		b, err := json.Marshal(heard)
		if err != nil {
			return err
		}
		if err := t.PutTranscript(store.Transcript{Meeting: id, Name: clean(name), Me: clean(me), At: t.Now, Raw: raw, Findings: clean(string(b))}); err != nil {
			return err
		}
		if m.At.After(t.Now) { // it began before it was planned to
			m.At = t.Now
		}
		if err := ended(t, a, &m, minTime(m.End(), t.Now)); err != nil {
			return err
		}
		return heardAsk(t, a, m, heard)
	})
}

// hear reads a transcript and looks for the ask. It needs no database.
func hear(raw []byte, ask, name, me string) (h Heard, err error) {
	x, problems := transcript.Parse(raw)
	h = Heard{Name: clean(name), Me: me, Problems: problems}
	if len(x.Utterances) == 0 {
		if len(problems) > 0 {
			return h, dottedline.Wrong("WebVTT, SubRip, Zoom, Teams, Meet, Whisper and “Name: words” are read.", "Line %d: %s", problems[0].Line, problems[0].Text)
		}
		return h, dottedline.Wrong("WebVTT, SubRip, Zoom, Teams, Meet, Whisper and “Name: words” are read.", "Nobody speaks in this file.")
	}
	for _, u := range x.Utterances {
		h.Length = max(h.Length, u.End, u.Start)
		if u.Speaker != "" && len(h.Speakers) < 50 && !slices.Contains(h.Speakers, u.Speaker) {
			h.Speakers = append(h.Speakers, u.Speaker)
		}
	}
	h.Findings = transcript.Find(x, ask, me)
	return h, nil
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// heardAsk writes into the ask what a transcript shows of it.
func heardAsk(t *store.Tx, a dottedline.Actor, m dottedline.Meeting, h Heard) error {
	k, has, err := t.AskIn(m.ID)
	if err != nil || !has || k.Answer != "" || unread(h.Findings) {
		return err
	}
	f := h.Ask
	if !f.Made {
		if k.Made.IsZero() {
			k.Missed = true
			return t.PutAsk(k)
		}
		return nil // the member said that it was made
	}
	at := m.At
	if !m.Started.IsZero() {
		at = m.Started
	}
	if f.AtSeconds != nil {
		at = minTime(at.Add(time.Duration(*f.AtSeconds*float64(time.Second))), t.Now)
	}
	if err := made(t, &k, at, clean(f.Text), dottedline.Touch{Member: a.Member}); err != nil {
		return err
	}
	switch f.Answer {
	case transcript.Yes, transcript.No, transcript.NotNow, transcript.Question:
		k.Landed = at
		if k.Their == "" {
			k.Their = clean(f.AnswerText)
		}
		if err := t.PutAsk(k); err != nil {
			return err
		}
	}
	if f.Answer != transcript.Yes || f.AnswerSure < 0.5 {
		return nil
	}
	return offerYes(t, k.Deal, clean(f.AnswerText), 0)
}

// offerYes proposes a yes in a deal, in their words; the same again is one.
func offerYes(t *store.Tx, deal dottedline.DealID, words string, p dottedline.PersonID) error {
	if had, ok, err := t.LastTouch(deal, dottedline.OfferedYesTouch); err != nil || ok && had.Text == words {
		return err
	}
	if p == 0 {
		r, err := t.Deal(deal)
		if err != nil {
			return err
		}
		p = r.Person
	}
	return touch(t, deal, dottedline.Touch{Kind: dottedline.OfferedYesTouch, By: dottedline.Them, Person: p, Text: words})
}

// Settlement is what a member says of an ask after the meeting.
type Settlement string

// The settlements. The answers are in their words.
const (
	TheyKnow   Settlement = "they know" // it was made and understood; no recap is needed
	NotMade    Settlement = "not made"
	TheySaid   Settlement = "yes"
	TheyWait   Settlement = "not now"
	TheyRefuse Settlement = "no"
)

// Settle records what a member says of an ask after its meeting.
func (d *Desk) Settle(ctx context.Context, a dottedline.Actor, id dottedline.AskID, s Settlement, words string) (err error) {
	defer wrap("settle ask", &err)
	words = clean(strings.TrimSpace(words))
	err = d.write(ctx, a, func(t *store.Tx) error {
		k, err := t.Ask(id)
		if err != nil {
			return err
		}
		at := t.Now
		if !k.Due.IsZero() {
			at = minTime(k.Due, t.Now)
		}
		settled := dottedline.Touch{Kind: dottedline.SettledTouch, By: dottedline.Us, Member: a.Member, Text: string(s)}
		if s == NotMade {
			k.Missed, k.Made, k.Landed = true, time.Time{}, time.Time{}
			if err := t.PutAsk(k); err != nil {
				return err
			}
			return touch(t, k.Deal, settled)
		}
		if err := made(t, &k, at, k.Text, dottedline.Touch{Member: a.Member}); err != nil {
			return err
		}
		answer := map[Settlement]dottedline.RecapAnswer{TheySaid: dottedline.RecapYes, TheyWait: dottedline.RecapNotNow, TheyRefuse: dottedline.RecapNo}[s]
		switch {
		case answer != "":
			return answered(t, k, answer, words, a.Member, 0)
		case s != TheyKnow:
			return dottedline.Wrong("It is they know, not made, yes, not now or no.", "%q says nothing about an ask.", s)
		}
		k.Landed = t.Now
		if err := t.PutAsk(k); err != nil {
			return err
		}
		return touch(t, k.Deal, settled)
	})
	d.wakeUp()
	return err
}

// answered writes an answer of theirs: into the ask, as a touch, and a yes as
// one that is proposed.
func answered(t *store.Tx, k dottedline.Ask, r dottedline.RecapAnswer, line string, by dottedline.MemberID, p dottedline.PersonID) error {
	k.Settle(r, line, t.Now)
	if err := t.PutAsk(k); err != nil {
		return err
	}
	x := dottedline.Touch{Kind: r.Touch(), By: dottedline.Them, Member: by, Person: p, Text: line}
	if err := touch(t, k.Deal, x); err != nil {
		return err
	}
	if r != dottedline.RecapYes {
		return nil
	}
	words := line
	if words == "" {
		words = "Yes, to: " + k.Text
	}
	return offerYes(t, k.Deal, words, p)
}
