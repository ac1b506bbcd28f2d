package web

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func dealPage(v *visit) (templ.Component, error) {
	p, err := deal(v, v.PathValue("deal"), timedPress(v.now))
	return html.DealPage(p), err
}

// shownFirst is how many touches a deal's page shows before "earlier".
const shownFirst = 30

// deal is the page of one deal.
func deal(v *visit, which, press string) (out html.Deal, err error) {
	id, err := dottedline.ParseID[dottedline.Deal](which)
	if err != nil {
		return out, dottedline.Missing("deal")
	}
	p, err := v.desk.DealPage(v.Context(), v.actor, id)
	if err != nil {
		return out, err
	}
	q := v.URL.Query()
	stream := "/live?page=deal&deal=" + p.Deal.ID.String()
	for _, k := range []string{"write", "all", "from"} {
		if q.Get(k) != "" {
			stream += "&" + k + "=" + url.QueryEscape(q.Get(k))
		}
	}
	if out.Shell, err = v.shell(p.Deal.Name, "deals", stream); err != nil {
		return out, err
	}
	out.ID, out.Name, out.Sub = p.Deal.ID.String(), p.Deal.Name, dealSub(p)
	out.Path, out.Ended = v.stops(p.Deal), v.ended(p.Deal)
	if out.Ended == "" {
		out.Cost, out.Explain = v.rate(p.Row.Cost), p.Row.Explain
	}
	gs, err := v.desk.Generosity(v.Context(), v.actor, p.Deal.ID)
	if err != nil {
		return out, err
	}
	if out.Gifts, err = v.giftSide(p.Deal.ID, gs); err != nil {
		return out, err
	}
	out.Ball = ball(v, p.Deal.Ball)
	out.Ball.Work = "for " + long(v.now.Sub(p.Deal.Ball.Since))
	out.NoBall = p.Deal.Ball.Side == dottedline.Nobody
	out.LaterHref, out.Later = "/deals/"+out.ID+"/later", v.laterChoices()
	if p.Deal.Later.After(v.now) {
		out.PutOff = "Put off until " + v.day(p.Deal.Later) + "."
	}
	if out.Reply, err = v.dealReply(p, press, q.Get("from")); err != nil {
		return out, err
	}
	out.ReplyLabel, out.Writing = "Your mail to "+personName(p.Row.Person), q.Get("write") != ""
	out.WriteLabel = writeLabel(p)
	out.Rally = v.rally(p)
	out.Timeline = v.timeline(p, q.Get("all") != "")
	if len(p.Timeline) > shownFirst && q.Get("all") == "" {
		out.Older = "/deals/" + out.ID + "?all=1"
	}
	out.Ask = v.ask(p)
	for _, x := range p.People {
		out.People = append(out.People, html.Member{ID: x.ID.String(), Name: personName(x), Note: string(x.Address), Given: given(gs.People[x.ID]), Only: len(p.People) == 1})
	}
	for _, h := range p.Threads {
		out.Threads = append(out.Threads, html.Thread{ID: h.ID.String(), Subject: h.Subject, Only: len(p.Threads) == 1,
			Note: fmt.Sprintf("%s, last on %s", count(h.Ours+h.Theirs, "message", "messages"), v.date(h.Last))})
	}
	for _, u := range p.Outgoing {
		if unsentText[u.State] != "" {
			out.Unsure = append(out.Unsure, unsent(u))
		}
	}
	is, err := v.desk.DealInvitations(v.Context(), v.actor, p.Deal.ID)
	if err != nil {
		return out, err
	}
	out.Invites = v.invites(is, true)
	ps, err := v.desk.DealProposals(v.Context(), v.actor, p.Deal.ID)
	if err != nil {
		return out, err
	}
	out.OtherTimes = v.otherTimes(ps, true)
	if out.Closing, err = v.dealClosing(p); err != nil {
		return out, err
	}
	out.Asks, out.Reads = v.dealAsks(p), reads(p.Row)
	out.Form = dealForm(p)
	out.Others, err = v.otherDeals(p.Deal.ID)
	return out, err
}

func dealSub(p desk.DealPage) string {
	s := personName(p.Row.Person)
	if p.Row.Company.Name != "" && p.Row.Company.Name != p.Deal.Name {
		s += ", " + p.Row.Company.Name
	}
	s += ". " + capital(string(p.Deal.Kind))
	if p.Deal.Value.Minor > 0 {
		s += ", " + p.Deal.Value.String()
	}
	return s + "."
}

func (v *visit) ended(d dottedline.Deal) string {
	on := v.date(d.Steps.Ended)
	switch d.Path {
	case dottedline.Signed:
		return "Signed on " + on + "."
	case dottedline.No:
		return "Turned down on " + on + "."
	case dottedline.Quiet:
		return "Gone quiet on " + on + "."
	}
	return ""
}

// ask is the last ask that was made in words, and how it stands.
func (v *visit) ask(p desk.DealPage) *html.Ask {
	i := slices.IndexFunc(p.Timeline, func(m desk.Moment) bool { return m.Kind == dottedline.AskTouch && m.Text != "" })
	if i < 0 {
		return nil
	}
	a := &html.Ask{Text: p.Timeline[i].Text, State: "Asked " + v.day(p.Timeline[i].At) + "."}
	switch p.Deal.Path {
	case dottedline.Yes, dottedline.Signed:
		a.State += " They said yes."
	case dottedline.No:
		a.State += " They said no."
	default:
		a.State += " Not answered yet."
	}
	return a
}

