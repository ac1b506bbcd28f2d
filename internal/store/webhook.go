package store

import (
	"dottedline"
)

// Webhook is a webhook; Secret is sealed with the key file.
type Webhook struct {
	dottedline.Webhook
	Secret []byte
}

const webhookCols = `id, url, secret, events, paused, failed_at, next_at, off_at, why, made`

func scanWebhook(w *Webhook) []any {
	return []any{&w.ID, &w.URL, &w.Secret, jsonScan{&w.Events}, boolScan{&w.Paused}, timeScan{&w.Failed}, timeScan{&w.Next}, timeScan{&w.Off}, &w.Why, timeScan{&w.Made}}
}

// Webhooks are all webhooks of the workspace, oldest first.
func (t *Tx) Webhooks() ([]Webhook, error) {
	return all(t, scanWebhook, `SELECT `+webhookCols+` FROM webhooks WHERE ws = $1 ORDER BY id`)
}

// Webhook is one webhook.
func (t *Tx) Webhook(id dottedline.WebhookID) (Webhook, error) {
	w, ok, err := one(t, scanWebhook, `SELECT `+webhookCols+` FROM webhooks WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("webhook")
	}
	return w, err
}

// PutWebhook adds or changes a webhook.
func (t *Tx) PutWebhook(w Webhook) error {
	t.Changed()
	events, err := jsonText(w.Events)
	if err != nil {
		return err
	}
	return t.do(`INSERT INTO webhooks (ws, `+webhookCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (ws, id) DO UPDATE SET url = excluded.url, secret = excluded.secret, events = excluded.events, paused = excluded.paused,
		failed_at = excluded.failed_at, next_at = excluded.next_at, off_at = excluded.off_at, why = excluded.why`,
		w.ID, w.URL, w.Secret, events, bit(w.Paused), us(w.Failed), us(w.Next), us(w.Off), w.Why, us(w.Made))
}

// DropWebhook forgets a webhook and the log of its deliveries.
func (t *Tx) DropWebhook(id dottedline.WebhookID) error {
	t.Changed()
	if err := t.do(`DELETE FROM deliveries WHERE ws = $1 AND webhook = $2`, id); err != nil {
		return err
	}
	return t.do(`DELETE FROM webhooks WHERE ws = $1 AND id = $2`, id)
}

// Device is a device; Subscription is sealed with the key file, and Hash is of
// its endpoint.
type Device struct {
	dottedline.Device
	Hash         string
	Subscription []byte
}

const deviceCols = `id, member, name, hash, subscription, made, last_at, err`

func scanDevice(d *Device) []any {
	return []any{&d.ID, &d.Member, &d.Name, &d.Hash, &d.Subscription, timeScan{&d.Made}, timeScan{&d.Last}, &d.Error}
}

// Devices are all devices of the workspace, oldest first.
func (t *Tx) Devices() ([]Device, error) {
	return all(t, scanDevice, `SELECT `+deviceCols+` FROM devices WHERE ws = $1 ORDER BY id`)
}

// Device is one device.
func (t *Tx) Device(id dottedline.DeviceID) (Device, error) {
	d, ok, err := one(t, scanDevice, `SELECT `+deviceCols+` FROM devices WHERE ws = $1 AND id = $2`, id)
	if err == nil && !ok {
		err = dottedline.Missing("device")
	}
	return d, err
}

// PutDevice adds a device. One with the same endpoint is the same browser: it
// belongs to who pressed last.
func (t *Tx) PutDevice(d Device) error {
	t.Changed()
	return t.do(`INSERT INTO devices (ws, `+deviceCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (ws, hash) DO UPDATE SET member = excluded.member, name = excluded.name, subscription = excluded.subscription, last_at = excluded.last_at, err = excluded.err`,
		d.ID, d.Member, d.Name, d.Hash, d.Subscription, us(d.Made), us(d.Last), d.Error)
}

// DropDevice forgets a device and what waits for it.
func (t *Tx) DropDevice(id dottedline.DeviceID) error {
	t.Changed()
	if err := t.do(`DELETE FROM deliveries WHERE ws = $1 AND device = $2`, id); err != nil {
		return err
	}
	return t.do(`DELETE FROM devices WHERE ws = $1 AND id = $2`, id)
}

// PushKey is the site's pair for push services: the public half in base64url, the
// private one sealed; "" where none was made yet. A browser has one subscription
// to a site, whatever workspaces it is used for, and that is under one key.
func (t *Tx) PushKey() (public string, secret []byte, err error) {
	_, _, err = one(t, func(*struct{}) []any { return []any{&public, &secret} }, `SELECT public, secret FROM push_keys WHERE ws = CAST($1 AS BIGINT) * 0`)
	return public, secret, err
}

// OldPushKey is the pair of the workspace's own that older subscriptions are
// under; "" where it has none.
func (t *Tx) OldPushKey() (public string, secret []byte, err error) {
	_, _, err = one(t, func(*struct{}) []any { return []any{&public, &secret} }, `SELECT public, secret FROM push_keys WHERE ws = $1`)
	return public, secret, err
}

// AddPushKey keeps the first pair of the site; one that is there stays.
func (t *Tx) AddPushKey(public string, secret []byte) error {
	return t.do(`INSERT INTO push_keys (ws, public, secret) VALUES (CAST($1 AS BIGINT) * 0, $2, $3) ON CONFLICT DO NOTHING`, public, secret)
}
