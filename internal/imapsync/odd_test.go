package imapsync_test

import (
	"fmt"
	"strings"
	"testing"

	"dottedline"
	"dottedline/internal/desk"
)

// oddServers say what no standard says. Each time the connection has to
// survive, all mails have to arrive, and the Mail page has to tell.
var oddServers = []struct {
	name string
	s    fakeServer
	odd  string // part of what is told; "" where forgiving is all there is to do
}{
	{"chatter before the greeting", fakeServer{at: "greeting", says: "Welcome to mail.example.com!"}, "a line that is no response"},
	{"an unknown response", fakeServer{at: "IDLE", says: "* X-UNKNOWN foo (bar)"}, "X-UNKNOWN"},
	{"an unknown response with a number", fakeServer{at: "NOOP", says: "* 5 FROBNICATE"}, "FROBNICATE"},
	{"VANISHED without QRESYNC", fakeServer{at: "FETCH", says: "* VANISHED 900:901"}, ""},
	{"VANISHED of no UIDs", fakeServer{at: "IDLE", says: "* VANISHED x:y"}, "not a set of UIDs"},
	{"VANISHED of nothing", fakeServer{at: "IDLE", says: "* VANISHED"}, "no UIDs"},
	{"a line of plain words", fakeServer{at: "IDLE", says: "hello there, are you still on the line"}, "no response"},
	{"an empty line", fakeServer{at: "FETCH", says: ""}, ""},
	{"two line ends", fakeServer{at: "IDLE", says: "\r\n"}, "empty line"},
	{"Gmail's items nobody asked for", fakeServer{at: "IDLE", says: "* 1 FETCH (UID 1 X-GM-MSGID 1278455344230334865 X-GM-LABELS (\"\\\\Inbox\"))"}, ""},
	{"a parenthesis missing", fakeServer{at: "FETCH", says: "* 1 FETCH (UID 1 FLAGS (\\Seen"}, "parenthesis missing"},
	{"a parenthesis too many", fakeServer{at: "IDLE", says: "* 1 FETCH (UID 1 FLAGS (\\Seen)))"}, "parenthesis too many"},
	{"a quote that never ends", fakeServer{at: "IDLE", says: "* 1 FETCH (UID 1 FLAGS (\"oops))"}, "quote not closed"},
	{"a bracket that never ends", fakeServer{at: "IDLE", says: "* 1 FETCH (UID 1 BODY[HEADER 4)"}, "bracket not closed"},
	{"more mails than there can be", fakeServer{at: "NOOP", caps: "", says: "* 99999999999 EXISTS"}, "out of range"},
	{"FETCH without a list", fakeServer{at: "IDLE", says: "* 1 FETCH FLAGS \\Seen"}, "no list of items"},
	{"FETCH of nothing", fakeServer{at: "FETCH", says: "* 1 FETCH ()"}, ""},
	{"a UID that is no number", fakeServer{at: "FETCH", says: "* 1 FETCH (UID abc FLAGS ())"}, "not a UID"},
	{"a mail without its UID", fakeServer{caps: "IDLE", fetch: func(uid int) string { return strings.Replace(normalFetch(uid), fmt.Sprintf("UID %d ", uid), "", 1) }}, "without its UID"},
	{"a mail without a date", fakeServer{caps: "IDLE", fetch: func(uid int) string {
		return strings.Replace(normalFetch(uid), "01-Mar-2026 10:00:00 +0000", "", 1)
	}}, "not a date"},
	{"a mail under its old name", fakeServer{caps: "IDLE", fetch: func(uid int) string { return strings.Replace(normalFetch(uid), "BODY[]<0>", "RFC822", 1) }}, ""},
	{"the result of another command", fakeServer{at: "IDLE", says: "zz99 OK done long ago"}, "no command of ours"},
	{"a continuation nobody asked for", fakeServer{at: "FETCH", says: "+ go ahead"}, "nobody asked for"},
	{"a response code that never ends", fakeServer{at: "IDLE", says: "* OK [ALERT the bracket is gone"}, "without ]"},
	{"an alert", fakeServer{at: "IDLE", says: "* OK [ALERT] Bandwidth is nearly used up"}, "Bandwidth"},
	{"goodbye without leaving", fakeServer{at: "IDLE", says: "* BYE perhaps later"}, "perhaps later"},
	{"a search that finds words", fakeServer{at: "SEARCH", says: "* SEARCH one 1 2 two"}, "not a UID"},
	{"a folder without a name", fakeServer{at: "LIST", says: `* LIST (\Sent) "/"`}, "folder without a name"},
	{"a folder with spaces and no quotes", fakeServer{at: "LIST", says: `* LIST () "/" Old mail (2019)`}, ""},
	{"lists in lists in lists", fakeServer{at: "IDLE", says: "* 1 FETCH " + strings.Repeat("(", 5000)}, "too deep"},
	{"a line of 17 megabytes", fakeServer{at: "IDLE", says: "* X " + strings.Repeat("x", 17<<20)}, "line too long"},
	{"a piece of 70 megabytes", fakeServer{at: "IDLE", says: fmt.Sprintf("* X-BLOB {%d}\r\n%s)", 70<<20, strings.Repeat("x", 70<<20))}, "X-BLOB"},
	{"a literal where none belongs", fakeServer{at: "IDLE", says: "* X-BLOB {7}\r\n@ OK\r\n "}, "X-BLOB"},
	{"zeros and bytes of no character set", fakeServer{at: "IDLE", says: "* X-\x00\xff\xfe \x01"}, "no standard knows"},
	{"line ends without CR", fakeServer{sep: "\n"}, ""},
	{"no UIDNEXT", fakeServer{caps: "IDLE", also: map[string]string{"EXAMINE": "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n@ OK [READ-ONLY] open"}}, ""},
	{"results in small letters", fakeServer{also: map[string]string{"NOOP": "* 3 exists\r\n@ ok done"}}, ""},
	{"IDLE refused", fakeServer{caps: "IDLE", also: map[string]string{"IDLE": "@ BAD what?"}}, "IDLE is offered and then refused"},
	{"IDLE that ends at once", fakeServer{caps: "IDLE", also: map[string]string{"IDLE": "+ idling\r\n@ OK done"}}, ""},
	{"QRESYNC refused", fakeServer{caps: "IDLE ENABLE CONDSTORE QRESYNC", also: map[string]string{"ENABLE": "* ENABLED\r\n@ BAD no"}}, ""},
	{"a mail that is listed and not given", fakeServer{caps: "IDLE", fetch: func(uid int) string {
		if uid == 1 {
			return "* 1 FETCH (UID 1 BODY[]<0> NIL)"
		}
		return ""
	}}, "lists it and does not give it"},
	{"an answer that is no answer", fakeServer{at: "NOOP", also: map[string]string{"ID": "@ MAYBE"}, caps: "ID"}, ""},
}

