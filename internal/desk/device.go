package desk

import (
	"cmp"
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/url"

	"dottedline"
	"dottedline/internal/store"
)

// Subscription is where and how a browser wants to be pushed to, as its
// PushSubscription says (W3C Push API): the keys in base64url.
type Subscription struct {
	Endpoint string `json:"endpoint"`
	Keys     struct {
		P256dh string `json:"p256dh"`
		Auth   string `json:"auth"`
	} `json:"keys"`
	Under string `json:"key,omitempty"` // the public key that it is under; "" of older ones: the workspace's own
	Was   string `json:"was,omitempty"` // the endpoint that it takes the place of
}

func (s Subscription) check() error {
	u, err := url.Parse(s.Endpoint)
	p, err1 := base64.RawURLEncoding.DecodeString(s.Keys.P256dh)
	auth, err2 := base64.RawURLEncoding.DecodeString(s.Keys.Auth)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(s.Endpoint) > 2000 || err1 != nil || err2 != nil || len(auth) != 16 {
		return dottedline.Wrong("Reload the page and press again.", "The browser's subscription can't be read.")
	}
	if _, err := ecdh.P256().NewPublicKey(p); err != nil {
		return dottedline.Wrong("Reload the page and press again.", "The browser's key can't be read.")
	}
	return nil
}

func deviceFor(t *store.Tx) string { return "device " + t.Workspace().String() }

// sitePushKey and oldPushKey are what the keys for push services are sealed for.
const sitePushKey = "push key of the site"

func oldPushKey(t *store.Tx) string { return "push key " + t.Workspace().String() }

// PushKey is the public key by which push services know this site (RFC 8292),
// made when it is first asked for.
func (d *Desk) PushKey(ctx context.Context, a dottedline.Actor) (public string, err error) {
	defer wrap("push key", &err)
	if err = d.view(ctx, a, func(t *store.Tx) error { public, _, err = t.PushKey(); return err }); err != nil || public != "" {
		return public, err
	}
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	err = d.write(ctx, a, func(t *store.Tx) error {
		if err := t.AddPushKey(base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), d.vault.seal(key.Bytes(), sitePushKey)); err != nil {
			return err
		}
		public, _, err = t.PushKey()
		return err
	})
	return public, err
}

// mostDevices bounds how many devices one member has.
const mostDevices = 20

// AddDevice lets a browser of the member be pushed to. The same browser again is
// the same device.
func (d *Desk) AddDevice(ctx context.Context, a dottedline.Actor, name string, s Subscription) (err error) {
	defer wrap("add device", &err)
	if err := s.check(); err != nil {
		return err
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		all, err := t.Devices()
		if err != nil {
			return err
		}
		mine, hash, was := 0, hashOf(s.Endpoint), hashOf(s.Was)
		for _, x := range all {
			if x.Member == a.Member && x.Hash != hash && x.Hash != was {
				mine++
			}
		}
		if mine >= mostDevices {
			return dottedline.Wrong("Remove one first.", "There are %d devices already.", mine)
		}
		for _, x := range all {
			if x.Member == a.Member && x.Hash == was && was != hash {
				name = cmp.Or(name, x.Name)
				if err := t.DropDevice(x.ID); err != nil {
					return err
				}
			}
		}
		v := store.Device{Device: dottedline.Device{ID: store.NewID[dottedline.Device](t), Member: a.Member, Name: clean(dottedline.Shorten(cmp.Or(name, "A browser"), 80)), Made: t.Now}, Hash: hash}
		v.Subscription = d.vault.seal(b, deviceFor(t))
		return t.PutDevice(v)
	})
}

// Devices are the member's own devices.
func (d *Desk) Devices(ctx context.Context, a dottedline.Actor) (out []dottedline.Device, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		all, err := t.Devices()
		for _, x := range all {
			if x.Member == a.Member {
				out = append(out, x.Device)
			}
		}
		return err
	})
	return out, err
}

// DropDevice ends the pushes to a device of the member.
func (d *Desk) DropDevice(ctx context.Context, a dottedline.Actor, id dottedline.DeviceID) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Device(id)
		if err != nil {
			return err
		}
		if x.Member != a.Member {
			return dottedline.Missing("device")
		}
		return t.DropDevice(id)
	})
}

// TestDevice pushes a test to a device of the member, also in quiet hours.
func (d *Desk) TestDevice(ctx context.Context, a dottedline.Actor, id dottedline.DeviceID) error {
	err := d.write(ctx, a, func(t *store.Tx) error {
		x, err := t.Device(id)
		if err != nil {
			return err
		}
		if x.Member != a.Member {
			return dottedline.Missing("device")
		}
		n, err := testNotice(t, a.Member)
		if err != nil {
			return err
		}
		return t.AddDelivery(newDelivery(t, n, 0, x.ID))
	})
	d.wakeUp()
	return err
}

// RenewsPushes says whether the member has a device whose subscription is under
// the older key of this workspace: its browser renews it when it comes by.
func (d *Desk) RenewsPushes(ctx context.Context, a dottedline.Actor) (renews bool, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		if public, _, err := t.OldPushKey(); err != nil || public == "" {
			return err
		}
		all, err := t.Devices()
		for _, x := range all {
			if err != nil || x.Member != a.Member || renews {
				continue
			}
			s, err := d.subscription(t, x)
			if err != nil {
				return err
			}
			renews = s.Under == ""
		}
		return err
	})
	return renews, err
}

func (d *Desk) subscription(t *store.Tx, x store.Device) (s Subscription, err error) {
	b, err := d.vault.open(x.Subscription, deviceFor(t))
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(b, &s)
}

// pushSecret is the private key that a subscription is pushed to with.
func (d *Desk) pushSecret(t *store.Tx, s Subscription) ([]byte, error) {
	if s.Under == "" {
		if public, secret, err := t.OldPushKey(); err != nil || public != "" {
			if err != nil {
				return nil, err
			}
			return d.vault.open(secret, oldPushKey(t))
		}
	}
	_, secret, err := t.PushKey()
	if err != nil {
		return nil, err
	}
	return d.vault.open(secret, sitePushKey)
}
