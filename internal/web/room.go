package web

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
	"dottedline/paper"
)

const roomCookie = "dottedline-room"

// roomURL is the address of the room that a visitor is in.
func (v *visit) roomURL() string { return "/room/" + v.PathValue("secret") }

// guest is who holds a room's link, in the browser that entered the code.
func (v *visit) guest() desk.Visitor {
	g := desk.Visitor{Link: v.PathValue("secret"), IP: v.address(), Agent: v.UserAgent()}
	if c, err := v.Cookie(roomCookie); err == nil {
		g.Session = c.Value
	}
	return g
}

// address is the network address that a request comes from. A proxy on the same
// machine says whose it passes on.
func (v *visit) address() string {
	host, _, err := net.SplitHostPort(v.RemoteAddr)
	if err != nil {
		host = v.RemoteAddr
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return host
	}
	hops := strings.Split(v.Header.Get("X-Forwarded-For"), ",")
	if last := strings.TrimSpace(hops[len(hops)-1]); net.ParseIP(last) != nil {
		return last
	}
	return host
}

// guest serves whoever holds a room's link. Without the code they come to its
// door.
func (s *server) guest(f func(*visit) error) http.HandlerFunc {
	return s.anyone(func(v *visit) error {
		err := f(v)
		var p *dottedline.Problem
		if errors.As(err, &p) && p.Kind == dottedline.SignIn {
			if v.Method == http.MethodGet {
				return v.door(http.StatusOK, nil)
			}
			v.see(v.roomURL())
			return nil
		}
		return err
	})
}

// roomAct does something in a room and shows it again.
func (s *server) roomAct(f func(*visit, desk.Visitor) error) http.HandlerFunc {
	return s.guest(func(v *visit) error {
		if err := f(v, v.guest()); err != nil {
			return err
		}
		v.see(v.roomURL())
		return nil
	})
}

func (v *visit) door(code int, p *dottedline.Problem) error {
	d, err := v.desk.Door(v.Context(), v.guest())
	if err != nil {
		return err
	}
	return v.render(code, html.DoorPage(html.Door{Assets: v.assets.Prefix(), Action: v.roomURL(), From: cmp.Or(d.Member, d.From), To: d.To, Sent: d.CodeSent, Problem: problemOf(p)}))
}

func requestCode(v *visit) error {
	err := v.desk.RequestCode(v.Context(), v.guest())
	return v.atDoor(err, func() { v.see(v.roomURL()) })
}

func enterCode(v *visit) error {
	session, err := v.desk.EnterCode(v.Context(), v.guest(), v.PostFormValue("code"))
	return v.atDoor(err, func() {
		http.SetCookie(v.w, &http.Cookie{Name: roomCookie, Value: session, Path: v.roomURL(), HttpOnly: true, SameSite: http.SameSiteStrictMode,
			Secure: v.TLS != nil || v.Header.Get("X-Forwarded-Proto") == "https", MaxAge: int(dottedline.RoomFor.Seconds())})
		v.see(v.roomURL())
	})
}

// atDoor goes on, or shows the door with what is wrong.
func (v *visit) atDoor(err error, on func()) error {
	var p *dottedline.Problem
	switch {
	case err == nil:
		on()
		return nil
	case errors.As(err, &p) && p.Kind != dottedline.NotFound:
		return v.door(status(p.Kind), p)
	}
	return err
}

func roomPage(v *visit) error {
	r, err := v.room()
	if err != nil {
		return err
	}
	return v.render(http.StatusOK, html.RoomPage(r))
}

// room is the page of a room as its visitor may see it.
func (v *visit) room() (out html.Room, err error) {
	p, err := v.desk.Room(v.Context(), v.guest())
	if err != nil {
		return out, err
	}
	if h, err := p.Member.Hours.Local(); err == nil {
		v.zone = h.Location()
	}
	at := v.roomURL()
	out = html.Room{
		Sealed: p.Agreement.State == dottedline.Sealed,
		Assets: v.assets.Prefix(), Action: at, Stream: at + "/live", Ours: p.Workspace, Theirs: cmp.Or(p.Me.Company, p.Deal),
		Terms: p.Agreed, Who: signerLine(p.Me), First: firstOf(p.Me.Name), Open: p.Agreement.State.Open() && p.Me.Counts() && p.Me.Signed.IsZero(),
		Quiet: p.Me.Quiet, Records: records, Seller: seller(p),
		Paper: html.RoomPaper{Title: p.Agreement.Title, Length: length(p.Agreement.Pages, p.HTML), HTML: p.HTML, PDF: at + "/agreement.pdf", Name: p.Agreement.Title + ".pdf", Read: !p.Me.Read.IsZero()},
	}
	if p.Member.ID != 0 {
		out.Seller.Booking = at + "/book"
	}
	out.Hello = hello(out.First, len(out.Terms) > 0)
	out.CanPlan = p.Agreement.State.Open() || out.Sealed
	out.Steps = v.roomSteps(p)
	for _, q := range p.Questions {
		out.Questions = append(out.Questions, v.roomQuestion(q, "You", p.Member.Name))
	}
	if v.URL.Query().Has("asked") {
		out.Toast.Text = p.Member.Name + " has it."
	}
	if !p.Me.Signed.IsZero() {
		if out.Mark, err = v.markOf(p.Me.Name); err != nil {
			return out, err
		}
	}
	if p.MyTurn {
		out.Sign = &html.Signing{SHA256: p.Agreement.SHA256, Name: p.Me.Name, Intent: p.Intent, Consent: consent}
		out.Sign.Mark, err = v.markOf(p.Me.Name)
		return out, err
	}
	out.Signed, out.State = v.stands(p)
	return out, nil
}

const consent = "I agree to sign electronically."

