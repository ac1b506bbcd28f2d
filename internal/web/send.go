package web

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// newPress names one press of a send button, so that pressing it twice sends
// once.
func newPress() string {
	b := make([]byte, 12)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// timedPress is a press that tells when its page was opened, from which the
// minutes that an action takes are learned.
func timedPress(now time.Time) string {
	return newPress() + "-" + strconv.FormatInt(now.UnixMilli(), 36)
}

// pressOpened is when the page of a press was opened; zero if it does not say.
func pressOpened(press string) (at time.Time) {
	if _, ms, ok := strings.Cut(press, "-"); ok {
		if n, err := strconv.ParseInt(ms, 36, 64); err == nil {
			at = time.UnixMilli(n)
		}
	}
	return at
}

func reply(p *desk.Prepared, press string) html.Reply {
	id := p.Deal.String()
	r := html.Reply{
		Action: "/deals/" + id + "/send", Draft: "/deals/" + id + "/draft", ID: press, Deal: id,
		To: strings.Join(p.To, ", "), Cc: strings.Join(p.Cc, ", "), Subject: p.Subject, Text: p.Text, NoMailbox: p.Mailbox == 0,
		Writer: writer(p.Drafter), Model: p.Model,
	}
	r.With = append(r.With, p.Knows...)
	if p.From != "" {
		r.With = append(r.With, "From "+string(p.From))
	}
	return r
}

func dealID(v *visit) (dottedline.DealID, error) {
	id, err := dottedline.ParseID[dottedline.Deal](v.PathValue("deal"))
	if err != nil {
		return 0, dottedline.Missing("deal")
	}
	return id, nil
}

// intoDraft keeps what was written so far, for an act that adds to the draft,
// and says where to go on writing.
func intoDraft(v *visit) (id dottedline.DealID, to string, err error) {
	if id, err = dealID(v); err != nil {
		return 0, "", err
	}
	if text := v.PostFormValue("text"); text != "" {
		err = v.desk.SaveDraft(v.Context(), v.actor, id, text)
	}
	if strings.HasPrefix(v.back(""), "/now") {
		return id, "/now?open=" + id.String(), err
	}
	return id, "/deals/" + id.String() + "?write=1", err
}

// offerTimes adds free times to the draft of the answer, each a link that books it.
func offerTimes(v *visit) (string, error) {
	id, to, err := intoDraft(v)
	if err != nil {
		return "", err
	}
	return to, v.desk.OfferTimes(v.Context(), v.actor, id, 3)
}

// send puts the mail into the outbox, from where it can be taken back for a
// moment.
func send(v *visit) (string, error) {
	id, err := dealID(v)
	if err != nil {
		return "", err
	}
	m := desk.Prepared{Opened: pressOpened(v.PostFormValue("id")), Text: v.PostFormValue("text"), Subject: v.PostFormValue("subject")}
	if m.To, err = addresses(v.PostFormValue("to")); err != nil {
		return "", err
	}
	if m.Cc, err = addresses(v.PostFormValue("cc")); err != nil {
		return "", err
	}
	out, err := v.desk.Send(v.Context(), v.actor, id, m, v.PostFormValue("id"))
	if err != nil {
		return "", err
	}
	return with(v.back("/now"), "going", out.String()), nil
}

func addresses(list string) (out []string, err error) {
	if strings.TrimSpace(list) == "" {
		return nil, nil
	}
	as, err := mail.ParseAddressList(list)
	if err != nil {
		return nil, dottedline.Wrong("Write them like maya@example.com, dana@example.com.", "%q can’t be read as mail addresses.", list)
	}
	for _, a := range as {
		out = append(out, a.Address)
	}
	return out, nil
}

// with adds one value to a local address.
func with(to, name, value string) string {
	sep := "?"
	if strings.Contains(to, "?") {
		sep = "&"
	}
	return to + sep + name + "=" + value
}

// draft keeps what is being written; the page does not change.
func draft(v *visit) error {
	id, err := dealID(v)
	if err != nil {
		return err
	}
	if err := v.desk.SaveDraft(v.Context(), v.actor, id, v.PostFormValue("text")); err != nil {
		return err
	}
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}

func outgoingID(v *visit) (dottedline.OutgoingID, error) {
	id, err := dottedline.ParseID[dottedline.Outgoing](v.PathValue("mail"))
	if err != nil {
		return 0, dottedline.Missing("mail")
	}
	return id, nil
}

func undo(v *visit) (string, error) {
	id, err := outgoingID(v)
	if err != nil {
		return "", err
	}
	return with(v.back("/now"), "undone", "1"), v.desk.Undo(v.Context(), v.actor, id)
}

// decide settles a mail that may have gone out or was refused.
func decide(v *visit) (string, error) {
	id, err := outgoingID(v)
	if err != nil {
		return "", err
	}
	return v.back("/now"), v.desk.Decide(v.Context(), v.actor, id, v.PostFormValue("again") == "yes")
}

// later puts a deal off, takes that back, or says that nothing is to be
// answered.
func later(v *visit) (string, error) {
	id, err := dealID(v)
	if err != nil {
		return "", err
	}
	switch choice := v.FormValue("until"); choice {
	case "none":
		return v.back("/now"), v.desk.NothingToAnswer(v.Context(), v.actor, id)
	case "now":
		return v.back("/now"), v.desk.Later(v.Context(), v.actor, id, time.Time{})
	default:
		until, ok := v.until(choice)
		if !ok {
			return "", dottedline.Wrong("Choose tonight, tomorrow, Monday or in a week.", "%q is not a time to come back.", choice)
		}
		return with(v.back("/now"), "later", id.String()), v.desk.Later(v.Context(), v.actor, id, until)
	}
}

func answerOffer(v *visit) (string, error) {
	id, err := dottedline.ParseID[dottedline.Thread](v.PathValue("thread"))
	if err != nil {
		return "", dottedline.Missing("thread")
	}
	switch v.FormValue("answer") {
	case "yes":
		_, err = v.desk.TakeOffer(v.Context(), v.actor, id, dottedline.Kind(v.PostFormValue("kind")), v.PostFormValue("value"))
		return v.back("/now"), err
	case "no":
		return with(v.back("/now"), "declined", id.String()), v.desk.DeclineOffer(v.Context(), v.actor, id, true)
	case "undo":
		return v.back("/now"), v.desk.DeclineOffer(v.Context(), v.actor, id, false)
	}
	return "", dottedline.Wrong("Say yes or no.", "That is no answer.")
}

var unsentText = map[dottedline.OutgoingState]string{
	dottedline.Unknown: "may have gone out: the connection was cut before the server said so. Look into your Sent folder.",
	dottedline.Refused: "was not taken by the server.",
}

func unsent(u desk.Unsent) html.Unsent {
	return html.Unsent{ID: u.ID.String(), Text: "Your mail to " + u.To + " " + unsentText[u.State], Error: u.Error, Maybe: u.State == dottedline.Unknown}
}
