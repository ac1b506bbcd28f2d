package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"dottedline"
	"dottedline/internal/desk"
)

// TestDrafts goes the whole way with forms alone: off, turned on, tested, shown
// what is sent, written, taken back, and failed.
func TestDrafts(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	var sent []desk.ModelCall
	fails := error(nil)
	h.AskModel = func(_ context.Context, c desk.ModelCall) (string, error) {
		sent = append(sent, c)
		return "Maya,\n\nyes, on <your> own server.\n\nSam", fails
	}
	v := h.visitor()
	v.get("/now")
	v.sees("Free times")
	v.lacks("Write it with", "is sent</summary>")
	v.get("/settings/drafts")
	v.sees("http://127.0.0.1:11434/v1", "Ollama")
	v.lacks("Test it", `name="on" value="yes" checked`)
	v.post("/settings/drafts", "on", "yes", "url", "ollama", "model", "llama3.1")
	v.sees("not the address of a language model", `value="ollama"`)
	v.post("/settings/drafts", "on", "yes", "url", "http://127.0.0.1:11434/v1", "model", "llama3.1", "key", "sk-secret")
	v.sees("Test it", `name="on" value="yes" checked`, "One is kept, encrypted")
	v.lacks("sk-secret")
	v.post("/settings/drafts", "do", "test")
	v.sees("It answered", "yes, on &lt;your&gt; own server.")

	v.get("/now")
	v.sees("Write it with llama3.1", "What llama3.1 is sent", "Does it run on our own server?", "http://127.0.0.1:11434/v1")
	at, seal := v.match(`formaction="(/deals/[a-z0-9]+/model)"`), v.match(`name="seal" value="([^"]+)"`)
	v.post(at, "text", "My own words.", "seal", seal)
	v.sees("Written by llama3.1. Read it before you send it.", "yes, on &lt;your&gt; own server.", "Put back what was there")
	if len(sent) != 2 || strings.Contains(sent[1].Prompt, "My own words") {
		t.Errorf("sent %+v", sent)
	}
	v.post(at, "do", "back")
	v.sees("My own words.")
	v.lacks("Written by llama3.1")
	fails = dottedline.Wrong("Your text is as it was.", "Its server answered 500.")
	v.post(at, "text", "My own words.", "seal", seal)
	v.sees("Its server answered 500.", "Your text is as it was.")
	v.get(strings.TrimSuffix(at, "/model") + "?write=1")
	v.sees("My own words.", "Write it with llama3.1")
	v.post(at, "text", "My own words.", "seal", "x")
	if v.sees("no longer what you were shown"); v.code != http.StatusConflict {
		t.Errorf("answers %d", v.code)
	}
	if h.post() != 0 {
		t.Error("a mail went out")
	}
}