// records is what a room tells its visitor of what it keeps.
var records = []string{
	"That this page was opened, that the agreement was read to its end, and when.",
	"What you ask, propose, tick, sign or decline, and when.",
	"The network address and the browser of these acts, for the evidence page of the signed PDF.",
	"Nothing else: no other site hears of your visit, and your way of drawing is not measured.",
}

func hello(first string, terms bool) string {
	switch {
	case first == "":
		return "Here is what we agreed."
	case !terms:
		return first + ", here is the agreement."
	}
	return first + ", here is what we agreed."
}

func firstOf(name string) string { return dottedline.Person{Name: name}.First() }

func signerLine(s dottedline.Signer) string {
	out := s.Name
	for _, part := range []string{s.Title, s.Company} {
		if part != "" {
			out += ", " + part
		}
	}
	return out
}

func seller(p desk.RoomPage) html.Seller {
	s := html.Seller{Name: p.Member.Name, First: cmp.Or(firstOf(p.Member.Name), p.Member.Name), Answers: p.Workspace}
	if p.Answers > 0 {
		s.Answers = "Answers in about " + long(p.Answers)
	}
	return s
}

var tag = regexp.MustCompile(`<[^>]*>`)

// length says how long an agreement is.
func length(pages int, text string) string {
	words := len(strings.Fields(tag.ReplaceAllString(text, " ")))
	out := count(pages, "page", "pages")
	if words > 0 {
		out += ", " + count((words+219)/220, "minute", "minutes") + " to read"
	}
	return out
}

// stands says how the agreement stands where the visitor has nothing to sign.
func (v *visit) stands(p desk.RoomPage) (signed, state string) {
	a, thanks := p.Agreement, "Thank you."
	if f := firstOf(p.Me.Name); f != "" {
		thanks = "Thank you, " + f + "."
	}
	switch {
	case a.State == dottedline.Sealed:
		return "Signed and sealed.", thanks
	case a.State == dottedline.Sealing:
		return "Signed.", "The seal is being made; the PDF comes here and by mail."
	case a.State == dottedline.Declined:
		return "", "Declined on " + v.date(a.Ended) + "."
	case a.State == dottedline.Void:
		return "", "This version no longer stands. " + sentence(a.Reason)
	case a.State == dottedline.Expired || !v.now.Before(a.Ends):
		return "", "The time to sign this was over on " + v.date(a.Ends) + ". Ask for a new one."
	case p.Me.PassedTo != 0:
		return "", "You passed this on. Somebody else signs it."
	}
	var names []string
	for _, s := range dottedline.Turn(p.Signers) {
		names = append(names, s.Name)
	}
	if !p.Me.Signed.IsZero() {
		return "Signed.", thanks + " " + strings.Join(names, " and ") + " signs too; then the sealed PDF comes here and by mail."
	}
	return "", strings.Join(names, " and ") + " signs first. You get a mail when it is your turn."
}

func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// roomSteps is the plan as they see it: ours bears our name, theirs can be ticked.
func (v *visit) roomSteps(p desk.RoomPage) []html.RoomStep {
	return v.planSteps(p.Steps, func(s dottedline.Step) string {
		if s.Owner == dottedline.Us {
			return p.Workspace
		}
		return ""
	}, dottedline.Them, p.Agreement.State.Open() || p.Agreement.State == dottedline.Sealed)
}

// planSteps are the steps in order, the first that is open the next one. ticks
// is the side that looks, which ticks what no fact does.
func (v *visit) planSteps(steps []dottedline.Step, owner func(dottedline.Step) string, ticks dottedline.Side, can bool) (out []html.RoomStep) {
	dottedline.SortSteps(steps)
	next := true
	for _, s := range steps {
		x := html.RoomStep{ID: s.ID.String(), Step: html.Step{What: s.Text, State: "yet"}}
		x.Tick = can && s.Owner == ticks && (s.Fact == "" || s.Fact == dottedline.FactRead)
		if x.Move = can && s.Owner == ticks && ticks == dottedline.Them && s.Done.IsZero(); x.Move && !s.Due.IsZero() {
			x.Due = s.Due.In(v.zone).Format(time.DateOnly)
		}
		x.Who = owner(s)
		when := ""
		switch {
		case !s.Done.IsZero():
			x.State, x.Who, when = "made", "", v.stepDay(s.Done)
		case !s.Due.IsZero():
			when = "by " + v.stepDay(s.Due)
		}
		if s.Done.IsZero() && next {
			x.State, next = "next", false
		}
		if x.Who != "" && when != "" {
			x.Who += ", "
		}
		x.Who += when
		out = append(out, x)
	}
	return out
}

// stepDay writes a day of a plan: "Today", "Wed 25", "12 Jan".
func (v *visit) stepDay(t time.Time) string {
	t, now := t.In(v.zone), v.now.In(v.zone)
	away := t.Sub(now)
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return "today"
	case away > -6*24*time.Hour && away < 20*24*time.Hour:
		return t.Format("Mon 2")
	}
	return v.date(t)
}

func (v *visit) roomQuestion(q dottedline.RoomQuestion, who, member string) html.RoomQuestion {
	out := html.RoomQuestion{Who: who, When: v.day(q.At), Text: q.Text, Proposal: q.Proposal, Answer: q.Answer}
	if !q.Answered.IsZero() {
		out.Answered = member + ", " + v.day(q.Answered)
	}
	return out
}

// markOf draws a typed name as it will stand on the paper; "" where a letter
// has no font.
func (v *visit) markOf(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > 120 {
		return "", nil
	}
	m, err := paper.TypedMark(name, v.desk.Fonts)
	var l paper.Letter
	if errors.As(err, &l) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("draw a name: %w", err)
	}
	return m.SVG("Signature of " + name), nil
}
