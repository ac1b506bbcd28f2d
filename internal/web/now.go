package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
	"dottedline/transcript"
)

func nowPage(v *visit) (templ.Component, error) {
	p, err := now(v, timedPress(v.now))
	return html.NowPage(p), err
}

// now is the home page. The row that the address names is opened instead of the
// first; press names the sending that its button would do.
func now(v *visit, press string) (out html.Now, err error) {
	here := v.part("open")
	var q desk.NowQuery
	q.Open, _ = dottedline.ParseID[dottedline.Deal](here.Get("open")) // what can't be read is the
	q.After, _ = dottedline.ParseRank(here.Get("after"))              // beginning, and the first row
	q.Rows, _ = strconv.Atoi(here.Get("rows"))
	if out.Shell, err = v.shell("Now", "now", pageAt("/live", here, "page", "now")); err != nil {
		return out, err
	}
	p, err := v.desk.NowPage(v.Context(), v.actor, q)
	if err == nil && len(p.Rows) == 0 && q.After != (dottedline.Rank{}) { // all that was further down is done
		here, q = url.Values{}, desk.NowQuery{}
		p, err = v.desk.NowPage(v.Context(), v.actor, q)
	}
	if err != nil {
		return out, err
	}
	if out.Renew, err = v.desk.RenewsPushes(v.Context(), v.actor); err != nil {
		return out, err
	}
	out.Later = v.laterChoices()
	here.Del("open")
	if p.Next != (dottedline.Rank{}) {
		out.More = more("/now", here, len(p.Rows), desk.RowsAtOnce, desk.RowsAtMost, p.Next.String(), "row-"+p.Next.Deal.String())
	}
	if q.After != (dottedline.Rank{}) {
		out.Top, p.Offers = "/now", nil
	}
	for _, o := range p.Offers {
		out.Offers = append(out.Offers, html.Offer{
			ID: o.Thread.String(), Person: personName(o.Person), Company: o.Company.Name, Subject: o.Subject,
			Action: "/offers/" + o.Thread.String(), Currency: p.Currency, Kinds: kindChoices(dottedline.Sale),
		})
	}
	for _, u := range p.Unsure {
		out.Unsure = append(out.Unsure, unsent(u))
	}
	is, err := v.desk.Invitations(v.Context(), v.actor)
	if err != nil {
		return out, err
	}
	out.Invites = v.invites(is, false)
	ps, err := v.desk.Proposals(v.Context(), v.actor)
	if err != nil {
		return out, err
	}
	out.OtherTimes = v.otherTimes(ps, false)
	cs, err := v.desk.CalendarChanges(v.Context(), v.actor)
	if err != nil {
		return out, err
	}
	out.Changes = v.calendarChanges(cs)
	if out.Refusals, err = v.refusals(); err != nil {
		return out, err
	}
	if out.Taken, err = v.taken(); err != nil {
		return out, err
	}
	if len(p.Rows) == 0 {
		out.First = v.firstRun(p)
		if out.First == nil {
			out.Clear, err = v.clear(p)
		}
		return out, err
	}
	out.Cost, out.Sub = v.rate(p.Total), v.sub(p, out.Top == "")
	if p.Opened >= 0 {
		out.Hero = v.card(p.Rows[p.Opened], p.Prepared, press)
		if r := p.Rows[p.Opened]; r.OnlyAsked {
			out.Hero.Hint = "So far you have only asked " + firstOr(r.Person, "them") + ". What could you give?"
		}
	}
	for _, r := range p.Soon {
		i := slices.IndexFunc(p.Rows, func(x desk.Row) bool { return x.Deal.ID == r.Deal.ID })
		if i >= 0 && (i == p.Opened || i < inSight) {
			continue
		}
		l := html.SoonLine{Person: personName(r.Person), Href: "/deals/" + r.Deal.ID.String(), At: v.soon(r.Late.Due)}
		if i >= 0 {
			l.Href = pageAt("/now", here, "open", r.Deal.ID.String())
		}
		out.Soon = append(out.Soon, l)
	}
	for i, r := range p.Rows {
		if i == p.Opened {
			continue
		}
		if row := v.row(r, here); r.Below {
			out.Below = append(out.Below, row)
		} else {
			out.Rows = append(out.Rows, row)
		}
	}
	return out, nil
}

