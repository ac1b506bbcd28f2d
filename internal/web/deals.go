package web

import (
	"fmt"
	"net/url"
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
	q := v.URL.Query()
	ask := url.Values{"page": {"deals"}}
	for _, k := range []string{"q", "path", "ball"} {
		if q.Get(k) != "" {
			ask.Set(k, q.Get(k))
		}
	}
	if out.Shell, err = v.shell("Deals", "deals", "/live?"+ask.Encode()); err != nil {
		return out, err
	}
	query := desk.DealsQuery{Words: strings.TrimSpace(q.Get("q")), Path: dottedline.Path(q.Get("path")), Ball: dottedline.Side(q.Get("ball"))}
	p, err := v.desk.DealsPage(v.Context(), v.actor, query)
	if err != nil {
		return out, err
	}
	out.Query, out.Heads = query.Words, stations
	out.Paths = chosen(string(query.Path), "Anywhere on the path", dottedline.Talking, dottedline.Asked, dottedline.Yes, dottedline.Signed, dottedline.No, dottedline.Quiet)
	out.Balls = []html.Choice{{Label: "Any ball"}, {Value: "us", Label: "Your ball", Chosen: query.Ball == dottedline.Us}, {Value: "them", Label: "Their ball", Chosen: query.Ball == dottedline.Them}}
	out.Kinds, out.Currency = kindChoices(dottedline.Sale), p.Currency
	open := p.Talking + p.Asked + p.Yes
	out.Lead, out.LeadQuiet = capital(plural(open, "deal,", "deals,")), fmt.Sprintf("%s past the yes.", word(p.Yes))
	if query != (desk.DealsQuery{}) {
		out.Lead, out.LeadQuiet = capital(plural(len(p.Rows), "deal", "deals")), "found."
	}
	out.Sub = v.dealsSub(p)
	if len(p.Rows) == 0 {
		out.None = "No deal yet. They come from your mail: say yes to an offer at the foot of Now."
		if query != (desk.DealsQuery{}) {
			out.None = "Nothing found. Fewer words find more."
		}
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

// dealsSub says what the listed deals are worth and how many wait for us.
func (v *visit) dealsSub(p desk.DealsPage) string {
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
	var s string
	if sum > 0 {
		s = dottedline.FromMajor(sum, p.Currency).String() + " is open. "
	}
	switch {
	case len(p.Rows) == 0:
		return ""
	case ours == 0:
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
