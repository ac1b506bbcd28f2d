package drafter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
)

// server answers as f says, and counts how often it is asked for anything.
func server(t *testing.T, f http.HandlerFunc) (url string, asked *int) {
	t.Helper()
	asked = new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { *asked++; f(w, r) }))
	t.Cleanup(s.Close)
	return s.URL + "/v1", asked
}

// says is an answer of the protocol, with what real servers put around it.
func says(text string) string {
	b, _ := json.Marshal(text)
	return fmt.Sprintf(`{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"llama3.1","choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"stop"}],"usage":{"total_tokens":9}}`, b)
}

// TestAsk: what is sent is the model's name and the prompt, and nothing else.
func TestAsk(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "sk-1"} {
		url, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
			b, err := io.ReadAll(r.Body)
			if err != nil || r.Method != "POST" || r.URL.Path != "/v1/chat/completions" || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %s %v %v", r.Method, r.URL, r.Header, err)
			}
			if got, want := string(b), `{"model":"llama3.1","messages":[{"role":"user","content":"Write: \"now\""}],"stream":false}`; got != want {
				t.Errorf("sent %s\nwant %s", got, want)
			}
			want := ""
			if key != "" {
				want = "Bearer " + key
			}
			if got := r.Header.Get("Authorization"); got != want {
				t.Errorf("key %q, want %q", got, want)
			}
			io.WriteString(w, says("<think>\nHm.\n</think>\n\nMaya,\n\nyes.\n"))
		})
		got, err := New(true).Ask(t.Context(), desk.ModelCall{URL: url, Model: "llama3.1", Key: key, Prompt: `Write: "now"`})
		if err != nil || got != "Maya,\n\nyes." {
			t.Errorf("%q %v", got, err)
		}
	}
}

// TestFailures: whatever the server does, a Problem says so in plain words.
func TestFailures(t *testing.T) {
	t.Parallel()
	status := func(n int) http.HandlerFunc { return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) } }
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, s) }
	}
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"wrong key", status(401), "does not take the key (401)"},
		{"no such model", status(404), `no model "m" (404)`},
		{"too often", status(429), "(429)"},
		{"broken", status(500), "answered 500"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, "points to another address (307)"},
		{"not JSON", text("<html>Welcome</html>"), "no language model"},
		{"other JSON", text(`{"error":"no"}`), "wrote nothing"},
		{"nothing", text(says(" \n")), "answer was empty"},
		{"too long", text(says(strings.Repeat("word ", 10_000))), "more than a mail"},
		{"huge", func(w http.ResponseWriter, _ *http.Request) {
			for range 64 {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		}, "more than 1024 kB"},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, "{")
		}, "The connection broke"},
	} {
		url, asked := server(t, c.answer)
		got, err := New(true).Ask(t.Context(), desk.ModelCall{URL: url, Model: "m", Prompt: "Write."})
		var p *dottedline.Problem
		if !errors.As(err, &p) || !strings.Contains(p.Text, c.want) || !strings.Contains(p.Hint, "as it was") || got != "" || *asked != 1 {
			t.Errorf("%s: %q, %v, asked %d times", c.name, got, err, *asked)
		}
	}
}

// TestSlow: a server that never ends is given up.
func TestSlow(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	url, _ := server(t, func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush(); <-done })
	t.Cleanup(func() { close(done) })
	d := New(true)
	if d.http.Timeout != 20*time.Second {
		t.Errorf("gives up after %v", d.http.Timeout)
	}
	d.http.Timeout = 50 * time.Millisecond
	if _, err := d.Ask(t.Context(), desk.ModelCall{URL: url, Model: "m"}); err == nil || !strings.Contains(err.Error(), "No answer came within") {
		t.Errorf("slow: %v", err)
	}
}

// TestGuard: without the operator's permission nothing in the own network is
// asked, by whatever name, and nothing goes out without TLS.
func TestGuard(t *testing.T) {
	t.Parallel()
	url, asked := server(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, says("yes")) })
	for at, want := range map[string]string{
		url: "without TLS",
		strings.Replace(url, "http://", "https://", 1):                         "private network",
		strings.Replace(url, "http://127.0.0.1", "https://localhost", 1):       "private network",
		strings.Replace(url, "http://127.0.0.1", "https://[::ffff:7f00:1]", 1): "private network",
	} {
		if _, err := New(false).Ask(t.Context(), desk.ModelCall{URL: at, Model: "m"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", at, err)
		}
	}
	if *asked != 0 {
		t.Errorf("asked %d times", *asked)
	}
	closed := httptest.NewServer(nil)
	closed.Close()
	if _, err := New(true).Ask(t.Context(), desk.ModelCall{URL: closed.URL, Model: "m"}); err == nil || !strings.Contains(err.Error(), "can't be reached") {
		t.Errorf("not there: %v", err)
	}
}
