package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dottedline/internal/testrig"
	"dottedline/mail"
)

// mailbox is another person's, in Dovecot: what the program sends is delivered
// there and read by IMAP.
type mailbox struct {
	t       *testing.T
	addr    string
	dovecot *testrig.DovecotServer
	sink    *testrig.SMTPSink
	seen    int
}

// next is the next mail that came into the mailbox.
func (b *mailbox) next() *mail.Message {
	b.t.Helper()
	for {
		got := b.sink.Wait(b.t, b.seen+1)[b.seen]
		b.seen++
		if !slices.Contains(got.To, b.addr) {
			continue
		}
		if err := b.dovecot.Deliver(b.addr, got.Raw); err != nil {
			b.t.Fatal(err)
		}
		m, err := mail.Parse(newest(b.t, b.dovecot.IMAPAddr, b.addr))
		if err != nil {
			b.t.Fatal(err)
		}
		return m
	}
}

func (b *mailbox) find(pattern string) string {
	b.t.Helper()
	re := regexp.MustCompile(pattern)
	for {
		if s := re.FindString(b.next().Text); s != "" {
			return s
		}
	}
}

// link is that of the next room that the mailbox is invited to.
func (b *mailbox) link() string { b.t.Helper(); return b.find(`http://[^\s]+/room/[A-Za-z0-9_-]+`) }

// attachment is the PDF of the next mail that has one.
func (b *mailbox) attachment() []byte {
	b.t.Helper()
	for {
		for _, f := range b.next().Attachments {
			if strings.HasSuffix(f.Name, ".pdf") {
				return f.Bytes()
			}
		}
	}
}

// newest reads the last mail of a mailbox by IMAP.
func newest(t *testing.T, server, user string) []byte {
	t.Helper()
	nc, err := net.Dial("tcp", server)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	r := bufio.NewReader(nc)
	var n int
	var body []byte
	say := func(tag, command string) {
		t.Helper()
		fmt.Fprintf(nc, "%s %s\r\n", tag, command)
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if s, ok := strings.CutSuffix(line, " EXISTS\r\n"); ok {
				n, _ = strconv.Atoi(strings.TrimPrefix(s, "* "))
			}
			if i := strings.LastIndexByte(line, '{'); i >= 0 && strings.HasPrefix(line, "* ") {
				size, err := strconv.Atoi(strings.TrimRight(line[i+1:], "}\r\n"))
				if err != nil {
					t.Fatal(err)
				}
				body = make([]byte, size)
				if _, err := io.ReadFull(r, body); err != nil {
					t.Fatal(err)
				}
			}
			if strings.HasPrefix(line, tag+" ") {
				if !strings.HasPrefix(line, tag+" OK") {
					t.Fatalf("%s: %s", command, line)
				}
				return
			}
		}
	}
	say("a1", "LOGIN "+user+" secret")
	say("a2", "SELECT INBOX")
	say("a3", fmt.Sprintf("FETCH %d BODY.PEEK[]", n))
	return body
}
