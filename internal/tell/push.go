package tell

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"strconv"

	"dottedline/internal/desk"
)

// recordSize is what push services have to take (RFC 8030 §7.2). Every push is
// padded to padTo, so that its length tells nothing.
const (
	recordSize = 4096
	padTo      = 2048
)

// Encrypt encrypts a push message for a browser (RFC 8291) as one record of
// aes128gcm (RFC 8188). to is the browser's public key, auth its secret; key and
// salt (16 bytes) are used once.
func Encrypt(text, to, auth []byte, key *ecdh.PrivateKey, salt []byte) ([]byte, error) {
	browser, err := ecdh.P256().NewPublicKey(to)
	if err != nil {
		return nil, fmt.Errorf("encrypt push: %w", err)
	}
	shared, err := key.ECDH(browser)
	if err != nil {
		return nil, fmt.Errorf("encrypt push: %w", err)
	}
	ours := key.PublicKey().Bytes()
	gcm, nonce, err := contentKey(shared, auth, to, ours, salt)
	if err != nil {
		return nil, fmt.Errorf("encrypt push: %w", err)
	}
	if len(text) > recordSize-103 { // header 86, delimiter 1, tag 16
		return nil, fmt.Errorf("encrypt push: %d bytes are too many", len(text))
	}
	out := append([]byte{}, salt...)
	out = binary.BigEndian.AppendUint32(out, recordSize)
	out = append(append(out, byte(len(ours))), ours...)
	return gcm.Seal(out, nonce, append(append([]byte{}, text...), 2), nil), nil // 2 marks the last record
}

// contentKey derives the key and the nonce of the only record (RFC 8291 §3.4).
func contentKey(shared, auth, browser, server, salt []byte) (cipher.AEAD, []byte, error) {
	info := "WebPush: info\x00" + string(browser) + string(server)
	ikm, err := hkdf.Key(sha256.New, shared, auth, info, 32)
	if err != nil {
		return nil, nil, err
	}
	cek, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, nil, err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(cek)
	if err != nil {
		return nil, nil, err
	}
	gcm, err := cipher.NewGCM(block)
	return gcm, nonce, err
}

// pushRequest is one push as its service takes it (RFC 8030).
func (o *Teller) pushRequest(ctx context.Context, p *desk.PushPost) (*http.Request, error) {
	to, err := base64.RawURLEncoding.DecodeString(p.Keys.P256dh)
	if err != nil {
		return nil, err
	}
	auth, err := base64.RawURLEncoding.DecodeString(p.Keys.Auth)
	if err != nil {
		return nil, err
	}
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	text := p.Body
	if n := padTo - len(text); n > 0 {
		text = append(append([]byte{}, text...), bytes.Repeat([]byte{' '}, n)...) // JSON ends in any number of spaces
	}
	body, err := Encrypt(text, to, auth, key, salt)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	token, err := o.tokens.of(p, r.URL.Scheme+"://"+r.URL.Host, o.Desk.Now())
	if err != nil {
		return nil, err
	}
	urgency := "normal"
	if p.Urgent {
		urgency = "high"
	}
	for k, v := range map[string]string{"Content-Type": "application/octet-stream", "Content-Encoding": "aes128gcm", "Authorization": token,
		"TTL": strconv.Itoa(int(p.TTL.Seconds())), "Urgency": urgency, "Topic": p.Topic} {
		r.Header.Set(k, v)
	}
	return r, nil
}
