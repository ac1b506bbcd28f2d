package desk

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"testing"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// TestOnePushKeyForTheSite: a browser that is used for two workspaces is pushed
// to by both under one key; what was subscribed under a workspace's own key of
// before is pushed to with that until its browser renews it.
func TestOnePushKeyForTheSite(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, engine := range storetest.Engines {
		url := storetest.URL(t, engine)
		db, err := store.Open(ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		v, err := NewVault(make([]byte, KeySize))
		if err != nil {
			t.Fatal(err)
		}
		d := New(db, v)
		member := func(name string) (a dottedline.Actor) {
			ws, err := db.NewWorkspace(ctx, name, "USD")
			if err == nil {
				a = dottedline.Actor{Workspace: ws, Role: dottedline.Owner}
				err = db.Write(ctx, ws, func(t *store.Tx) error {
					m := store.Member{Member: dottedline.Member{ID: store.NewID[dottedline.Member](t), Name: name, Email: dottedline.Address(name + "@pine.example.com"), Role: dottedline.Owner}}
					a.Member = m.ID
					return t.PutMember(m)
				})
			}
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		sam, kim := member("sam"), member("kim")
		old, err := ecdh.P256().GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		driver, at := "sqlite", "file:"+url
		if store.IsPostgres(url) {
			driver, at = "pgx", url
		}
		before, err := sql.Open(driver, at) // as it was written before
		if err != nil {
			t.Fatal(err)
		}
		defer before.Close()
		if _, err := before.ExecContext(ctx, `INSERT INTO push_keys (ws, public, secret) VALUES ($1, $2, $3)`, int64(sam.Workspace), base64.RawURLEncoding.EncodeToString(old.PublicKey().Bytes()),
			v.seal(old.Bytes(), "push key "+sam.Workspace.String())); err != nil {
			t.Fatal(err)
		}
		key, err := d.PushKey(ctx, sam)
		if err != nil {
			t.Fatal(err)
		}
		if k, err := d.PushKey(ctx, kim); err != nil || k != key || k == "" {
			t.Fatalf("keys %q and %q: %v", key, k, err)
		}
		browser, err := ecdh.P256().GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		sub := func(at, under, was string) (s Subscription) {
			s.Endpoint, s.Under, s.Was = "https://push.example.com/"+at, under, was
			s.Keys.P256dh, s.Keys.Auth = base64.RawURLEncoding.EncodeToString(browser.PublicKey().Bytes()), base64.RawURLEncoding.EncodeToString(make([]byte, 16))
			return s
		}
		add := func(a dottedline.Actor, s Subscription) {
			t.Helper()
			if err := d.AddDevice(ctx, a, "Chrome", s); err != nil {
				t.Fatal(err)
			}
		}
		// secrets are what each device of somebody is pushed to with
		secrets := func(a dottedline.Actor) (out []string, renews bool) {
			t.Helper()
			if err := db.View(ctx, a.Workspace, func(x *store.Tx) error {
				all, err := x.Devices()
				for _, dev := range all {
					s, err := d.subscription(x, dev)
					if err != nil {
						return err
					}
					k, err := d.pushSecret(x, s)
					if err != nil {
						return err
					}
					p, err := ecdh.P256().NewPrivateKey(k)
					if err != nil {
						return err
					}
					out = append(out, base64.RawURLEncoding.EncodeToString(p.PublicKey().Bytes()))
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			renews, err := d.RenewsPushes(ctx, a)
			if err != nil {
				t.Fatal(err)
			}
			return out, renews
		}
		add(sam, sub("1", "", "")) // of before
		add(kim, sub("1", key, ""))
		if got, renews := secrets(sam); len(got) != 1 || got[0] != base64.RawURLEncoding.EncodeToString(old.PublicKey().Bytes()) || !renews {
			t.Errorf("an older one is pushed to with %q, renewed: %v", got, renews)
		}
		if got, renews := secrets(kim); len(got) != 1 || got[0] != key || renews {
			t.Errorf("a new one is pushed to with %q, renewed: %v", got, renews)
		}
		add(sam, sub("2", key, "https://push.example.com/1"))
		if got, renews := secrets(sam); len(got) != 1 || got[0] != key || renews {
			t.Errorf("once renewed it is pushed to with %q, renewed again: %v", got, renews)
		}
	}
}
