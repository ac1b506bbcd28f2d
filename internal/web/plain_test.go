package web

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestWithoutScripts goes the whole way with forms alone: set up, connect a
// mailbox, make a deal of an offer, send the prepared answer, take it back, put
// it off.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.visitor()
	v.get("/now")
	v.sees("Sign in")
	v.get("/setup/" + h.setup)
	v.sees("Yours in a minute.")
	v.post("/setup/"+h.setup, "team", "Pine", "name", "Sam Field", "email", "sam@pine.example.com", "password", "short", "currency", "USD", "zone", "UTC")
	v.sees("ten letters or more", `value="sam@pine.example.com"`)
	v.post("/setup/"+h.setup, "team", "Pine", "name", "Sam Field", "email", "sam@pine.example.com", "password", "a long enough one", "currency", "USD", "zone", "Europe/Oslo")
	v.sees("No mailbox yet.")
	v.post("/sign-out")
	v.sees("Sign in")
	v.get("/setup/" + h.setup)
	v.sees("This set-up link has been used.")
	v.get("/settings/hours")
	v.post("/sign-in", "email", "sam@pine.example.com", "password", "a wrong long one")
	v.sees("belong together")
	v.post("/sign-in", "email", "sam@pine.example.com", "password", "a long enough one", "to", "/settings/hours")
	v.sees("Working hours", "Europe/Oslo")

	v.get("/settings/mail/new?address=sam@pine.example.com")
	v.sees(`value="imap.pine.example.com"`, `value="465"`)
	v.post("/settings/mail/new", "address", "sam@pine.example.com", "user", "sam", "auth", "password", "password", "secret",
		"imap-host", "imap.pine.example.com", "imap-port", "0", "imap-tls", "tls", "smtp-host", "smtp.pine.example.com", "smtp-port", "465", "smtp-tls", "tls")
	v.sees("server is missing or its port is wrong", `value="imap.pine.example.com"`)
	v.lacks("secret")
	v.post("/settings/mail/new", "address", "sam@pine.example.com", "user", "sam", "auth", "password", "password", "secret",
		"imap-host", "imap.pine.example.com", "imap-port", "993", "imap-tls", "tls", "smtp-host", "smtp.pine.example.com", "smtp-port", "465", "smtp-tls", "tls")
	v.sees("imap.pine.example.com:993", "Connecting")
	v.post("/settings/mail/" + v.match(`/settings/mail/([a-z0-9]+)/sync`) + "/sync")
	if h.asked.Load() != 1 {
		t.Errorf("sync now was asked %d times, want 1", h.asked.Load())
	}

	c := v.http.Jar.Cookies(mustURL(t, h.url))
	actor, err := h.Session(t.Context(), c[0].Value)
	if err != nil {
		t.Fatal(err)
	}
	h.me = actor
	h.connect()
	h.thread(0)
	v.get("/now")
	v.sees("Is this a deal?", "Maya Okafor")
	v.post(v.match(`action="(/offers/[a-z0-9]+)"`), "answer", "yes", "kind", "sale", "value", "28,800")
	v.sees("Waiting costs you", "Maya Okafor", "Does it run on our own server?", "Send the answer")
	v.lacks("Is this a deal?")

	to, press := v.match(`action="(/deals/[a-z0-9]+/send)"`), v.match(`name="id" value="([0-9a-f]{24}[^"]*)"`)
	v.post(to, "id", press, "text", "Yes, it does.")
	v.sees("Going out to Maya Okafor", "Nothing waits on you.")
	undo := v.match(`action="(/outbox/[a-z0-9]+/undo)"`)
	v.post(to, "id", press, "text", "Yes, it does.") // the same press again
	if again := v.match(`action="(/outbox/[a-z0-9]+/undo)"`); again != undo {
		t.Errorf("pressed twice, the outbox holds %s and %s", undo, again)
	}
	v.post(undo)
	v.sees("Taken back.", "Yes, it does.")
	v.post(to, "id", v.match(`name="id" value="([0-9a-f]{24}[^"]*)"`), "text", "Yes, it does run there.")
	v.sees("Going out")
	h.shift.Add(int64(11 * time.Second))
	if n := h.post(); n != 1 {
		t.Fatalf("%d mails went out, want 1", n)
	}
	v.get(strings.TrimPrefix(v.at, v.base)) // the same address again, later
	v.lacks("Going out")
	v.post(undo[:strings.LastIndex(undo, "/")]+"/undo", "x", "")
	v.get("/deals")
	v.sees("One deal,", "Their ball", "$28,800 is open")
	v.get(v.match(`href="(/deals/[a-z0-9]+)"`))
	v.sees("Yes, it does run there.", "Does it run on our own server?", "You, by mail.")
}

// TestLaterComesBack puts the hero off, takes that back, and says no to an offer.
func TestLaterComesBack(t *testing.T) {
	t.Parallel()
	h := furnished(t, 2)
	h.thread(5)
	v := h.visitor()
	v.get("/now")
	v.sees("Maya Okafor", "Tomás Herrera", "Aiko Tanaka")
	first := v.match(`article[^>]*data-deal="([a-z0-9]+)"`)
	v.post("/deals/"+first+"/later", "until", "week")
	v.sees("Put off")
	if v.match(`article[^>]*data-deal="([a-z0-9]+)"`) == first {
		t.Error("the deal that was put off is still the first")
	}
	v.get("/deals/" + first)
	v.sees("Put off until")
	v.post("/deals/"+first+"/later?until=now", "x", "")
	v.get("/now")
	if v.match(`article[^>]*data-deal="([a-z0-9]+)"`) != first {
		t.Error("the deal that was brought back is not the first")
	}
	v.post("/deals/"+first+"/later", "until", "never")
	if v.code != http.StatusBadRequest {
		t.Errorf("an unknown time gives %d", v.code)
	}
	v.get("/now")
	offer := v.match(`action="(/offers/[a-z0-9]+)"`)
	v.post(offer, "answer", "no")
	v.sees("Not a deal")
	v.lacks("Is this a deal?")
	v.post(offer+"?answer=undo", "x", "")
	v.sees("Is this a deal?")
	v.get("/now?open=" + v.match(`id="row-([a-z0-9]+)"`))
	v.sees("Does it run on our own server?")
	if v.match(`article[^>]*data-deal="([a-z0-9]+)"`) == first {
		t.Error("the opened row is not the opened card")
	}
}
