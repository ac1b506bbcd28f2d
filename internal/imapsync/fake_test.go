package imapsync_test

import (
	"bufio"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// fakeServer speaks just enough IMAP, and says what the test wants at a point
// of the conversation: "greeting", or the name of a command, before its result.
type fakeServer struct {
	caps  string
	at    string
	says  string               // "@" stands for the tag of the running command
	also  map[string]string    // instead of the usual answer to a command; "@" as above
	fetch func(uid int) string // instead of the usual FETCH response
	sep   string               // ends lines

	addr  string
	mu    sync.Mutex
	n     int // mails in the Inbox
	said  bool
	conns int
}

func (f *fakeServer) start(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	f.addr, f.n = l.Addr().String(), 2
	if f.sep == "" {
		f.sep = "\r\n"
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			f.mu.Lock()
			f.conns++
			f.mu.Unlock()
			go f.serve(c)
		}
	}()
}

var uidFetch = regexp.MustCompile(`UID FETCH (\S+)`)
var uidSearch = regexp.MustCompile(`UID SEARCH (?:RETURN \(ALL\) )?UID (\S+)`)

func (f *fakeServer) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	say := func(lines ...string) {
		for _, l := range lines {
			fmt.Fprint(c, l+f.sep)
		}
	}
	odd := func(point, tag string) {
		f.mu.Lock()
		now := point == f.at && !f.said
		f.said = f.said || now
		f.mu.Unlock()
		if now && f.says != "" {
			say(strings.ReplaceAll(f.says, "@", tag))
		}
	}
	odd("greeting", "")
	say("* OK [CAPABILITY IMAP4rev1 " + f.caps + "] ready")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		tag, cmd, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.TrimSpace(cmd) == "" {
			return
		}
		word := strings.ToUpper(strings.Fields(cmd)[0])
		if word == "UID" {
			word = strings.ToUpper(strings.Fields(cmd)[1])
		}
		if word != "IDLE" {
			odd(word, tag)
		}
		f.mu.Lock()
		n := f.n
		f.mu.Unlock()
		if word == "NOOP" && (!strings.Contains(f.caps, "IDLE") || f.also["IDLE"] != "") {
			f.mu.Lock()
			f.n, n = 3, 3
			f.mu.Unlock()
		}
		if answer, ok := f.also[word]; ok {
			say(strings.ReplaceAll(answer, "@", tag))
			continue
		}
		switch word {
		case "LIST":
			say(`* LIST () "/" INBOX`)
		case "EXAMINE":
			say(fmt.Sprintf("* %d EXISTS", n), "* OK [UIDVALIDITY 7] v", fmt.Sprintf("* OK [UIDNEXT %d] n", n+1))
		case "SEARCH":
			out := "* SEARCH"
			for _, u := range matching(uidSearch.FindStringSubmatch(cmd), n) {
				out += " " + strconv.Itoa(u)
			}
			say(out)
		case "FETCH":
			for _, u := range matching(uidFetch.FindStringSubmatch(cmd), n) {
				say(f.fetched(u))
			}
		case "IDLE":
			say("+ idling")
			odd("IDLE", tag)
			// A mail arrives the first time that somebody waits.
			f.mu.Lock()
			if f.n == 2 {
				f.n = 3
				say("* 3 EXISTS")
			}
			f.mu.Unlock()
			if line, err = in.ReadString('\n'); err != nil || strings.TrimSpace(line) != "DONE" {
				return
			}
		case "NOOP":
			say(fmt.Sprintf("* %d EXISTS", n))
		case "CAPABILITY":
			say("* CAPABILITY IMAP4rev1 " + f.caps)
		}
		say(tag + " OK done")
	}
}

func (f *fakeServer) fetched(uid int) string {
	if f.fetch != nil {
		if s := f.fetch(uid); s != "" {
			return s
		}
	}
	return normalFetch(uid)
}

func normalFetch(uid int) string {
	return fmt.Sprintf("* %d FETCH (UID %d INTERNALDATE \"01-Mar-2026 10:00:00 +0000\" RFC822.SIZE %d BODY[]<0> {%d}\r\n%s)", uid, uid, len(raw(uid)), len(raw(uid)), raw(uid))
}

func matching(m []string, n int) (uids []int) {
	if m == nil {
		m = []string{"", "1:*"}
	}
	for _, piece := range strings.Split(m[1], ",") {
		a, b, isRange := strings.Cut(piece, ":")
		from, _ := strconv.Atoi(a)
		to, _ := strconv.Atoi(b)
		if !isRange {
			to = from
		} else if b == "*" { // the last mail is always in such a range
			to = n
			from = max(min(from, n), 1)
		}
		for u := max(from, 1); u <= min(to, n); u++ {
			uids = append(uids, u)
		}
	}
	return uids
}
