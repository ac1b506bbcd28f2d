package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var introLink = regexp.MustCompile(`http://[^\s]+(/introduction/[A-Za-z0-9_-]{43})`)

// TestIntroductionWithoutScripts: asked by a form, answered by one press each,
// a no told on Now and to nobody else, then both joined.
func TestIntroductionWithoutScripts(t *testing.T) {
	t.Parallel()
	h := furnished(t, 2)
	v := h.visitor()
	v.get("/now")
	page := v.match(`href="(/deals/[a-z0-9]+/introduce)"`)
	v.get(page)
	v.sees("Introduce somebody to ", address(1))
	v.post(page, "address", "omar@brightwell.example.org", "why", "Both of you keep front desks calm.", "id", "p1")
	v.sees("Write the name of omar@brightwell.example.org", `value="omar@brightwell.example.org"`, "Both of you keep front desks calm.")
	v.post(page, "address", "omar@brightwell.example.org", "name", "Omar Haddad", "why", "Both of you keep front desks calm.", "id", "p1")
	v.sees("Introduction to Omar Haddad", "Being asked", "Undo")
	deal := strings.TrimSuffix(page, "/introduce")
	var links [][]string
	for _, text := range h.sentTexts() {
		var ls []string
		for _, m := range introLink.FindAllStringSubmatch(text, -1) {
			ls = append(ls, m[1])
		}
		if links = append(links, ls); len(ls) != 2 {
			t.Fatalf("asked by %q", text)
		}
	}
	if len(links) != 2 {
		t.Fatalf("asked by %d mails", len(links))
	}
	them := &visitor{t: t, http: &http.Client{}, base: h.url}
	for range 2 { // reading answers nothing
		them.get(links[0][1])
		them.sees("Rather not", "Nothing was sent yet.")
		them.lacks("before. You can still change it")
	}
	them.post(links[0][1])
	them.sees("Nobody else hears of it.")
	them.get(links[1][0])
	them.sees("Yes, please", "Both of you keep front desks calm.")
	them.lacks("rather not")
	v.get("/now")
	v.sees("would rather not be introduced to", "was told nothing")
	v.post(v.match(`action="(/introductions/[a-z0-9]+/seen)"`))
	v.lacks("would rather not be introduced to")
	v.get(deal)
	v.sees("would rather not be introduced.", "Take it back", "Asked whether to introduce Omar Haddad.")
	them.post(links[1][0])
	them.sees("writes to you both.")
	them.get(links[0][0])
	them.sees("You answered “Rather not” before.")
	them.post(links[0][0])
	them.sees("You both said yes.")
	if sent := h.sentTexts(); len(sent) != 1 || !strings.Contains(sent[0], "meet Omar Haddad") {
		t.Errorf("joined by %q", sent)
	}
	v.get(deal)
	v.sees("Introduced to Omar Haddad.", "One gift, ")
	v.lacks("Take it back")
	them.get("/introduction/" + strings.Repeat("x", 43))
	if them.code != 404 {
		t.Errorf("a wrong link answers %d", them.code)
	}
}