func TestServersThatSayOddThings(t *testing.T) {
	t.Parallel()
	if len(oddServers) < 20 {
		t.Fatalf("only %d", len(oddServers))
	}
	h := newHouse(t, "sqlite")
	ids := make([]dottedline.MailboxID, len(oddServers))
	for i := range oddServers {
		f := &oddServers[i].s
		if f.at == "IDLE" {
			f.caps += " IDLE"
		}
		f.start(t)
		ids[i] = h.connect(account(fmt.Sprint("odd", i), f.addr, "none"))
	}
	h.run(1)
	for i := range oddServers {
		c := &oddServers[i]
		t.Run(c.name, func(t *testing.T) {
			want := int64(3)
			if c.name == "a mail that is listed and not given" {
				want = 2
			}
			h := &house{h.Desk, t, h.db, h.me}
			h.wantMails(ids[i], "INBOX", want)
			if c.odd != "" {
				h.eventually(ids[i], "told", func(s desk.MailboxStatus) bool { return strings.Contains(strings.Join(s.Odd, "\n"), c.odd) })
			}
			f := &c.s
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.conns != 1 {
				t.Errorf("%d connections", f.conns)
			}
			if f.at != "" && !f.said {
				t.Errorf("the server never came to say it at %s", f.at)
			}
		})
	}
}
