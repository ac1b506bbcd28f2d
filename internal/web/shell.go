package web

import (
	"cmp"
	"net/url"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// shell is what surrounds every page of a member.
func (v *visit) shell(title, page, stream string) (html.Shell, error) {
	around, err := v.desk.Around(v.Context(), v.actor)
	if err != nil {
		return html.Shell{}, err
	}
	s := html.Shell{Title: title, Page: page, Assets: v.assets.Prefix(), Stream: stream, Rail: html.Rail{Foot: v.foot(around.Mailboxes)}}
	if around.Waiting > 0 {
		s.Rail.Now = number(int64(around.Waiting))
	}
	if around.Open > 0 {
		s.Rail.Deals = number(around.Open)
	}
	if around.Asks > 0 {
		s.Rail.Asks = number(around.Asks)
	}
	closed, err := v.desk.ClosedCalendars(v.Context(), v.actor)
	if err != nil {
		return html.Shell{}, err
	}
	for _, c := range closed {
		s.Rail.Foot = append(s.Rail.Foot, html.Line{Text: "Calendar " + c.Name + " can’t be read: no free time is offered.", Bad: true})
		s.Closed = append(s.Closed, html.Problem{Text: "The calendar “" + c.Name + "” can’t be read, so no free time is offered from it.", Hint: c.Closed(v.now)})
	}
	off, err := v.desk.OffWebhooks(v.Context(), v.actor)
	if err != nil {
		return html.Shell{}, err
	}
	for _, w := range off {
		host := w.URL
		if u, err := url.Parse(w.URL); err == nil { // an address may hold a secret
			host = u.Host
		}
		s.Rail.Foot = append(s.Rail.Foot, html.Line{Text: "The webhook to " + host + " was turned off.", Bad: true})
	}
	lost, err := v.desk.Unwritten(v.Context(), v.actor)
	if err != nil {
		return html.Shell{}, err
	}
	for _, u := range lost {
		s.Closed = append(s.Closed, html.Problem{Text: unwritten(u), Hint: u.Error})
	}
	s.Toast, err = v.toast()
	return s, err
}

// foot says how fresh the mail is.
func (v *visit) foot(boxes []desk.MailboxStatus) []html.Line {
	if len(boxes) == 0 {
		return []html.Line{{Text: "No mailbox yet."}}
	}
	var lines []html.Line
	var oldest time.Time
	for i, b := range boxes {
		if i == 0 || b.LastSync.Before(oldest) {
			oldest = b.LastSync
		}
		if b.Error != "" {
			lines = append(lines, html.Line{Text: string(b.Address) + " can’t be read.", Bad: true})
		}
	}
	if oldest.IsZero() {
		return append([]html.Line{{Text: "Mail not read yet."}}, lines...)
	}
	return append([]html.Line{{Text: "Mail read " + v.ago(oldest) + "."}}, lines...)
}

// toast says what the page that one comes from has done.
func (v *visit) toast() (t html.Toast, err error) {
	switch q := v.URL.Query(); {
	case q.Has("going"):
		id, err := dottedline.ParseID[dottedline.Outgoing](q.Get("going"))
		if err != nil {
			return t, nil
		}
		g, err := v.desk.Going(v.Context(), v.actor, id)
		if err == nil && g.Undoable {
			t = html.Toast{Text: "Going out to " + g.To, Undo: "/outbox/" + id.String() + "/undo"}
		}
		return t, err
	case q.Has("later"):
		if id, err := dottedline.ParseID[dottedline.Deal](q.Get("later")); err == nil {
			t = html.Toast{Text: "Put off", Undo: "/deals/" + id.String() + "/later?until=now"}
		}
	case q.Has("declined"):
		if id, err := dottedline.ParseID[dottedline.Thread](q.Get("declined")); err == nil {
			t = html.Toast{Text: "Not a deal", Undo: "/offers/" + id.String() + "?answer=undo"}
		}
	case q.Has("undone"):
		t.Text = "Taken back. Nothing was sent."
	case q.Has("saved"):
		t.Text = "Saved"
	}
	return t, nil
}

// stops are the stations of a deal's path.
func (v *visit) stops(d dottedline.Deal) []html.Stop {
	reached := []struct {
		name string
		at   time.Time
		made bool
	}{
		{"Talking", d.Steps.Met, true},
		{"Asked", d.Steps.Asked, !d.Steps.Asked.IsZero() || !d.Steps.Yes.IsZero() || d.Path == dottedline.Signed},
		{"Yes", d.Steps.Yes, !d.Steps.Yes.IsZero() || d.Path == dottedline.Signed},
		{"Signed", d.Steps.Ended, d.Path == dottedline.Signed},
	}
	out := make([]html.Stop, len(reached))
	next := true
	for i, r := range reached {
		out[i] = html.Stop{Name: r.name, State: "yet"}
		switch {
		case r.made:
			out[i].State, out[i].When = "made", v.date(r.at)
		case next:
			out[i].State, next = "next", false
		}
	}
	return out
}

var stations = []string{"Talking", "Asked", "Yes", "Signed"}

func ball(v *visit, b dottedline.Ball) html.Ball {
	return html.Ball{Ours: b.Side == dottedline.Us, Since: v.since(b.Since)}
}

func kindChoices(chosen dottedline.Kind) []html.Choice {
	out := make([]html.Choice, len(dottedline.Kinds))
	for i, k := range dottedline.Kinds {
		out[i] = html.Choice{Value: string(k), Label: capital(string(k)), Chosen: k == chosen}
	}
	return out
}

// rate writes a cost per day in the workspace's currency; "" for next to nothing.
func (v *visit) rate(r dottedline.MoneyPerDay) string {
	if r < .005 {
		return ""
	}
	return r.In(v.me.Workspace.Currency)
}

func personName(p dottedline.Person) string { return cmp.Or(p.Name, string(p.Address), "Somebody") }
