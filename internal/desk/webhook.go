package desk

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

func hookFor(t *store.Tx, id dottedline.WebhookID) string {
	return "webhook " + t.Workspace().String() + " " + id.String()
}

// HookSecret is how a secret of a webhook is shown, once: as the Standard
// Webhooks do (https://www.standardwebhooks.com).
func HookSecret(secret []byte) string { return "whsec_" + base64.StdEncoding.EncodeToString(secret) }

// Webhooks are all webhooks of the workspace. Only owners see them: whoever
// holds one reads along.
func (d *Desk) Webhooks(ctx context.Context, a dottedline.Actor) (out []dottedline.Webhook, err error) {
	if err := owner(a); err != nil {
		return nil, err
	}
	err = d.view(ctx, a, func(t *store.Tx) error {
		ws, err := t.Webhooks()
		for _, w := range ws {
			out = append(out, w.Webhook)
		}
		return err
	})
	return out, err
}

// mostWebhooks bounds what one event can cause.
const mostWebhooks = 20

// AddWebhook adds an address that is told of events. The secret that signs what
// it gets is given this once.
func (d *Desk) AddWebhook(ctx context.Context, a dottedline.Actor, address string, es []dottedline.Event) (id dottedline.WebhookID, secret string, err error) {
	if err := owner(a); err != nil {
		return 0, "", err
	}
	address, err = hookAddress(address)
	if err != nil {
		return 0, "", err
	}
	key := make([]byte, 32)
	rand.Read(key)
	err = d.write(ctx, a, func(t *store.Tx) error {
		all, err := t.Webhooks()
		if err != nil {
			return err
		}
		if len(all) >= mostWebhooks {
			return dottedline.Wrong("Remove one first.", "There are %d webhooks already.", len(all))
		}
		w := store.Webhook{Webhook: dottedline.Webhook{ID: store.NewID[dottedline.Webhook](t), URL: address, Events: dottedline.KnownEvents(es), Made: t.Now}}
		w.Secret = d.vault.seal(key, hookFor(t, w.ID))
		id = w.ID
		return t.PutWebhook(w)
	})
	return id, HookSecret(key), err
}

func hookAddress(s string) (string, error) {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(s) > 2000 {
		return "", dottedline.Wrong("Write it like https://hooks.example.com/dottedline.", "That is not an address that can be posted to.")
	}
	u.Fragment = ""
	return u.String(), nil
}

// SetWebhook changes a webhook's address and events, pauses it or lets it go on.
// One that was turned off begins anew. While it is paused nothing is kept for it.
func (d *Desk) SetWebhook(ctx context.Context, a dottedline.Actor, id dottedline.WebhookID, address string, es []dottedline.Event, paused bool) error {
	address, err := hookAddress(address)
	if err != nil {
		return err
	}
	return d.changeWebhook(ctx, a, id, func(t *store.Tx, w *store.Webhook) error {
		w.URL, w.Events, w.Paused = address, dottedline.KnownEvents(es), paused
		w.Failed, w.Next, w.Off, w.Why = time.Time{}, time.Time{}, time.Time{}, ""
		if paused {
			return t.EndDeliveries(w.ID, "The webhook was paused.")
		}
		return t.HurryDeliveries(w.ID)
	})
}

func (d *Desk) changeWebhook(ctx context.Context, a dottedline.Actor, id dottedline.WebhookID, f func(*store.Tx, *store.Webhook) error) error {
	if err := owner(a); err != nil {
		return err
	}
	err := d.write(ctx, a, func(t *store.Tx) error {
		w, err := t.Webhook(id)
		if err != nil {
			return err
		}
		if err := f(t, &w); err != nil {
			return err
		}
		return t.PutWebhook(w)
	})
	d.wakeUp()
	return err
}

