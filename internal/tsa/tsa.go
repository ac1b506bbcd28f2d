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

	"dottedline/seal"
)

// Addresses of private networks are allowed: an owner of the workspace wrote the
// authority's address down, and it may stand in the company's own network.
var client = &http.Client{Timeout: 20 * time.Second}

// maxAnswer bounds an answer in bytes.
const maxAnswer = 8 << 20

// Stamp asks the authority at url for a token over a SHA-256 digest.
func Stamp(ctx context.Context, url string, digest []byte) ([]byte, error) {
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
	reply, err := do(r)
	if err != nil {
		return nil, fmt.Errorf("time stamp: %w", err)
	}
	return seal.ParseStampResponse(reply, digest, nonce)
}

// Fetch gets a revocation list in DER; one in PEM is unpacked.
func Fetch(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, fmt.Errorf("revocation list: %w", err)
	}
	b, err := do(r)
	if err != nil {
		return nil, fmt.Errorf("revocation list: %w", err)
	}
	if p, _ := pem.Decode(b); p != nil {
		b = p.Bytes
	}
	return b, nil
}

func do(r *http.Request) ([]byte, error) {
	a, err := client.Do(r)
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
