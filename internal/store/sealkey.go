package store

import (
	"time"

	"dottedline"
)

// SealKey is a key of the workspace with its certificates, leaf first, in PEM.
// Secret is closed with the key file.
type SealKey struct {
	ID     dottedline.SealKeyID
	Kind   string // root, seal (signed by root) or own (uploaded)
	Certs  string
	Secret []byte
	Made   time.Time
	Until  time.Time
}

// SealKeys are the keys of the workspace, newest first.
func (t *Tx) SealKeys() ([]SealKey, error) {
	return all(t, func(k *SealKey) []any {
		return []any{&k.ID, &k.Kind, &k.Certs, &k.Secret, timeScan{&k.Made}, timeScan{&k.Until}}
	}, `SELECT id, kind, certs, secret, made, until FROM seal_keys WHERE ws = $1 ORDER BY id DESC`)
}

// AddSealKey keeps a key.
func (t *Tx) AddSealKey(k SealKey) error {
	t.Changed()
	return t.do(`INSERT INTO seal_keys (ws, id, kind, certs, secret, made, until) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		k.ID, k.Kind, k.Certs, k.Secret, us(t.Now), us(k.Until))
}

// DropSealKey removes a key.
func (t *Tx) DropSealKey(id dottedline.SealKeyID) error {
	t.Changed()
	return t.do(`DELETE FROM seal_keys WHERE ws = $1 AND id = $2`, id)
}