func writeLabel(p desk.DealPage) string {
	name := p.Row.Person.First()
	if name == "" {
		name = "them"
	}
	switch p.Row.Action {
	case dottedline.Answer:
		return "Answer " + name
	case dottedline.Nudge:
		return "Nudge " + name
	}
	return "Write to " + name
}

// dealReply is the form to write with; from names a template to start from.
func (v *visit) dealReply(p desk.DealPage, press, from string) (r html.Reply, err error) {
	if p.Prepared != nil {
		r = reply(p.Prepared, press)
	}
	r.Editable = true
	own, err := v.desk.Templates(v.Context(), v.actor)
	if err != nil {
		return r, err
	}
	for _, t := range slices.Concat(own, dottedline.ShippedTemplates) {
		r.Choices = append(r.Choices, html.Choice{Value: t.Name, Label: t.Name, Chosen: t.Name == from})
		if t.Name == from && p.Prepared != nil {
			f := dottedline.Facts{FirstName: p.Row.Person.First(), Name: p.Row.Person.Name, Company: p.Row.Company.Name, MyName: v.me.Member.Name,
				Subject: p.Prepared.Subject, Question: dottedline.Question(p.Prepared.Quoting)}
			if p.Deal.Value.Minor > 0 {
				f.Value = p.Deal.Value.String()
			}
			if r.Text, err = t.Fill(f); err != nil {
				return r, err
			}
		}
	}
	r.Choices = append(r.Choices, html.Choice{Value: "empty", Label: "An empty page", Chosen: from == "empty"})
	if from == "empty" {
		r.Text = ""
	}
	return r, nil
}

// rally is who answered whom after how long; nil before there is a stroke.
func (v *visit) rally(p desk.DealPage) *html.Rally {
	them := personName(p.Row.Person)
	r := &html.Rally{Them: them}
	add := func(ours bool, gap time.Duration) {
		r.Hits = append(r.Hits, html.Hit{Ours: ours, Gap: gap, Text: short(gap)})
	}
	for i, x := range p.Replies {
		if i == 0 {
			add(x.By != dottedline.Us, 0)
		}
		add(x.By == dottedline.Us, x.Wall())
	}
	b := p.Deal.Ball
	if b.Side != dottedline.Nobody && p.Deal.Ours+p.Deal.Theirs > 0 {
		if len(r.Hits) == 0 {
			add(b.Side != dottedline.Us, 0)
		}
		gap := v.now.Sub(b.Since)
		text := short(gap) + ", their ball"
		if b.Side == dottedline.Us {
			text = short(gap) + ", your ball"
		}
		r.Wait = &html.Hit{Ours: b.Side == dottedline.Us, Gap: gap, Text: text}
	}
	if len(r.Hits) == 0 {
		return nil
	}
	if p.Ours.N > 0 {
		r.Lead = fmt.Sprintf("You answer in %s%s. ", long(p.Ours.Wall), working(p.Ours))
	}
	if p.Theirs.N > 0 {
		r.Lead += fmt.Sprintf("%s answers in %s%s.", firstOr(p.Row.Person, "Their side"), long(p.Theirs.Wall), working(p.Theirs))
	}
	r.Said = fmt.Sprintf("%s. %s", capital(count(len(r.Hits), "message", "messages")), r.Lead)
	return r
}

func firstOr(p dottedline.Person, otherwise string) string {
	if f := p.First(); f != "" {
		return f
	}
	return otherwise
}

// working adds the time within the working hours where it differs much.
func working(t dottedline.ReplyTimes) string {
	if t.Work < time.Minute || t.Work > t.Wall*3/4 {
		return ""
	}
	return " (" + long(t.Work) + " of work)"
}

func dealForm(p desk.DealPage) html.DealForm {
	f := html.DealForm{Name: p.Deal.Name, Currency: p.Currency, Kinds: kindChoices(p.Deal.Kind)}
	if p.Deal.Value.Minor > 0 {
		f.Value = p.Deal.Value.String()
	}
	add := func(k dottedline.TouchKind, label string) {
		f.Steps = append(f.Steps, html.Choice{Value: string(k), Label: label})
	}
	switch p.Deal.Path {
	case dottedline.Talking:
		add(dottedline.AskTouch, "I asked")
		add(dottedline.YesTouch, "They said yes")
	case dottedline.Asked:
		add(dottedline.YesTouch, "They said yes")
	case dottedline.Yes:
		add(dottedline.SignedTouch, "It is signed")
		add(dottedline.UnyesTouch, "It was no yes")
	default:
		add(dottedline.ReopenTouch, "Open it again")
		return f
	}
	add(dottedline.NoTouch, "They said no")
	add(dottedline.QuietTouch, "Gone quiet")
	return f
}

// mergeable is how many deals are offered to merge with, the liveliest first.
const mergeable = 100

// otherDeals are those that this one could be merged into.
func (v *visit) otherDeals(not dottedline.DealID) (out []html.Choice, err error) {
	ds, err := v.desk.DealNames(v.Context(), v.actor, mergeable)
	for _, d := range ds {
		if d.ID != not {
			out = append(out, html.Choice{Value: d.ID.String(), Label: d.Name + " (" + d.Person + ")"})
		}
	}
	return out, err
}
