package desk

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/seal"
)

// The kinds of keys.
const (
	rootKey = "root" // the workspace's own authority
	leafKey = "seal" // made here, signed by root
	ownKey  = "own"  // a bought certificate, uploaded
)

const sealKeyFor = "seal key"

// keys are what a workspace seals with.
type keys struct {
	seal  *seal.Credential
	root  *seal.Credential // nil while only an uploaded one is used
	trust []*x509.Certificate
}

// renewBefore is how long before its end a key made here is replaced.
const renewBefore = 90 * 24 * time.Hour

// keys gives the workspace's keys, made at the first use.
func (d *Desk) keys(ctx context.Context, ws dottedline.WorkspaceID) (k keys, err error) {
	defer wrap("seal key", &err)
	for range 2 {
		var rows []store.SealKey
		var w dottedline.Workspace
		err = d.db.View(ctx, ws, func(t *store.Tx) error {
			if w, _, err = t.ThisWorkspace(); err != nil {
				return err
			}
			rows, err = t.SealKeys()
			return err
		})
		if err != nil {
			return k, err
		}
		if k, err = d.openKeys(ws, rows); err != nil || k.seal != nil {
			return k, err
		}
		if err := d.makeKeys(ctx, ws, w.Name, k.root); err != nil {
			return k, err
		}
	}
	return k, fmt.Errorf("there is none")
}

// openKeys picks the newest key that is good now; an uploaded one comes first.
func (d *Desk) openKeys(ws dottedline.WorkspaceID, rows []store.SealKey) (k keys, err error) {
	var own, leaf *seal.Credential
	for _, r := range rows {
		c, err := d.openKey(ws, r)
		if err != nil {
			return k, err
		}
		switch r.Kind {
		case rootKey:
			k.root = cmp.Or(k.root, c)
			k.trust = append(k.trust, c.Cert)
		case ownKey:
			k.trust = append(k.trust, top(c))
			if d.Now().Before(r.Until) {
				own = cmp.Or(own, c)
			}
		case leafKey:
			if d.Now().Before(r.Until.Add(-renewBefore)) {
				leaf = cmp.Or(leaf, c)
			}
		}
	}
	k.seal = cmp.Or(own, leaf)
	return k, nil
}

// top is the highest certificate of a chain.
func top(c *seal.Credential) *x509.Certificate {
	if n := len(c.Chain); n > 0 {
		return c.Chain[n-1]
	}
	return c.Cert
}

func (d *Desk) openKey(ws dottedline.WorkspaceID, r store.SealKey) (*seal.Credential, error) {
	c := &seal.Credential{}
	for rest := []byte(r.Certs); ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			break
		}
		x, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			return nil, err
		}
		if c.Cert == nil {
			c.Cert = x
		} else {
			c.Chain = append(c.Chain, x)
		}
	}
	der, err := d.vault.open(r.Secret, sealKeyFor+" "+ws.String()+" "+r.ID.String())
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	s, ok := key.(crypto.Signer)
	if !ok || c.Cert == nil {
		return nil, fmt.Errorf("the key %v is not whole", r.ID)
	}
	c.Key = s
	return c, nil
}

// closeKey makes the row of a key.
func (d *Desk) closeKey(t *store.Tx, kind string, c *seal.Credential) (store.SealKey, error) {
	der, err := x509.MarshalPKCS8PrivateKey(c.Key)
	if err != nil {
		return store.SealKey{}, err
	}
	r := store.SealKey{ID: store.NewID[dottedline.SealKey](t), Kind: kind, Until: c.Cert.NotAfter}
	var b bytes.Buffer
	for _, x := range append([]*x509.Certificate{c.Cert}, c.Chain...) {
		if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: x.Raw}); err != nil {
			return r, err
		}
	}
	r.Certs = b.String()
	r.Secret = d.vault.seal(der, sealKeyFor+" "+t.Workspace().String()+" "+r.ID.String())
	return r, nil
}

