package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// Telling is a delivery that was claimed, with all that carrying it out needs.
// Either Hook or Push is there.
type Telling struct {
	store.Delivery
	Hook *HookPost
	Push *PushPost

	lease time.Time
}

// HookPost is what is posted to a webhook.
type HookPost struct {
	URL    string
	Secret []byte
	ID     string // the same at every try: by it receivers know what they had
	Body   []byte
}

// PushPost is what is pushed to a device.
type PushPost struct {
	Subscription
	Key     []byte // the private key: the scalar of P-256
	Subject string // whom a push service may write to: an https: or mailto: URL
	Body    []byte
	Topic   string // a later push of the same topic replaces one that waits
	Urgent  bool
	TTL     time.Duration
}

// TellAnswer is how a try ended. Status is 0 where no answer came; Error says
// why then, in plain words.
type TellAnswer struct {
	Status     int
	Body       string // its first kilobyte
	Took       time.Duration
	RetryAfter time.Duration // asked for by the receiver; 0 if not
	Error      string
}

func (a TellAnswer) ok() bool { return a.Status >= 200 && a.Status < 300 }

// tellLease is how long one try may take before somebody else begins it anew.
const tellLease = time.Minute

// pushFor is how long a push is worth bringing.
const pushFor = 12 * time.Hour

// NextTelling claims the next delivery that is due, or gives nil and when to ask
// again (zero: when woken). The claim is durable before anything goes out.
func (d *Desk) NextTelling(ctx context.Context) (x *Telling, at time.Time, err error) {
	defer wrap("next telling", &err)
	var due []store.Delivery
	if err = d.db.Everywhere(ctx, func(g store.Global) error {
		if due, err = g.DueDeliveries(20); err == nil && len(due) == 0 {
			at, err = g.NextDelivery()
		}
		return err
	}); err != nil {
		return nil, at, err
	}
	for _, v := range due {
		err := d.db.Write(ctx, v.Workspace, func(t *store.Tx) (err error) {
			x, err = d.claim(t, v)
			return err
		})
		if err != nil || x != nil {
			return x, at, err
		}
	}
	if len(due) > 0 {
		at = d.Now() // there may be more behind those
	}
	return nil, at, nil
}

// claim takes a delivery, or settles without a try that there is nothing to try
// now; then it gives nil.
func (d *Desk) claim(t *store.Tx, v store.Delivery) (*Telling, error) {
	n, err := t.Notice(v.Notice)
	if err != nil {
		return nil, err
	}
	x := &Telling{Delivery: v, lease: t.Now.Add(tellLease)}
	var wait time.Time
	why := ""
	if v.Webhook != 0 {
		wait, why, err = d.forHook(t, x, n)
	} else {
		wait, why, err = d.forDevice(t, x, n)
	}
	if err != nil {
		return nil, err
	}
	if wait.After(t.Now) {
		return nil, t.PutOffDelivery(v, wait)
	}
	ok, err := t.ClaimDelivery(v, x.lease)
	if err != nil || !ok {
		return nil, err
	}
	x.Tries++
	if why != "" {
		x.State, x.Due, x.Error = dottedline.DeliveryMoot, t.Now, why
		_, err := t.SetDelivery(x.Delivery.Delivery, x.lease)
		return nil, err
	}
	return x, nil
}

// forHook fills in what is posted, or says until when it waits or why it is moot.
func (d *Desk) forHook(t *store.Tx, x *Telling, n store.Notice) (wait time.Time, why string, err error) {
	w, err := t.Webhook(x.Webhook)
	if err != nil {
		return wait, "", err
	}
	switch {
	case !w.Live():
		return wait, "The webhook was paused.", nil
	case w.Next.After(t.Now): // one try at a time while it does not answer
		return w.Next.Add(time.Duration(rand.Int64N(int64(time.Second)))), "", nil
	}
	if !w.Failed.IsZero() {
		w.Next = x.lease
		if err := t.PutWebhook(w); err != nil {
			return wait, "", err
		}
	}
	p := &HookPost{URL: w.URL, ID: "msg_" + x.ID.String()}
	if p.Secret, err = d.vault.open(w.Secret, hookFor(t, w.ID)); err != nil {
		return wait, "", err
	}
	p.Body, err = d.body(n)
	x.Hook = p
	return wait, "", err
}