// firstRun is what Now says while there is nothing to list because nothing, or
// not all, has been read; nil when everything has.
func (v *visit) firstRun(p desk.NowPage) *html.FirstRun {
	if len(p.Mailboxes) == 0 && p.Mails == 0 {
		return &html.FirstRun{Text: "Dottedline reads your mail, finds whom you deal with, and says whose move it is. Connect one mailbox to begin."}
	}
	var done float64
	var read, total int64
	for _, b := range p.Mailboxes {
		done += b.Progress()
		for _, f := range b.Folders {
			read, total = read+min(f.Read, f.Total), total+f.Total
		}
	}
	if n := float64(len(p.Mailboxes)); n > 0 && done < n {
		return &html.FirstRun{Reading: true, Percent: int(100 * done / n), Text: fmt.Sprintf("%s of %s messages, newest first. Deals appear as they are found.", number(read), number(total))}
	}
	return nil
}

// clear says how the day went when nothing waits.
func (v *visit) clear(p desk.NowPage) (*html.Clear, error) {
	y, m, d := v.now.In(v.zone).Date()
	ours, _, err := v.desk.WorkspaceTimes(v.Context(), v.actor, time.Date(y, m, d, 0, 0, 0, 0, v.zone))
	if err != nil {
		return nil, err
	}
	text := "Every ball is on their side."
	if p.OpenDeals == 0 {
		text = "There is no open deal. Say yes to one below, or write to somebody."
	}
	if ours.N > 0 {
		text += fmt.Sprintf(" You answered %s today, in %s at the median.", plural(ours.N, "message", "messages"), long(ours.Wall))
	}
	return &html.Clear{Text: text}, nil
}

// sub says how many wait and, above the first of them, how few are most of it.
func (v *visit) sub(p desk.NowPage, first bool) string {
	s := capital(plural(p.Waiting, "person is", "people are")) + " waiting."
	if p.Waiting > 4 && len(p.Rows) > 3 && first {
		var cost dottedline.MoneyPerDay
		var work float64
		for _, r := range p.Rows[:3] {
			cost, work = cost+r.Cost, work+r.Minutes
		}
		if cost*2 > p.Total {
			s += fmt.Sprintf(" The first three take %s and are most of it.", minutes(work))
		}
	}
	if slices.ContainsFunc(p.Rows, func(r desk.Row) bool { return !r.Valued }) {
		s += fmt.Sprintf(" Deals without a value count as %s.", dottedline.FromMajor(v.me.Settings.Unvalued, p.Currency))
	}
	return s
}

// sendLabel is what the button of the opened card says.
func sendLabel(a dottedline.Action) string {
	switch a {
	case dottedline.Answer:
		return "Send the answer"
	case dottedline.Nudge:
		return "Send the nudge"
	}
	return "Send"
}

// rowLabel is what the button of a row says, which opens it.
func rowLabel(a dottedline.Action) string {
	switch a {
	case dottedline.Answer:
		return "Answer"
	case dottedline.Nudge, dottedline.AskAgain:
		return "Nudge"
	case dottedline.SetAsk:
		return "Set the ask"
	case dottedline.CheckAsk:
		return "Do they know?"
	case dottedline.Write:
		return "Write"
	case dottedline.SendAgreement:
		return "Send it"
	case dottedline.Countersign:
		return "Sign"
	}
	return "Look"
}

