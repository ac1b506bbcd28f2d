package web

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func webhooksPage(v *visit) (templ.Component, error) { return showWebhooks(v, "", nil, nil) }

// showWebhooks shows the webhooks; secret is of one that was just made, tried one
// that could not be kept.
func showWebhooks(v *visit, secret string, tried *dottedline.Webhook, p *dottedline.Problem) (templ.Component, error) {
	out := html.WebhookSettings{Owner: v.actor.Role == dottedline.Owner, Secret: secret, Problem: problemOf(p)}
	var err error
	if out.Shell, err = v.shell("Webhooks", "settings", ""); err != nil || !out.Owner {
		return html.WebhooksPage(out), err
	}
	all, err := v.desk.Webhooks(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	out.Fresh = webhookForm(v, dottedline.Webhook{Events: dottedline.Events})
	out.Fresh.Open = len(all) == 0
	for _, w := range all {
		if tried != nil && tried.ID == w.ID {
			w.URL, w.Events, w.Paused = tried.URL, tried.Events, tried.Paused
		}
		f := webhookForm(v, w)
		f.Open = f.Off != nil || tried != nil && tried.ID == w.ID
		out.Webhooks = append(out.Webhooks, f)
	}
	if tried != nil && tried.ID == 0 {
		out.Fresh = webhookForm(v, *tried)
		out.Fresh.Open = true
	}
	return html.WebhooksPage(out), nil
}

func webhookForm(v *visit, w dottedline.Webhook) html.WebhookForm {
	f := html.WebhookForm{URL: w.URL, Paused: w.Paused, Events: eventChoices(func(e dottedline.Event) bool { return slices.Contains(w.Events, e) })}
	if w.ID == 0 {
		return f
	}
	f.ID = w.ID.String()
	switch {
	case !w.Off.IsZero():
		f.State = "turned off " + v.ago(w.Off)
		f.Off = &html.Problem{Text: "It was turned off: nothing had arrived since " + v.day(w.Failed) + ". " + w.Why, Hint: "Save it to let it go on. What it missed can be sent again from the log."}
	case w.Paused:
		f.State = "paused"
	case !w.Failed.IsZero():
		f.State = "not arriving since " + v.day(w.Failed) + ". " + w.Why
	default:
		f.State = "told of " + plural(len(w.Events), "event", "events")
	}
	return f
}

func addWebhook(v *visit) (string, again, error) {
	if err := v.ParseForm(); err != nil {
		return "", nil, err
	}
	w := dottedline.Webhook{URL: v.PostFormValue("url"), Events: v.chosenEvents()}
	_, secret, err := v.desk.AddWebhook(v.Context(), v.actor, w.URL, w.Events)
	if err != nil {
		return "", func(p *dottedline.Problem) (templ.Component, error) { return showWebhooks(v, "", &w, p) }, err
	}
	return v.shown(showWebhooks(v, secret, nil, nil))
}

// shown shows a page in place of going to one: for what is seen once.
func (v *visit) shown(c templ.Component, err error) (string, again, error) {
	if err != nil {
		return "", nil, err
	}
	return "", nil, v.render(http.StatusOK, c)
}

func webhookID(v *visit) (dottedline.WebhookID, error) {
	id, err := dottedline.ParseID[dottedline.Webhook](v.PathValue("webhook"))
	if err != nil {
		return 0, dottedline.Missing("webhook")
	}
	return id, nil
}

func setWebhook(v *visit) (string, again, error) {
	id, err := webhookID(v)
	if err != nil {
		return "", nil, err
	}
	if err := v.ParseForm(); err != nil {
		return "", nil, err
	}
	w := dottedline.Webhook{ID: id, URL: v.PostFormValue("url"), Events: v.chosenEvents(), Paused: v.PostFormValue("paused") != ""}
	wrong := func(p *dottedline.Problem) (templ.Component, error) { return showWebhooks(v, "", &w, p) }
	switch v.PostFormValue("do") {
	case "test":
		return "/settings/webhooks/" + id.String(), wrong, v.desk.TestWebhook(v.Context(), v.actor, id)
	case "remove":
		return "/settings/webhooks", wrong, v.desk.DropWebhook(v.Context(), v.actor, id)
	case "secret":
		secret, err := v.desk.NewHookSecret(v.Context(), v.actor, id)
		if err != nil {
			return "", wrong, err
		}
		return v.shown(showWebhooks(v, secret, nil, nil))
	}
	return "/settings/webhooks?saved=1", wrong, v.desk.SetWebhook(v.Context(), v.actor, id, w.URL, w.Events, w.Paused)
}

// shownDeliveries is how many deliveries the log shows.
const shownDeliveries = 100

func webhookLogPage(v *visit) (templ.Component, error) {
	p, err := webhookLog(v, v.PathValue("webhook"))
	return html.WebhookLogPage(p), err
}

func webhookLog(v *visit, webhook string) (out html.WebhookLog, err error) {
	id, err := dottedline.ParseID[dottedline.Webhook](webhook)
	if err != nil {
		return out, dottedline.Missing("webhook")
	}
	if out.Shell, err = v.shell("Webhooks", "settings", "/live?page=webhook&webhook="+id.String()); err != nil {
		return out, err
	}
	w, rows, err := v.desk.Deliveries(v.Context(), v.actor, id, shownDeliveries)
	out.URL = w.URL
	for _, r := range rows {
		out.Rows = append(out.Rows, v.delivery(r))
	}
	return out, err
}

func (v *visit) delivery(r desk.DeliveryRow) html.DeliveryRow {
	x := html.DeliveryRow{ID: r.ID.String(), What: r.Title, Answer: r.Answer, Failed: r.Error != "" && r.State != dottedline.DeliveryMoot, Waiting: r.State == dottedline.DeliveryWaiting}
	switch r.State {
	case dottedline.DeliveryDone:
		x.State = fmt.Sprintf("Arrived, %d", r.Status)
	case dottedline.DeliveryWaiting:
		x.State = "On its way"
		if r.Error != "" {
			x.State = r.Error + " Tried again " + v.day(r.Due) + "."
		}
	case dottedline.DeliveryMoot:
		x.State = "Not sent. " + r.Error
	default:
		x.State = "Given up. " + r.Error
	}
	x.When = "Happened " + v.day(r.Notice.Time()) + "."
	if !r.Tried.IsZero() {
		x.Tries = capital(plural(r.Tries, "try", "tries")) + ", the last " + v.ago(r.Tried) + "."
		x.Took = fmt.Sprintf("It took %s.", r.Took.Round(time.Millisecond))
	}
	return x
}

func replay(v *visit) (string, error) {
	id, err := dottedline.ParseID[dottedline.Delivery](v.PathValue("delivery"))
	if err != nil {
		return "", dottedline.Missing("delivery")
	}
	hook, err := v.desk.Replay(v.Context(), v.actor, id)
	return "/settings/webhooks/" + hook.String(), err
}
