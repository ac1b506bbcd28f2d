package desk

import (
	"crypto/cipher"
	"crypto/rand"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// Vault seals secrets with the key file, which is never in the database
// (XChaCha20-Poly1305).
type Vault struct{ aead cipher.AEAD }

// KeySize is the length of a key file's content in bytes.
const KeySize = chacha20poly1305.KeySize

// NewVault takes a key of KeySize bytes.
func NewVault(key []byte) (Vault, error) {
	a, err := chacha20poly1305.NewX(key)
	if err != nil {
		return Vault{}, fmt.Errorf("key file: %w", err)
	}
	return Vault{a}, nil
}

// seal closes a secret; it opens only with the same purpose.
func (v Vault) seal(secret []byte, purpose string) []byte {
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	rand.Read(nonce)
	return v.aead.Seal(nonce, nonce, secret, []byte(purpose))
}

func (v Vault) open(box []byte, purpose string) ([]byte, error) {
	if len(box) < chacha20poly1305.NonceSizeX {
		return nil, fmt.Errorf("open secret: too short")
	}
	b, err := v.aead.Open(nil, box[:chacha20poly1305.NonceSizeX], box[chacha20poly1305.NonceSizeX:], []byte(purpose))
	if err != nil {
		return nil, fmt.Errorf("open secret: it was sealed with another key file")
	}
	return b, nil
}
