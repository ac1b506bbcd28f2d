package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

var eventWords = map[dottedline.Event]string{
	dottedline.ReplyEvent: "They reply on a deal", dottedline.YesEvent: "Somebody says yes", dottedline.QuestionEvent: "They ask in the room, or propose a change",
	dottedline.SignedEvent: "Somebody signs", dottedline.MeetingEvent: "They decline to meet, or propose another time", dottedline.OpenedEvent: "They open the agreement or a gift", dottedline.IntroEvent: "They answer whether to be introduced", dottedline.LateEvent: "An answer is about to be late",
}

func eventChoices(chosen func(dottedline.Event) bool) (out []html.Choice) {
	for _, e := range dottedline.Events {
		out = append(out, html.Choice{Value: string(e), Label: eventWords[e], Chosen: chosen(e)})
	}
	return out
}

func (v *visit) chosenEvents() []dottedline.Event {
	es := []dottedline.Event{}
	for _, s := range v.PostForm["event"] {
		es = append(es, dottedline.Event(s))
	}
	return es
}

func noticesPage(v *visit) (templ.Component, error) {
	x, err := v.desk.Told(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	return showNotices(v, x, nil)
}

func showNotices(v *visit, x dottedline.Told, p *dottedline.Problem) (templ.Component, error) {
	out := html.NoticeSettings{Problem: problemOf(p), Events: eventChoices(x.Pushes), Quiet: x.Quiet.On, From: "20:00", To: "07:00", DaysOff: x.Quiet.DaysOff,
		Digest: x.Digest.On, DigestAt: "08:00", AwayFrom: x.Away.From, AwayTo: x.Away.To, AwayNote: x.Away.Note, Owner: v.actor.Role == dottedline.Owner}
	if x.Quiet != (dottedline.QuietHours{}) {
		out.From, out.To = clock(x.Quiet.From), clock(x.Quiet.To)
	}
	if x.Digest.At != 0 {
		out.DigestAt = clock(x.Digest.At)
	}
	h := v.me.Member.Hours
	if x.Away.Holds(v.now, h) {
		out.AwayNow = "You are away until " + x.Away.Back(h).In(v.zone).Format("Monday 2 January") + "."
	}
	var err error
	if out.Renew, err = v.desk.RenewsPushes(v.Context(), v.actor); err != nil {
		return nil, err
	}
	if out.Shell, err = v.shell("Notices", "settings", ""); err != nil {
		return nil, err
	}
	ds, err := v.desk.Devices(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	for _, d := range ds {
		r := html.DeviceRow{ID: d.ID.String(), Name: d.Name, Note: "since " + v.date(d.Made) + ", nothing pushed yet", Error: d.Error}
		if !d.Last.IsZero() {
			r.Note = "since " + v.date(d.Made) + ", last " + v.ago(d.Last)
		}
		out.Devices = append(out.Devices, r)
	}
	ms, err := v.desk.Members(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	out.Stand = []html.Choice{{Label: "Nobody: people get a note"}}
	for _, m := range ms {
		if m.ID != v.actor.Member {
			out.Stand = append(out.Stand, html.Choice{Value: m.ID.String(), Label: m.Name, Chosen: m.ID == x.Away.Stand})
		}
	}
	promise, err := v.desk.Promise(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	out.Promise = strconv.FormatFloat(float64(promise), 'f', -1, 64)
	ours, _, err := v.desk.WorkspaceTimes(v.Context(), v.actor, v.now.Add(-90*24*time.Hour))
	if ours.N > 0 {
		out.Answers = "In the last 90 days that was " + long(ours.Work) + " at the median, of " + plural(ours.N, "answer", "answers") + "."
	}
	return html.NoticesPage(out), err
}

func setNotices(v *visit) (string, again, error) {
	x := dottedline.Told{}
	if err := v.ParseForm(); err != nil {
		return "", nil, err
	}
	x.Push = dottedline.KnownEvents(v.chosenEvents())
	if x.Push == nil {
		x.Push = []dottedline.Event{}
	}
	x.Quiet = dottedline.QuietHours{On: v.PostFormValue("quiet") != "", DaysOff: v.PostFormValue("days-off") != ""}
	x.Digest.On = v.PostFormValue("digest") != ""
	var wrong error
	for field, into := range map[string]*int{"quiet-from": &x.Quiet.From, "quiet-to": &x.Quiet.To, "digest-at": &x.Digest.At} {
		at, err := time.Parse("15:04", v.PostFormValue(field))
		if err != nil {
			wrong = dottedline.Wrong("Write it like 07:30.", "%q is not a time of the day.", v.PostFormValue(field))
		}
		*into = at.Hour()*60 + at.Minute()
	}
	x.Away = dottedline.Away{From: strings.TrimSpace(v.PostFormValue("away-from")), To: strings.TrimSpace(v.PostFormValue("away-to")), Note: strings.TrimSpace(strings.ReplaceAll(v.PostFormValue("away-note"), "\r\n", "\n"))}
	if s := v.PostFormValue("away-stand"); s != "" {
		id, err := dottedline.ParseID[dottedline.Member](s)
		if err != nil {
			wrong = dottedline.Missing("member")
		}
		x.Away.Stand = id
	}
	if x.Away.From == "" && x.Away.To == "" {
		x.Away = dottedline.Away{} // without days there is no absence
	}
	if wrong == nil {
		wrong = v.desk.SetTold(v.Context(), v.actor, x)
	}
	return "/settings/notices?saved=1", func(p *dottedline.Problem) (templ.Component, error) { return showNotices(v, x, p) }, wrong
}

func setPromise(v *visit) (string, again, error) {
	text := strings.TrimSpace(v.PostFormValue("promise"))
	h, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	if err != nil {
		err = dottedline.Wrong("Write hours, such as 2 or 0.5.", "%q is not a number.", text)
	} else {
		err = v.desk.SetPromise(v.Context(), v.actor, dottedline.Promise(h))
	}
	return "/settings/notices?saved=1", func(p *dottedline.Problem) (templ.Component, error) {
		x, err := v.desk.Told(v.Context(), v.actor)
		if err != nil {
			return nil, err
		}
		return showNotices(v, x, p)
	}, err
}

// pushKey gives the key that browsers subscribe with. It is posted for, because
// the first time makes it.
func pushKey(v *visit) error {
	key, err := v.desk.PushKey(v.Context(), v.actor)
	if err != nil {
		return err
	}
	_, err = v.w.Write([]byte(key))
	return err
}

// addDevice takes a browser's subscription, as its script sends it.
func addDevice(v *visit) error {
	var in struct {
		Name         string            `json:"name"`
		Subscription desk.Subscription `json:"subscription"`
		Key          string            `json:"key"` // that it is under
		Was          string            `json:"was"` // the endpoint before
	}
	if !strings.HasPrefix(v.Header.Get("Content-Type"), "application/json") || json.NewDecoder(v.Body).Decode(&in) != nil {
		return dottedline.Wrong("Reload the page and press again.", "The browser’s subscription can’t be read.")
	}
	in.Subscription.Under, in.Subscription.Was = in.Key, in.Was
	if err := v.desk.AddDevice(v.Context(), v.actor, in.Name, in.Subscription); err != nil {
		return err
	}
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}

func deviceAct(do func(*visit, dottedline.DeviceID) error) func(*visit) (string, error) {
	return func(v *visit) (string, error) {
		id, err := dottedline.ParseID[dottedline.Device](v.PathValue("device"))
		if err != nil {
			return "", dottedline.Missing("device")
		}
		return "/settings/notices", do(v, id)
	}
}

func testDevice(v *visit, id dottedline.DeviceID) error {
	return v.desk.TestDevice(v.Context(), v.actor, id)
}

func removeDevice(v *visit, id dottedline.DeviceID) error {
	return v.desk.DropDevice(v.Context(), v.actor, id)
}

// worker is the service worker's script, above all pages that it works for.
func worker(v *visit) error {
	v.w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	v.w.Header().Set("Cache-Control", "no-cache")
	_, err := v.w.Write(v.assets.Worker())
	return err
}

// manifest makes the pages installable (W3C Web App Manifest).
func manifest(v *visit) error {
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose,omitempty"`
	}
	at := v.assets.Prefix()
	v.w.Header().Set("Content-Type", "application/manifest+json")
	v.w.Header().Set("Cache-Control", "no-cache")
	return json.NewEncoder(v.w).Encode(map[string]any{
		"id": "/", "name": "Dottedline", "short_name": "Dottedline", "start_url": "/now", "scope": "/", "display": "standalone",
		"background_color": "#f7f7f9", "theme_color": "#f7f7f9", "description": "Whose move it is, what waiting costs, and the next step ready to press.",
		"icons": slices.Concat([]icon{{at + "icon.svg", "any", "image/svg+xml", ""}, {at + "icon-192.png", "192x192", "image/png", ""}},
			[]icon{{at + "icon-512.png", "512x512", "image/png", ""}, {at + "icon-512-square.png", "512x512", "image/png", "maskable"}}),
	})
}
