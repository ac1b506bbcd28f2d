package store

import (
	"time"

	"dottedline"
)

// Delivery is a delivery with the workspace it is of.
type Delivery struct {
	dottedline.Delivery
	Workspace dottedline.WorkspaceID
}

const deliveryCols = `ws, id, notice, webhook, device, state, due_at, tries, status, answer, took, tried_at, made, err`

func scanDelivery(d *Delivery) []any {
	return []any{&d.Workspace, &d.ID, &d.Notice, &d.Webhook, &d.Device, &d.State, timeScan{&d.Due}, &d.Tries, &d.Status, &d.Answer, &d.Took, timeScan{&d.Tried}, timeScan{&d.Made}, &d.Error}
}

// AddDelivery puts a delivery into the queue, in the transaction of its notice.
func (t *Tx) AddDelivery(d dottedline.Delivery) error {
	t.Changed()
	return t.do(`INSERT INTO deliveries (`+deliveryCols+`) VALUES ($1, $2, $3, $4, $5, 'waiting', $6, 0, 0, '', 0, 0, $7, '')`,
		d.ID, d.Notice, d.Webhook, d.Device, us(d.Due), us(t.Now))
}

// DueDeliveries are deliveries, of any workspace, whose time has come.
func (g Global) DueDeliveries(n int) ([]Delivery, error) {
	return rows(g.ctx, g.q, scanDelivery, `SELECT `+deliveryCols+` FROM deliveries WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT $2`, us(g.now), n)
}

// NextDelivery is when the next delivery is due; zero if none waits.
func (g Global) NextDelivery() (at time.Time, err error) {
	_, err = rows(g.ctx, g.q, func(*struct{}) []any { return []any{timeScan{&at}} }, `SELECT due_at FROM deliveries WHERE state = 'waiting' ORDER BY due_at LIMIT 1`)
	return at, err
}

// ClaimDelivery takes a delivery for one worker until the lease ends; false when
// somebody else was first.
func (t *Tx) ClaimDelivery(d Delivery, lease time.Time) (bool, error) {
	n, err := t.count(`UPDATE deliveries SET due_at = $4, tries = tries + 1, err = '' WHERE ws = $1 AND id = $2 AND due_at = $3 AND state = 'waiting'`, d.ID, us(d.Due), us(lease))
	return n > 0, err
}

// PutOffDelivery moves a delivery that is due without a try.
func (t *Tx) PutOffDelivery(d Delivery, due time.Time) error {
	return t.do(`UPDATE deliveries SET due_at = $4 WHERE ws = $1 AND id = $2 AND due_at = $3 AND state = 'waiting'`, d.ID, us(d.Due), us(due))
}

// SetDelivery records how a claimed try ended. It answers false where the lease
// was lost: whoever has it now records theirs.
func (t *Tx) SetDelivery(d dottedline.Delivery, lease time.Time) (bool, error) {
	t.Changed()
	n, err := t.count(`UPDATE deliveries SET state = $4, due_at = $5, status = $6, answer = $7, took = $8, tried_at = $9, err = $10
		WHERE ws = $1 AND id = $2 AND due_at = $3 AND state = 'waiting'`, d.ID, us(lease), d.State, us(d.Due), d.Status, d.Answer, int64(d.Took), us(d.Tried), d.Error)
	return n > 0, err
}

// Delivery is one delivery.
func (t *Tx) Delivery(id dottedline.DeliveryID) (Delivery, error) {
	d, ok, err := one(t, scanDelivery, `SELECT `+deliveryCols+` FROM deliveries WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("delivery")
	}
	return d, err
}

// DeliveriesTo is the log of a webhook, newest first.
func (t *Tx) DeliveriesTo(w dottedline.WebhookID, n int) ([]Delivery, error) {
	return all(t, scanDelivery, `SELECT `+deliveryCols+` FROM deliveries WHERE ws = $1 AND webhook = $2 ORDER BY id DESC LIMIT $3`, w, n)
}

// DeliveriesWaiting are those of the workspace that have not arrived, the next first.
func (t *Tx) DeliveriesWaiting(n int) ([]Delivery, error) {
	return all(t, scanDelivery, `SELECT `+deliveryCols+` FROM deliveries WHERE ws = $1 AND state = 'waiting' ORDER BY due_at LIMIT $2`, n)
}

// Redeliver puts a delivery into the queue again, under the same ID.
func (t *Tx) Redeliver(id dottedline.DeliveryID) error {
	t.Changed()
	return t.do(`UPDATE deliveries SET state = 'waiting', due_at = $3, tries = 0, made = $3, err = '' WHERE ws = $1 AND id = $2`, id, us(t.Now))
}

// EndDeliveries makes all that waits for a webhook moot.
func (t *Tx) EndDeliveries(w dottedline.WebhookID, why string) error {
	return t.do(`UPDATE deliveries SET state = 'moot', err = $3 WHERE ws = $1 AND webhook = $2 AND state = 'waiting'`, w, why)
}

// HurryDeliveries makes due what was put off for a webhook that answers again.
func (t *Tx) HurryDeliveries(w dottedline.WebhookID) error {
	return t.do(`UPDATE deliveries SET due_at = $3 WHERE ws = $1 AND webhook = $2 AND state = 'waiting' AND (tries = 0 OR err <> '')`, w, us(t.Now))
}