// NewHookSecret gives a webhook another secret, shown this once.
func (d *Desk) NewHookSecret(ctx context.Context, a dottedline.Actor, id dottedline.WebhookID) (secret string, err error) {
	key := make([]byte, 32)
	rand.Read(key)
	return HookSecret(key), d.changeWebhook(ctx, a, id, func(t *store.Tx, w *store.Webhook) error {
		w.Secret = d.vault.seal(key, hookFor(t, w.ID))
		return nil
	})
}

// DropWebhook removes a webhook and its log.
func (d *Desk) DropWebhook(ctx context.Context, a dottedline.Actor, id dottedline.WebhookID) error {
	if err := owner(a); err != nil {
		return err
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		if _, err := t.Webhook(id); err != nil {
			return err
		}
		return t.DropWebhook(id)
	})
}

// TestWebhook sends a webhook the event "test", by the same way as all others.
func (d *Desk) TestWebhook(ctx context.Context, a dottedline.Actor, id dottedline.WebhookID) error {
	return d.changeWebhook(ctx, a, id, func(t *store.Tx, w *store.Webhook) error {
		if !w.Live() {
			return dottedline.Wrong("Let it go on first.", "The webhook is paused.")
		}
		w.Next = time.Time{} // somebody waits for the outcome
		n, err := testNotice(t, a.Member)
		if err != nil {
			return err
		}
		return t.AddDelivery(newDelivery(t, n, w.ID, 0))
	})
}

func testNotice(t *store.Tx, by dottedline.MemberID) (dottedline.Notice, error) {
	n := dottedline.Notice{ID: store.NewID[dottedline.Notice](t), Event: dottedline.TestEvent, Member: by, At: t.Now, Title: "It works", Text: "This is a test, sent from the settings."}
	f, err := hookFacts(t, n)
	if err != nil {
		return n, err
	}
	return n, t.AddNotice(store.Notice{Notice: n, Facts: f})
}

// DeliveryRow is one line of a webhook's log.
type DeliveryRow struct {
	dottedline.Delivery
	Event dottedline.Event
	Title string
}

// Deliveries are the newest deliveries to a webhook.
func (d *Desk) Deliveries(ctx context.Context, a dottedline.Actor, id dottedline.WebhookID, n int) (w dottedline.Webhook, out []DeliveryRow, err error) {
	if err := owner(a); err != nil {
		return w, nil, err
	}
	err = d.view(ctx, a, func(t *store.Tx) error {
		h, err := t.Webhook(id)
		if err != nil {
			return err
		}
		w = h.Webhook
		ds, err := t.DeliveriesTo(id, n)
		for _, v := range ds {
			n, err := t.Notice(v.Notice)
			if err != nil {
				return err
			}
			out = append(out, DeliveryRow{v.Delivery, n.Event, n.Title})
		}
		return err
	})
	return w, out, err
}

// Replay delivers once more what a webhook has had or missed, under the same
// message ID and with the same content.
func (d *Desk) Replay(ctx context.Context, a dottedline.Actor, id dottedline.DeliveryID) (hook dottedline.WebhookID, err error) {
	if err := owner(a); err != nil {
		return 0, err
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		v, err := t.Delivery(id)
		if err != nil {
			return err
		}
		hook = v.Webhook
		w, err := t.Webhook(v.Webhook)
		if err != nil {
			return err
		}
		if !w.Live() {
			return dottedline.Wrong("Let it go on first.", "The webhook is paused.")
		}
		if v.State == dottedline.DeliveryWaiting {
			return nil // it is on its way
		}
		return t.Redeliver(id)
	})
	d.wakeUp()
	return hook, err
}

// OffWebhooks are the webhooks that were turned off because they never answered;
// nothing for who may not see them.
func (d *Desk) OffWebhooks(ctx context.Context, a dottedline.Actor) (out []dottedline.Webhook, err error) {
	if a.Role != dottedline.Owner {
		return nil, nil
	}
	all, err := d.Webhooks(ctx, a)
	for _, w := range all {
		if !w.Off.IsZero() {
			out = append(out, w)
		}
	}
	return out, err
}
