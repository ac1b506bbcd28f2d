package tell

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"dottedline/internal/desk"
)

func b64(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEncryptAsTheStandard is the worked example of RFC 8291 §5.
func TestEncryptAsTheStandard(t *testing.T) {
	t.Parallel()
	key, err := ecdh.P256().NewPrivateKey(b64(t, "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Encrypt([]byte("When I grow up, I want to be a watermelon"),
		b64(t, "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"), b64(t, "BTBZMqHH6r4Tts7J_aSIgg"), key, b64(t, "DGv6ra1nlYgDCS1FRnbzlw"))
	if err != nil {
		t.Fatal(err)
	}
	want := "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
	if s := base64.RawURLEncoding.EncodeToString(got); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

func TestEncryptRefuses(t *testing.T) {
	t.Parallel()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	to := key.PublicKey().Bytes()
	if _, err := Encrypt(make([]byte, recordSize-103), to, make([]byte, 16), key, make([]byte, 16)); err != nil {
		t.Errorf("the longest: %v", err)
	}
	if _, err := Encrypt(make([]byte, recordSize-102), to, make([]byte, 16), key, make([]byte, 16)); err == nil {
		t.Error("one byte more was taken")
	}
	off := bytes.Clone(to)
	off[64] ^= 1 // not on the curve
	for _, bad := range [][]byte{nil, off, to[:64]} {
		if _, err := Encrypt([]byte("x"), bad, make([]byte, 16), key, make([]byte, 16)); err == nil {
			t.Errorf("took the key %x", bad)
		}
	}
}

// TestTokens: the signature holds, the claims name the service alone, and a token
// is used for an hour.
func TestTokens(t *testing.T) {
	t.Parallel()
	priv, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &desk.PushPost{Key: priv.Bytes(), Subject: "https://deals.example.com"}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var k tokens
	h, err := k.of(p, "https://push.example.com", now)
	if err != nil {
		t.Fatal(err)
	}
	claims := checkToken(t, h)
	if claims["aud"] != "https://push.example.com" || claims["sub"] != "https://deals.example.com" || claims["exp"] != float64(now.Add(12*time.Hour).Unix()) {
		t.Errorf("claims %v", claims)
	}
	for _, c := range []struct {
		after   time.Duration
		service string
		same    bool
	}{{59 * time.Minute, "https://push.example.com", true}, {0, "https://other.example.com", false}, {61 * time.Minute, "https://push.example.com", false}} {
		got, err := k.of(p, c.service, now.Add(c.after))
		if err != nil || (got == h) != c.same {
			t.Errorf("%s after %v: the same is %v, %v", c.service, c.after, got == h, err)
		}
	}
}

// checkToken verifies a token with the key that it names.
func checkToken(t testing.TB, header string) map[string]any {
	t.Helper()
	rest, ok := strings.CutPrefix(header, "vapid t=")
	jwt, pub, ok2 := strings.Cut(rest, ", k=")
	parts := strings.Split(jwt, ".")
	if !ok || !ok2 || len(parts) != 3 {
		t.Fatalf("token %q", header)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), b64(t, pub))
	if err != nil {
		t.Fatal(err)
	}
	sig, sum := b64(t, parts[2]), sha256.Sum256([]byte(parts[0]+"."+parts[1]))
	if len(sig) != 64 || !ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		t.Errorf("the signature of %q does not hold", header)
	}
	var claims map[string]any
	if err := json.Unmarshal(b64(t, parts[1]), &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}
