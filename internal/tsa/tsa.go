// Package tsa asks time-stamp authorities (RFC 3161) over HTTP for stamps, and
// fetches the revocation lists that later validation needs.
package tsa

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"time"

	"dottedline/internal/guard"
	"dottedline/seal"
)

// Client reaches authorities on the open internet.
type Client struct{ http *http.Client }

// New makes a client. Where private is set, an authority may lie in this
// server's own network: whoever runs the server says so, since the addresses are
// typed by owners of workspaces and written in certificates.
func New(private bool) *Client {
	return &Client{&http.Client{Timeout: 20 * time.Second,
		// No proxy: it would connect on our behalf and get around the guard.
		Transport: &http.Transport{DialContext: guard.Dialer(private).DialContext, ForceAttemptHTTP2: true,
			IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: 64 << 10},
	}}
}

// maxAnswer bounds an answer in bytes.
const maxAnswer = 8 << 20

// Stamp asks the authority at url for a token over a SHA-256 digest.
func (c *Client) Stamp(ctx context.Context, url string, digest []byte) ([]byte, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 63))
	if err != nil {
		return nil, fmt.Errorf("time stamp: %w", err)
	}
	nonce.Add(nonce, big.NewInt(1))
	q, err := seal.NewStampRequest(digest, nonce)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(q))
	if err != nil {
		return nil, fmt.Errorf("time stamp: %w", err)
	}
	r.Header.Set("Content-Type", "application/timestamp-query")
	r.Header.Set("Accept", "application/timestamp-reply")
	reply, err := c.do(r)
	if err != nil {
		return nil, fmt.Errorf("time stamp: %w", err)
	}
	return seal.ParseStampResponse(reply, digest, nonce)
}

// Fetch gets a revocation list in DER; one in PEM is unpacked.
func (c *Client) Fetch(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, fmt.Errorf("revocation list: %w", err)
	}
	b, err := c.do(r)
	if err != nil {
		return nil, fmt.Errorf("revocation list: %w", err)
	}
	if p, _ := pem.Decode(b); p != nil {
		b = p.Bytes
	}
	return b, nil
}

func (c *Client) do(r *http.Request) ([]byte, error) {
	a, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(io.LimitReader(a.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, err
	case a.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s answered %s", r.URL.Host, a.Status)
	case len(b) > maxAnswer:
		return nil, fmt.Errorf("%s answered with too much", r.URL.Host)
	}
	return b, nil
}
