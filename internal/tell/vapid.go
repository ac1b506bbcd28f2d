package tell

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"dottedline/internal/desk"
)

// tokens keeps the signed tokens of push services (RFC 8292), each for an hour:
// some services refuse senders who make a new one for every push.
type tokens struct {
	mu   sync.Mutex
	kept map[string]token
}

type token struct {
	header string
	until  time.Time
}

// of is the value of Authorization for a push service.
func (k *tokens) of(p *desk.PushPost, service string, now time.Time) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	id := service + " " + p.Subject + " " + string(p.Key)
	if t, ok := k.kept[id]; ok && now.Before(t.until) {
		return t.header, nil
	}
	h, err := vapid(p.Key, service, p.Subject, now.Add(12*time.Hour))
	if err != nil {
		return "", err
	}
	if k.kept == nil || len(k.kept) > 1000 {
		k.kept = map[string]token{}
	}
	k.kept[id] = token{h, now.Add(time.Hour)}
	return h, nil
}

// vapid signs who sends to a push service until when, with ES256 (RFC 7518 §3.4:
// r and s side by side).
func vapid(key []byte, service, subject string, until time.Time) (string, error) {
	priv, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), key)
	if err != nil {
		return "", fmt.Errorf("push key: %w", err)
	}
	pub, err := priv.PublicKey.Bytes()
	if err != nil {
		return "", fmt.Errorf("push key: %w", err)
	}
	claims, err := json.Marshal(map[string]any{"aud": service, "exp": until.Unix(), "sub": subject})
	if err != nil {
		return "", err
	}
	enc := base64.RawURLEncoding.EncodeToString
	text := enc([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + enc(claims)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, priv, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign push token: %w", err)
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return "vapid t=" + text + "." + enc(sig) + ", k=" + enc(pub), nil
}