// makeKeys makes the root, where there is none, and a key that it signs. Of two
// who do it at once, one is kept.
func (d *Desk) makeKeys(ctx context.Context, ws dottedline.WorkspaceID, name string, root *seal.Credential) error {
	now := d.Now()
	made := root == nil
	var err error
	if made {
		if root, err = seal.NewRoot(rand.Reader, now, name, d.KeyKind); err != nil {
			return err
		}
	}
	leaf, err := seal.NewSeal(rand.Reader, now, root, name, "", d.KeyKind)
	if err != nil {
		return err
	}
	return d.db.Write(ctx, ws, func(t *store.Tx) error {
		rows, err := t.SealKeys()
		if err != nil {
			return err
		}
		had, err := d.openKeys(ws, rows)
		if err != nil || had.seal != nil || made && had.root != nil {
			return err
		}
		for _, x := range []struct {
			kind string
			c    *seal.Credential
			add  bool
		}{{rootKey, root, made}, {leafKey, leaf, true}} {
			if !x.add {
				continue
			}
			r, err := d.closeKey(t, x.kind, x.c)
			if err != nil {
				return err
			}
			if err := t.AddSealKey(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// SealKeys lists the keys of the workspace, newest first.
func (d *Desk) SealKeys(ctx context.Context, a dottedline.Actor) (out []dottedline.SealKey, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		rows, err := t.SealKeys()
		for _, r := range rows {
			c, err := d.openKey(a.Workspace, r)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(c.Cert.Raw)
			out = append(out, dottedline.SealKey{ID: r.ID, Kind: r.Kind, Subject: c.Cert.Subject.CommonName, Issuer: c.Cert.Issuer.CommonName,
				SHA256: hex.EncodeToString(sum[:]), Until: r.Until})
		}
		return err
	})
	return out, err
}

// UploadSealKey takes a bought certificate (PKCS#12) to seal with from now on.
func (d *Desk) UploadSealKey(ctx context.Context, a dottedline.Actor, p12 []byte, password string) error {
	if err := owner(a); err != nil {
		return err
	}
	if len(p12) > 1<<20 {
		return dottedline.Wrong("It ends in .p12 or .pfx.", "This file is too large for a certificate.")
	}
	c, err := seal.ParsePKCS12(p12, password)
	if err != nil {
		return fileProblem(err)
	}
	if now := d.Now(); now.Before(c.Cert.NotBefore) || now.After(c.Cert.NotAfter) {
		return dottedline.Wrong("Use one that is good today.", "The certificate is good from %s until %s.", c.Cert.NotBefore.Format(time.DateOnly), c.Cert.NotAfter.Format(time.DateOnly))
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		r, err := d.closeKey(t, ownKey, c)
		if err != nil {
			return err
		}
		return t.AddSealKey(r)
	})
}

// DropSealKey stops using an uploaded certificate. What it sealed stays valid.
func (d *Desk) DropSealKey(ctx context.Context, a dottedline.Actor, id dottedline.SealKeyID) error {
	if err := owner(a); err != nil {
		return err
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		rows, err := t.SealKeys()
		for _, r := range rows {
			if r.ID == id && r.Kind == ownKey {
				return t.DropSealKey(id)
			}
		}
		if err != nil {
			return err
		}
		return dottedline.Missing("uploaded certificate")
	})
}

// RootCertificate is the certificate of the workspace's own authority in PEM, for
// those who want their reader to trust its seals.
func (d *Desk) RootCertificate(ctx context.Context, a dottedline.Actor) ([]byte, error) {
	if err := member(a); err != nil {
		return nil, err
	}
	k, err := d.keys(ctx, a.Workspace)
	if err != nil {
		return nil, err
	}
	if k.root == nil {
		return nil, dottedline.Missing("authority of this workspace: it seals with an uploaded certificate")
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: k.root.Cert.Raw}), nil
}
