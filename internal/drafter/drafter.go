// Package drafter asks language models behind OpenAI-compatible addresses, local
// ones such as Ollama among them, for the text of a draft. It never sends a mail.
package drafter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/guard"
)

const (
	askFor     = 20 * time.Second
	mostAnswer = 1 << 20  // bytes of an answer with all around it
	mostText   = 32 << 10 // bytes of what the model wrote
)

// Drafter asks models.
type Drafter struct {
	private bool
	http    *http.Client
}

// New makes a drafter. private lets models lie in the server's own network, and
// be reached without TLS.
func New(private bool) *Drafter {
	return &Drafter{private: private, http: &http.Client{
		Timeout: askFor,
		// No proxy: it would connect on our behalf and get around the guard.
		Transport:     &http.Transport{DialContext: guard.Dialer(private).DialContext, ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: askFor, MaxResponseHeaderBytes: 64 << 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// Ask posts the prompt to URL/chat/completions and gives what the model wrote.
// What goes wrong comes as a Problem.
func (d *Drafter) Ask(ctx context.Context, c desk.ModelCall) (string, error) {
	body, err := json.Marshal(struct {
		Model    string    `json:"model"`
		Messages []message `json:"messages"`
		Stream   bool      `json:"stream"`
	}{c.Model, []message{{"user", c.Prompt}}, false})
	if err != nil {
		return "", fmt.Errorf("ask model: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("ask model: %w", err)
	}
	if r.URL.Scheme != "https" && !d.private {
		return "", failed("Whoever runs this Dottedline can allow it with --private yes.", "A model without TLS is asked in your own network only")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Dottedline")
	if c.Key != "" {
		r.Header.Set("Authorization", "Bearer "+c.Key)
	}
	p, err := d.http.Do(r)
	if err != nil {
		return "", unreached(err)
	}
	defer p.Body.Close()
	if p.StatusCode != http.StatusOK {
		return "", refused(p.StatusCode, c.Model)
	}
	b, err := io.ReadAll(io.LimitReader(p.Body, mostAnswer+1))
	if err != nil {
		return "", unreached(err)
	}
	if len(b) > mostAnswer {
		return "", failed("", "It answered with more than %d kB", mostAnswer>>10)
	}
	return written(b)
}

// written is the text in an answer.
func written(b []byte) (string, error) {
	var a struct {
		Choices []struct {
			Message message `json:"message"`
		} `json:"choices"`
	}
	if err := json.Unmarshal(b, &a); err != nil {
		return "", failed(atAddress, "What answered is no language model, or speaks another protocol")
	}
	text := ""
	if len(a.Choices) > 0 {
		text = strings.TrimSpace(a.Choices[0].Message.Content)
	}
	if _, after, ok := strings.Cut(text, "</think>"); ok && strings.HasPrefix(text, "<think>") {
		text = strings.TrimSpace(after) // what some models say to themselves first
	}
	switch {
	case text == "":
		return "", failed("Press once more, or take another model.", "Its answer was empty")
	case len(text) > mostText:
		return "", failed("Press once more, or take another model.", "It wrote more than a mail")
	}
	return text, nil
}

const atAddress = "See its address in Settings, Drafts. It mostly ends with /v1."

// failed is what is said of a model that did not write.
func failed(hint, format string, args ...any) error {
	return dottedline.Wrong(strings.TrimSpace("Your text is as it was. "+hint), "The model wrote nothing. "+format+".", args...)
}

func refused(status int, model string) error {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return failed("See Settings, Drafts.", "Its server does not take the key (%d)", status)
	case status == http.StatusNotFound:
		return failed(atAddress, "Its server knows no such address, or no model %q (404)", model)
	case status == http.StatusTooManyRequests:
		return failed("Try again later.", "Its server wants fewer questions, or to be paid (429)")
	case status/100 == 3:
		return failed(atAddress, "Its server points to another address (%d), and that is not followed", status)
	}
	return failed("Try again later.", "Its server answered %d", status)
}

// unreached says in plain words why no answer came.
func unreached(err error) error {
	var dns *net.DNSError
	var timeout net.Error
	var op *net.OpError
	switch {
	case errors.Is(err, guard.ErrPrivate):
		return failed("Whoever runs this Dottedline can allow that with --private yes.", "The address lies in a private network")
	case errors.As(err, &dns):
		return failed(atAddress, "There is no server named %s", dns.Name)
	case errors.As(err, &timeout) && timeout.Timeout():
		return failed("A local model is slow the first time, so press once more.", "No answer came within %d seconds", int(askFor.Seconds()))
	case errors.As(err, &op):
		return failed("Is it running?", "Its server can't be reached: %v", op.Err)
	}
	return failed("", "The connection broke: %v", err)
}
