package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func dealsPage(v *visit) (templ.Component, error) {
	p, err := deals(v)
	return html.DealsPage(p), err
}

// deals is the list of deals that the address asks for.
func deals(v *visit) (out html.Deals, err error) {
	here := v.part("q", "path", "ball")
	if out.Shell, err = v.shell("Deals", "deals", pageAt("/live", here, "page", "deals")); err != nil {
		return out, err
	}
	query := desk.DealsQuery{Words: strings.TrimSpace(here.Get("q")), Path: dottedline.Path(here.Get("path")), Ball: dottedline.Side(here.Get("ball"))}
	query.After, _ = dottedline.ParseListed(here.Get("after")) // what can't be read is the beginning
	query.Rows, _ = strconv.Atoi(here.Get("rows"))
	p, err := v.desk.DealsPage(v.Context(), v.actor, query)
	if err != nil {
		return out, err
	}
	out.Query, out.Heads = query.Words, stations
	out.Paths = chosen(string(query.Path), "Anywhere on the path", dottedline.Talking, dottedline.Asked, dottedline.Yes, dottedline.Signed, dottedline.No, dottedline.Quiet)
	out.Balls = []html.Choice{{Label: "Any ball"}, {Value: "us", Label: "Your ball", Chosen: query.Ball == dottedline.Us}, {Value: "them", Label: "Their ball", Chosen: query.Ball == dottedline.Them}}
	out.Kinds, out.Currency = kindChoices(dottedline.Sale), p.Currency
	further, goesOn := query.After != (dottedline.Listed{}), p.Next != (dottedline.Listed{})
	if goesOn {
		out.More = more("/deals", here, len(p.Rows), desk.DealsAtOnce, desk.DealsAtMost, p.Next.String(), "line-"+p.Next.Deal.String())
	}
	if further {
		here.Del("after")
		here.Del("rows")
		out.Top = pageAt("/deals", here)
	}
	out.Lead, out.LeadQuiet = capital(plural(int(p.Open), "deal,", "deals,")), fmt.Sprintf("%s past the yes.", word(int(p.Yes)))
	switch {
	case !query.Narrows():
		out.Sub = v.openSub(p)
	case further:
		out.Lead, out.LeadQuiet = "More deals", "found."
	case goesOn:
		out.Lead, out.LeadQuiet = "More than "+number(int64(len(p.Rows)))+" deals", "found."
	default:
		out.Lead, out.LeadQuiet, out.Sub = capital(plural(len(p.Rows), "deal", "deals")), "found.", v.foundSub(p)
	}
	switch {
	case len(p.Rows) > 0:
	case further:
		out.None = "These are all."
	case query.Narrows():
		out.None = "Nothing found. Fewer words find more."
	default:
		out.None = "No deal yet. They come from your mail: say yes to an offer at the foot of Now."
	}
	for _, r := range p.Rows {
		out.Lines = append(out.Lines, v.dealLine(r, query.Words))
	}
	return out, nil
}

func chosen(value, any string, paths ...dottedline.Path) []html.Choice {
	names := map[dottedline.Path]string{dottedline.No: "Turned down", dottedline.Quiet: "Gone quiet"}
	out := []html.Choice{{Label: any}}
	for _, p := range paths {
		label := names[p]
		if label == "" {
			label = capital(string(p))
		}
		out = append(out, html.Choice{Value: string(p), Label: label, Chosen: string(p) == value})
	}
	return out
}

// openSub says what all open deals are worth and how many wait for us.
func (v *visit) openSub(p desk.DealsPage) string {
	if p.Open == 0 {
		return ""
	}
	return worthAndBall(p.Worth, p.Currency, int(p.Ours))
}

// foundSub says the same of those that were found.
func (v *visit) foundSub(p desk.DealsPage) string {
	var sum float64
	ours := 0
	for _, r := range p.Rows {
		if r.Deal.Path.Ended() {
			continue
		}
		sum += r.Deal.Value.Major() * v.me.Settings.Rate(r.Deal.Value.Currency)
		if r.Deal.Ball.Side == dottedline.Us {
			ours++
		}
	}
	if len(p.Rows) == 0 {
		return ""
	}
	return worthAndBall(sum, p.Currency, ours)
}

func worthAndBall(sum float64, currency string, ours int) string {
	var s string
	if sum > 0 {
		s = dottedline.FromMajor(sum, currency).String() + " is open. "
	}
	if ours == 0 {
		return s + "Every ball is on their side."
	}
	return s + "The ball lies with you in " + word(ours) + "."
}

func (v *visit) dealLine(r desk.Row, words string) html.DealLine {
	l := html.DealLine{ID: r.Deal.ID.String(), Name: r.Deal.Name, Person: personName(r.Person), Path: v.stops(r.Deal), Ball: ball(v, r.Deal.Ball), NoBall: r.Deal.Ball.Side == dottedline.Nobody}
	l.PathSaid = "At " + string(r.Deal.Path)
	if r.Deal.Path.Ended() {
		l.Ended = v.ended(r.Deal)
	} else {
		l.Cost = v.rate(r.Cost)
	}
	if words != "" && r.Said != "" {
		l.Hit = r.Said
	}
	return l
}

// palette is the list under what is typed into "go to".
func palette(v *visit) (templ.Component, error) {
	words := strings.TrimSpace(v.FormValue("q"))
	found, err := v.desk.Find(v.Context(), v.actor, words, 8)
	if err != nil {
		return nil, err
	}
	if words == "" {
		ds, err := v.desk.DealNames(v.Context(), v.actor, 5)
		if err != nil {
			return nil, err
		}
		for _, d := range ds {
			found = append(found, desk.Found{Kind: "deal", Deal: d.ID, Title: d.Name, Detail: d.Person})
		}
	}
	var out html.Found
	add := func(name string, items ...html.FoundItem) {
		if len(items) > 0 {
			out.Groups = append(out.Groups, html.FoundGroup{Name: name, Items: items})
		}
	}
	var ds, ms []html.FoundItem
	for _, f := range found {
		if f.Kind == "deal" {
			ds = append(ds, html.FoundItem{Name: f.Title, Note: f.Detail, Href: "/deals/" + f.Deal.String()})
		} else {
			ms = append(ms, html.FoundItem{Name: f.Title, Note: dottedline.Shorten(f.Detail, 40), Href: "/messages/" + f.Mail.String()})
		}
	}
	add("Deals", ds...)
	add("Messages", ms...)
	add("Go to", places(words)...)
	return html.FoundList(out), nil
}

// places are the pages whose name begins with what was typed.
func places(words string) (out []html.FoundItem) {
	for _, p := range []html.FoundItem{
		{Name: "Now", Href: "/now", Keys: []string{"G", "N"}}, {Name: "Deals", Href: "/deals", Keys: []string{"G", "D"}},
		{Name: "Asks", Href: "/asks", Keys: []string{"G", "A"}}, {Name: "Insights", Href: "/insights", Keys: []string{"G", "I"}}, {Name: "Mail settings", Href: "/settings/mail", Keys: []string{"G", "S"}}, {Name: "Working hours", Href: "/settings/hours"},
		{Name: "Reply templates", Href: "/settings/replies"}, {Name: "Members", Href: "/settings/members"}, {Name: "You", Href: "/settings/profile"},
	} {
		if strings.HasPrefix(strings.ToLower(p.Name), strings.ToLower(words)) {
			out = append(out, p)
		}
	}
	return out
}