// forDevice is forHook for a push.
func (d *Desk) forDevice(t *store.Tx, x *Telling, n store.Notice) (wait time.Time, why string, err error) {
	v, err := t.Device(x.Device)
	if err != nil {
		return wait, "", err
	}
	tm, err := theTeam(t)
	if err != nil {
		return wait, "", err
	}
	if n.Event != dottedline.TestEvent {
		if wait = tm.told[v.Member].Quiet.Until(t.Now, tm.hours[v.Member]); !wait.IsZero() {
			return wait, "", nil
		}
	}
	if n.Lasts() {
		r, err := t.Deal(n.Deal)
		if err != nil {
			return wait, "", err
		}
		if r.Ball.Side != dottedline.Us || r.Ball.Since.After(n.At) {
			return wait, "It was answered before.", nil
		}
	}
	p := &PushPost{Subject: d.URL, Topic: "notice", Urgent: n.Urgent(), TTL: pushFor}
	if !strings.HasPrefix(d.URL, "https:") {
		p.Subject = "mailto:" + string(tm.members[v.Member].Email)
	}
	to := "/settings/notices"
	if n.Deal != 0 {
		to, p.Topic = "/deals/"+n.Deal.String(), n.Deal.String()
	}
	if p.Body, err = json.Marshal(map[string]string{"title": n.Title, "body": dottedline.Gist(n.Text, 160), "url": to, "tag": p.Topic}); err != nil {
		return wait, "", err
	}
	if p.Subscription, err = d.subscription(t, v); err != nil {
		return wait, "", err
	}
	p.Key, err = d.pushSecret(t, p.Subscription)
	x.Push = p
	return wait, "", err
}

// Delivered records how the try of a delivery ended, and when it is tried again.
func (d *Desk) Delivered(ctx context.Context, x *Telling, a TellAnswer) (err error) {
	defer wrap("record delivery", &err)
	err = d.db.Write(ctx, x.Workspace, func(t *store.Tx) error {
		v := x.Delivery.Delivery
		v.Status, v.Answer, v.Took, v.Tried, v.Error = a.Status, cut(clean(a.Body), 1024), a.Took, t.Now, ""
		if x.Hook != nil {
			return deliveredHook(t, v, x.lease, a)
		}
		return deliveredDevice(t, v, x.lease, a)
	})
	d.wakeUp()
	return err
}

// again is when a delivery is tried anew that has failed for so long.
func again(t *store.Tx, failing time.Duration, a TellAnswer) time.Time {
	wait := max(dottedline.RetryIn(failing), min(a.RetryAfter, 24*time.Hour))
	return t.Now.Add(time.Duration(float64(wait) * (0.8 + 0.4*rand.Float64()))) // so that many don't come at once
}

func (a TellAnswer) why() string {
	if a.Status == 0 {
		return a.Error
	}
	if a.Status >= 300 && a.Status < 400 {
		return fmt.Sprintf("It answered %d: redirects are not followed.", a.Status)
	}
	return fmt.Sprintf("It answered %d.", a.Status)
}

func deliveredHook(t *store.Tx, v dottedline.Delivery, lease time.Time, a TellAnswer) error {
	w, err := t.Webhook(v.Webhook)
	if err != nil {
		return err
	}
	failed := w.Failed
	v.State, v.Due = dottedline.DeliveryDone, t.Now
	if !a.ok() {
		v.Error = a.why()
		if w.Failed.IsZero() {
			w.Failed = t.Now
		}
		v.State, v.Due = dottedline.DeliveryWaiting, again(t, t.Now.Sub(w.Failed), a)
		if t.Now.Sub(v.Made) > dottedline.DeliverFor {
			v.State, v.Due = dottedline.DeliveryFailed, t.Now
		}
		w.Next, w.Why = v.Due, v.Error
	}
	ok, err := t.SetDelivery(v, lease)
	if err != nil || !ok {
		return err
	}
	switch {
	case a.ok() && failed.IsZero():
		return nil
	case a.ok():
		w.Failed, w.Next, w.Why = time.Time{}, time.Time{}, ""
		if err := t.HurryDeliveries(w.ID); err != nil {
			return err
		}
	case a.Status == 410 || t.Now.Sub(w.Failed) > dottedline.DeliverFor:
		w.Off = t.Now
		if err := t.EndDeliveries(w.ID, "The webhook was turned off."); err != nil {
			return err
		}
	}
	return t.PutWebhook(w)
}

func deliveredDevice(t *store.Tx, v dottedline.Delivery, lease time.Time, a TellAnswer) error {
	dev, err := t.Device(v.Device)
	if err != nil {
		return err
	}
	if a.Status == 404 || a.Status == 410 { // RFC 8030 §7.3: there is no such subscription any more
		return t.DropDevice(dev.ID)
	}
	v.State, v.Due = dottedline.DeliveryDone, t.Now
	if a.ok() {
		dev.Last = t.Now
	} else {
		failing := t.Now.Sub(v.Made)
		v.Error, v.State, v.Due = a.why(), dottedline.DeliveryWaiting, again(t, failing, a)
		if failing > pushFor {
			v.State, v.Due = dottedline.DeliveryFailed, t.Now
		}
	}
	dev.Error = v.Error
	ok, err := t.SetDelivery(v, lease)
	if err != nil || !ok {
		return err
	}
	return t.PutDevice(dev)
}
