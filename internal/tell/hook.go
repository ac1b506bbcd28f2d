package tell

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"

	"dottedline/internal/desk"
)

// Sign is the value of webhook-signature: version 1 of the Standard Webhooks
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md),
// HMAC-SHA256 over "id.timestamp.body", the time in Unix seconds.
func Sign(secret []byte, id string, at int64, body []byte) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(id + "." + strconv.FormatInt(at, 10) + "."))
	m.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// hookRequest is one try: signed with the time of this try, so that receivers can
// refuse old ones, under the ID of the delivery, so that they know it again.
func (o *Teller) hookRequest(ctx context.Context, h *desk.HookPost) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(h.Body))
	if err != nil {
		return nil, err
	}
	at := o.Desk.Now().Unix()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("webhook-id", h.ID)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(at, 10))
	r.Header.Set("webhook-signature", Sign(h.Secret, h.ID, at, h.Body))
	return r, nil
}