func (v *visit) card(r desk.Row, p *desk.Prepared, press string) *html.Card {
	id := r.Deal.ID.String()
	c := &html.Card{
		ID: id, Person: personName(r.Person), Company: r.Company.Name, Cost: v.rate(r.Cost), Why: r.Why, Late: v.late(r), Explain: r.Explain,
		Path: v.stops(r.Deal), Ball: ball(v, r.Deal.Ball), SendLabel: sendLabel(r.Action), LaterHref: "/deals/" + id + "/later",
	}
	c.Ball.Work = minutes(r.Minutes) + " of work"
	if r.Offered != nil {
		c.Offered = v.yesOffer(*r.Offered)
	}
	switch r.Action {
	case dottedline.SendAgreement:
		c.Go = &html.Go{Label: "See everything, ready to send", Href: "/deals/" + id + "/agreement", Post: true}
		return c
	case dottedline.Countersign:
		c.Go = &html.Go{Label: "Sign it", Href: "/deals/" + id + "#agreement-state"}
		return c
	case dottedline.DoStep:
		c.Go = &html.Go{Label: "See the step", Href: "/deals/" + id + "#plan"}
		return c
	}
	if r.Asked != nil {
		c.Heard, c.Asked = dottedline.Shorten(r.Asked.Text, 700), &html.RoomAsk{ID: r.Asked.ID.String(), RoomQuestion: v.roomQuestion(*r.Asked, r.Asked.Who, "")}
		return c
	}
	if p != nil {
		c.Reply = reply(p, press)
		if r.Deal.Ball.Side == dottedline.Us {
			c.Heard = dottedline.Shorten(p.Quoting, 700)
			if r.Refused {
				c.Heard = r.Said
			}
		}
	}
	if r.Deal.Said != "" { // what they pressed is what counts now
		c.Heard = r.Said
	}
	if c.Reads = reads(r); r.Meeting != 0 {
		c.Go, c.Heard = &html.Go{Label: rowLabel(r.Action), Href: meetingHref(r)}, ""
	}
	return c
}

func (v *visit) row(r desk.Row, here url.Values) html.Row {
	id := r.Deal.ID.String()
	row := html.Row{
		ID: id, Person: personName(r.Person), Company: r.Company.Name, Why: r.Why, Late: v.late(r), Cost: v.rate(r.Cost), Ball: ball(v, r.Deal.Ball),
		Act: rowLabel(r.Action), Href: pageAt("/now", here, "open", id), Deal: "/deals/" + id, LaterURL: "/deals/" + id + "/later",
	}
	if r.Deal.Ball.Side == dottedline.Us {
		row.Said = r.Said
	}
	if r.Deal.Said != "" {
		row.Why, row.Said = r.Why+" "+quoted(r.Said), ""
	}
	if r.Meeting != 0 {
		row.Href = meetingHref(r)
	}
	return row
}

// inSight is how many rows are seen without looking further down.
const inSight = 4

// soon says when a promise breaks.
func (v *visit) soon(due time.Time) string {
	if due.Sub(v.now) > 12*time.Hour {
		return "on " + due.In(v.zone).Format("Monday, 15:04")
	}
	return "at " + due.In(v.zone).Format("15:04")
}

// late says where a row stands against the promise, before it is broken too.
func (v *visit) late(r desk.Row) (l html.Late) {
	switch {
	case r.Late.Broken(v.now):
		l.Text, l.Broken = "Later than promised", true
	case r.Late.Soon(v.now):
		l.Text = "Late " + v.soon(r.Late.Due)
	}
	switch {
	case r.Away == "":
	case r.Stand.ID == v.actor.Member:
		l.Away = "Yours while " + r.Away + " is away, until " + v.date(r.Back)
	case r.Stand.ID != 0:
		l.Away = r.Stand.Name + " has it while " + r.Away + " is away"
	default:
		l.Away = r.Away + " is away until " + v.date(r.Back)
	}
	return l
}

// meetingHref is the page of the meeting that a row is about: its brief before,
// the test after.
func meetingHref(r desk.Row) string {
	if r.Action == dottedline.CheckAsk {
		return "/meetings/" + r.Meeting.String() + "/after"
	}
	return "/meetings/" + r.Meeting.String()
}

var readingNames = map[transcript.Answer]string{transcript.Yes: "a yes", transcript.No: "a no", transcript.NotNow: "“not now”", transcript.Question: "a question"}

// reads says how what they wrote reads as an answer, and on which words.
func reads(r desk.Row) string {
	if r.Reads == nil || r.Offered != nil || readingNames[r.Reads.Answer] == "" {
		return ""
	}
	s := fmt.Sprintf("Reads like %s, %.0f%% sure", readingNames[r.Reads.Answer], 100*r.Reads.Confidence)
	if len(r.Reads.Words) > 0 {
		s += ": " + quoted(r.Reads.Words[0].Text)
	}
	return s + "."
}
