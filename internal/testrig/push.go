package testrig

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// PushService is a push service (RFC 8030) together with one browser that is
// subscribed to it: it decrypts what is pushed (RFC 8291) as that browser would.
type PushService struct {
	Endpoint     string
	P256dh, Auth string // of the subscription, in base64url

	key    *ecdh.PrivateKey
	secret []byte
	pushed chan Push
}

// Push is one message that arrived.
type Push struct {
	At     time.Time
	Header http.Header
	Text   string
	Err    error // why it could not be decrypted
}

// NewPushService starts one on a free port until the test ends.
func NewPushService(t testing.TB) *PushService {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &PushService{key: key, secret: make([]byte, 16), pushed: make(chan Push, 1000)}
	rand.Read(p.secret)
	p.P256dh, p.Auth = base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), base64.RawURLEncoding.EncodeToString(p.secret)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := time.Now()
		b, err := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusCreated)
		text := ""
		if err == nil {
			text, err = p.Decrypt(b)
		}
		p.pushed <- Push{at, r.Header.Clone(), text, err}
	}))
	t.Cleanup(s.Close)
	p.Endpoint = s.URL + "/push/1"
	return p
}

// Next waits for the next push.
func (p *PushService) Next(within time.Duration) (Push, error) {
	select {
	case x := <-p.pushed:
		return x, x.Err
	case <-time.After(within):
		return Push{}, fmt.Errorf("no push within %v", within)
	}
}

// Decrypt reads the one record of a push, without its padding.
func (p *PushService) Decrypt(body []byte) (string, error) {
	if len(body) < 86+17 || body[20] != 65 || binary.BigEndian.Uint32(body[16:]) < uint32(len(body)-86) {
		return "", errors.New("not one record of aes128gcm with a key")
	}
	salt, sender, record := body[:16], body[21:86], body[86:]
	pub, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return "", err
	}
	shared, err := p.key.ECDH(pub)
	if err != nil {
		return "", err
	}
	derive := func(secret, salt []byte, info string, n int) []byte {
		if err != nil {
			return nil
		}
		var prk, out []byte
		if prk, err = hkdf.Extract(sha256.New, secret, salt); err == nil {
			out, err = hkdf.Expand(sha256.New, prk, info, n)
		}
		return out
	}
	ikm := derive(shared, p.secret, "WebPush: info\x00"+string(p.key.PublicKey().Bytes())+string(sender), 32)
	cek := derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	nonce := derive(ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(cek)
	if err != nil {
		return "", err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	text, err := gcm.Open(nil, nonce, record, nil)
	if err != nil {
		return "", err
	}
	text = bytes.TrimRight(text, "\x00")
	if len(text) == 0 || text[len(text)-1] != 2 {
		return "", errors.New("the last record is not marked as such")
	}
	return string(bytes.TrimRight(text[:len(text)-1], " ")), nil
}
