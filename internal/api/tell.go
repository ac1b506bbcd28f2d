package api

import (
	"context"
	"slices"
	"time"

	"dottedline"
	"dottedline/internal/desk"
)

// tellRoutes are the webhooks, for owners, and the member's own devices.
func tellRoutes(d *desk.Desk) []route {
	return []route{
		get("/webhooks", "The webhooks, oldest first; for owners", func(c context.Context, a dottedline.Actor, _ none) ([]webhook, error) {
			ws, err := d.Webhooks(c, a)
			out := make([]webhook, len(ws))
			for i, w := range ws {
				out[i] = webhook{w.ID, w.URL, w.Events, w.Paused, stamp(w.Failed), stamp(w.Off), w.Why, stamp(w.Made)}
			}
			return out, err
		}),
		post("/webhooks", "Make a webhook for some events, or for all where none is named; the secret that signs what it gets is given this once", func(c context.Context, a dottedline.Actor, in newWebhook) (madeWebhook, error) {
			if len(in.Events) == 0 {
				in.Events = dottedline.Events
			}
			for _, e := range in.Events {
				if !slices.Contains(dottedline.Events, e) {
					return madeWebhook{}, dottedline.Wrong("The events are "+eventList()+".", "%q is no event.", e)
				}
			}
			id, secret, err := d.AddWebhook(c, a, in.URL, in.Events)
			if err != nil {
				return madeWebhook{}, err
			}
			return madeWebhook{id, secret}, nil
		}),
		post("/webhooks/{id}/drop", "Remove a webhook and its log", func(c context.Context, a dottedline.Actor, in oneWebhook) (none, error) {
			return none{}, d.DropWebhook(c, a, in.ID)
		}),
		get("/webhooks/{id}/deliveries", "The newest deliveries to a webhook", func(c context.Context, a dottedline.Actor, in oneWebhook) ([]delivery, error) {
			_, ds, err := d.Deliveries(c, a, in.ID, 100)
			out := make([]delivery, len(ds))
			for i, x := range ds {
				out[i] = delivery{x.ID, x.Event, x.Title, x.State, x.Tries, x.Status, x.Answer, x.Took.Milliseconds(), stamp(x.Tried), due(x.Delivery), x.Error}
			}
			return out, err
		}),
		post("/deliveries/{id}/replay", "Deliver once more, under the same message ID and with the same content", func(c context.Context, a dottedline.Actor, in oneDelivery) (none, error) {
			_, err := d.Replay(c, a, in.ID)
			return none{}, err
		}),
		get("/devices", "Your own devices that are pushed to", func(c context.Context, a dottedline.Actor, _ none) ([]device, error) {
			ds, err := d.Devices(c, a)
			out := make([]device, len(ds))
			for i, x := range ds {
				out[i] = device{x.ID, x.Name, stamp(x.Made), stamp(x.Last), x.Error}
			}
			return out, err
		}),
		post("/devices/{id}/drop", "Push no more to a device of yours", func(c context.Context, a dottedline.Actor, in oneDevice) (none, error) {
			return none{}, d.DropDevice(c, a, in.ID)
		}),
	}
}

type (
	oneWebhook struct {
		ID dottedline.WebhookID `path:"id" json:"-"`
	}
	oneDelivery struct {
		ID dottedline.DeliveryID `path:"id" json:"-"`
	}
	oneDevice struct {
		ID dottedline.DeviceID `path:"id" json:"-"`
	}
	webhook struct {
		ID     dottedline.WebhookID `json:"id"`
		URL    string               `json:"url"`
		Events []dottedline.Event   `json:"events"`
		Paused bool                 `json:"paused"`
		Failed string               `json:"failing_since"` // "" while it answers
		Off    string               `json:"turned_off"`    // "" while it is on
		Why    string               `json:"why"`           // it fails
		Made   string               `json:"made"`
	}
	newWebhook struct {
		URL    string             `json:"url"`
		Events []dottedline.Event `json:"events"`
	}
	madeWebhook struct {
		ID     dottedline.WebhookID `json:"id"`
		Secret string               `json:"secret"`
	}
	delivery struct {
		ID     dottedline.DeliveryID    `json:"id"`
		Event  dottedline.Event         `json:"event"`
		Title  string                   `json:"title"`
		State  dottedline.DeliveryState `json:"state"` // waiting, delivered, failed or moot
		Tries  int                      `json:"tries"`
		Status int                      `json:"status"` // of the last answer; 0 where none came
		Answer string                   `json:"answer"` // its first kilobyte
		Took   int64                    `json:"took_ms"`
		Tried  string                   `json:"tried"`
		Due    string                   `json:"due"` // of the next try; "" where there is none
		Error  string                   `json:"error"`
	}
	device struct {
		ID    dottedline.DeviceID `json:"id"`
		Name  string              `json:"name"`
		Made  string              `json:"made"`
		Last  string              `json:"last_push"`
		Error string              `json:"error"` // of the last push; "" if it arrived
	}
)

func due(x dottedline.Delivery) string {
	if x.State != dottedline.DeliveryWaiting {
		return ""
	}
	return stamp(x.Due.Truncate(time.Second))
}

func eventList() (s string) {
	for i, e := range dottedline.Events {
		if i > 0 {
			s += ", "
		}
		s += string(e)
	}
	return s
}
