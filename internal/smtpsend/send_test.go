package smtpsend_test

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"dottedline/internal/desk"
	"dottedline/internal/smtpsend"
	"dottedline/internal/testrig"
)

func account(addr, tls string) desk.Account {
	host, p, _ := net.SplitHostPort(addr)
	port, _ := strconv.Atoi(p)
	return desk.Account{ID: 1, Address: "sam@pine.example.com", User: "sam", Secret: "secret", SMTP: desk.Server{Host: host, Port: port, TLS: tls},
		IMAP: desk.Server{Host: "127.0.0.1", Port: 143, TLS: "none"}}
}

func raw(n int) []byte {
	return fmt.Appendf(nil, "Message-ID: <s%d@pine.example.com>\r\nFrom: sam@pine.example.com\r\nTo: maya@northwind.example.com\r\nSubject: mail %d\r\n\r\nfirst\r\n.\r\n..dots\r\nlast\r\n", n, n)
}

var to = []string{"maya@northwind.example.com", "ole@northwind.example.com"}

// TestOutcomes lets a server fail at each point of the conversation.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault testrig.Fault
		want  smtpsend.Outcome
		kept  int // mails that the server has after all
		text  string
	}{
		{"as it should be", testrig.Fault{At: -1}, smtpsend.Accepted, 1, ""},
		{"busy", testrig.Fault{At: testrig.AtConnect, Code: 421, Text: "too busy"}, smtpsend.Later, 0, "too busy"},
		{"closed at once", testrig.Fault{At: testrig.AtConnect, Cut: true}, smtpsend.Later, 0, "broke off"},
		{"sign-in out of order", testrig.Fault{At: testrig.AtAuth, Code: 454, Text: "try later"}, smtpsend.Later, 0, "try later"},
		{"sign-in refused", testrig.Fault{At: testrig.AtAuth, Code: 535, Text: "bad password"}, smtpsend.Later, 0, "name and password"},
		{"cut in the sign-in", testrig.Fault{At: testrig.AtAuth, Cut: true}, smtpsend.Later, 0, "broke off"},
		{"sender put off", testrig.Fault{At: testrig.AtMail, Code: 451, Text: "slow down"}, smtpsend.Later, 0, "slow down"},
		{"sender refused", testrig.Fault{At: testrig.AtMail, Code: 553, Text: "not your address"}, smtpsend.Refused, 0, "not your address"},
		{"cut after the sender", testrig.Fault{At: testrig.AtMail, Cut: true}, smtpsend.Later, 0, "broke off"},
		{"recipient put off", testrig.Fault{At: testrig.AtRcpt, Rcpt: to[1], Code: 450, Text: "greylisted"}, smtpsend.Later, 0, "ole@northwind.example.com"},
		{"one recipient refused", testrig.Fault{At: testrig.AtRcpt, Rcpt: to[1], Code: 550, Text: "no such user"}, smtpsend.Refused, 0, "ole@northwind.example.com"},
		{"cut after a recipient", testrig.Fault{At: testrig.AtRcpt, Rcpt: to[1], Cut: true}, smtpsend.Later, 0, "broke off"},
		{"mailbox full", testrig.Fault{At: testrig.AfterData, Code: 452, Text: "full"}, smtpsend.Later, 0, "full"},
		{"taken for spam", testrig.Fault{At: testrig.AfterData, Code: 554, Text: "spam"}, smtpsend.Refused, 0, "spam"},
		{"accepted and cut", testrig.Fault{At: testrig.AfterData, Cut: true, Keep: true}, smtpsend.Unknown, 1, "broke off"},
		{"lost and cut", testrig.Fault{At: testrig.AfterData, Cut: true}, smtpsend.Unknown, 0, "broke off"},
		{"slow", testrig.Fault{At: testrig.AfterData, Delay: 300 * time.Millisecond}, smtpsend.Accepted, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sink := testrig.Sink(t, testrig.SinkAuth(func(user, secret string) bool { return user == "sam" && secret == "secret" }))
			if c.fault.At >= 0 {
				sink.Script(c.fault)
			}
			var s smtpsend.Sender
			defer s.Close()
			a := account(sink.Addr, "none")
			r := s.Send(t.Context(), a, "sam@pine.example.com", to, raw(1))
			if r.Outcome != c.want || !strings.Contains(r.Text, c.text) || (r.Text == "") != (c.want == smtpsend.Accepted) {
				t.Errorf("%+v, want %s", r, c.want)
			}
			mails := sink.Mails()
			if len(mails) != c.kept {
				t.Fatalf("the server has %d mails, want %d", len(mails), c.kept)
			}
			// What went wrong once must not spoil the next mail.
			if r := s.Send(t.Context(), a, "sam@pine.example.com", to, raw(2)); r.Outcome != smtpsend.Accepted {
				t.Fatalf("the next mail: %+v", r)
			}
			last := sink.Wait(t, c.kept+1)[c.kept]
			if string(last.Raw) != string(raw(2)) || last.From != "sam@pine.example.com" || strings.Join(last.To, " ") != strings.Join(to, " ") || last.User != "sam" {
				t.Errorf("arrived changed: %q %+v", last.Raw, last)
			}
		})
	}
}

// TestCutInTheMiddle cuts long mails at every stretch of their content: short
// of the final dot the mail counts as not sent, and it never is.
func TestCutInTheMiddle(t *testing.T) {
	t.Parallel()
	sink := testrig.Sink(t)
	var s smtpsend.Sender
	defer s.Close()
	long := append(raw(1), strings.Repeat("a long line of the mail\r\n", 400000)...)
	sink.Script(testrig.Fault{At: testrig.InData, Cut: true})
	r := s.Send(t.Context(), account(sink.Addr, "none"), "sam@pine.example.com", to, long)
	if r.Outcome != smtpsend.Later || len(sink.Mails()) != 0 {
		t.Errorf("%+v, %d mails", r, len(sink.Mails()))
	}
	// A short one is wholly under way before the cut is seen.
	sink.Script(testrig.Fault{At: testrig.InData, Cut: true})
	r = s.Send(t.Context(), account(sink.Addr, "none"), "sam@pine.example.com", to, raw(1))
	if r.Outcome != smtpsend.Unknown || len(sink.Mails()) != 0 {
		t.Errorf("short: %+v, %d mails", r, len(sink.Mails()))
	}
}

func TestNoServer(t *testing.T) {
	t.Parallel()
	var s smtpsend.Sender
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	if r := s.Send(t.Context(), account(addr, "none"), "sam@pine.example.com", to, raw(1)); r.Outcome != smtpsend.Later || !strings.Contains(r.Text, "Nothing answers") {
		t.Errorf("%+v", r)
	}
	sink := testrig.Sink(t)
	if r := s.Send(t.Context(), account(sink.Addr, "tls"), "sam@pine.example.com", to, raw(1)); r.Outcome != smtpsend.Later {
		t.Errorf("TLS with a server that has none: %+v", r)
	}
	if r := s.Send(t.Context(), account(sink.Addr, "starttls"), "sam@pine.example.com", to, raw(1)); r.Outcome != smtpsend.Later || len(sink.Mails()) != 0 {
		t.Errorf("STARTTLS with a server that has none: %+v", r)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	sink.Script(testrig.Fault{At: testrig.AtMail, Delay: 3 * time.Second})
	if r := s.Send(ctx, account(sink.Addr, "none"), "sam@pine.example.com", to, raw(1)); r.Outcome != smtpsend.Later {
		t.Errorf("given up: %+v", r)
	}
}

func TestKeptConnections(t *testing.T) {
	t.Parallel()
	sink := testrig.Sink(t)
	var s smtpsend.Sender
	defer s.Close()
	a := account(sink.Addr, "none")
	for n := range 20 {
		if r := s.Send(t.Context(), a, "sam@pine.example.com", to, raw(n)); r.Outcome != smtpsend.Accepted {
			t.Fatalf("mail %d: %+v", n, r)
		}
	}
	if n := sink.Conns(); n != 1 {
		t.Errorf("%d connections for 20 mails", n)
	}
	a.Secret = "new"
	if r := s.Send(t.Context(), a, "sam@pine.example.com", to, raw(21)); r.Outcome != smtpsend.Accepted || sink.Conns() != 2 {
		t.Errorf("%+v, %d connections: a new password needs a new one", r, sink.Conns())
	}
}

// TestSubmission sends through Dovecot's submission service, as to a provider.
func TestSubmission(t *testing.T) {
	t.Parallel()
	sink := testrig.Sink(t)
	d := testrig.Dovecot(t, testrig.RelayTo(sink.Addr), testrig.OAuthUsers(t, func(token string) (string, bool) { return "olga", token == "fresh" }))
	dialer := func(from byte) smtpsend.Sender {
		return smtpsend.Sender{Dial: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, from)}}).DialContext}
	}
	a := account(d.SubmissionAddr, "starttls")
	a.CA = d.CertPEM
	s := dialer(1)
	defer s.Close()
	if r := s.Send(t.Context(), a, "sam@pine.example.com", to, raw(1)); r.Outcome != smtpsend.Accepted {
		t.Fatalf("PLAIN: %+v", r)
	}
	olga := a
	olga.User, olga.Auth, olga.Secret = "olga", "xoauth2", "stale"
	o := dialer(3)
	defer o.Close()
	o.Token = func(context.Context, desk.Account) (string, error) { return "fresh", nil }
	if r := o.Send(t.Context(), olga, "olga@pine.example.com", to, raw(2)); r.Outcome != smtpsend.Accepted {
		t.Fatalf("XOAUTH2: %+v", r)
	}
	mails := sink.Wait(t, 2)
	for i, m := range mails {
		if !strings.HasSuffix(string(m.Raw), string(raw(i+1))) || strings.Join(m.To, " ") != strings.Join(to, " ") {
			t.Errorf("arrived changed: %+v %q", m, m.Raw)
		}
	}
	bad := dialer(2)
	a.Secret = "wrong"
	if r := bad.Send(t.Context(), a, "sam@pine.example.com", to, raw(3)); r.Outcome != smtpsend.Later || !strings.Contains(r.Text, "name and password") {
		t.Errorf("wrong password: %+v", r)
	}
	bad = dialer(4)
	if err := bad.Try(t.Context(), a); err == nil || !strings.Contains(err.Error(), "app password") {
		t.Errorf("try: %v", err)
	}
	a.CA = ""
	bad = dialer(5)
	if err := bad.Try(t.Context(), a); err == nil || !strings.Contains(err.Error(), "authority that is not known") {
		t.Errorf("a stranger's certificate: %v", err)
	}
	sink.Script(testrig.Fault{At: testrig.AtRcpt, Code: 550, Text: "no such user"})
	a.Secret, a.CA = "secret", d.CertPEM
	if r := s.Send(t.Context(), a, "sam@pine.example.com", to, raw(4)); r.Outcome != smtpsend.Refused {
		t.Errorf("refused behind the relay: %+v", r)
	}
}

func TestTry(t *testing.T) {
	t.Parallel()
	cert, _ := testrig.Certificate(t)
	sink := testrig.Sink(t, testrig.SinkTLS(cert), testrig.SinkAuth(func(user, secret string) bool { return user == "sam" && secret == "secret" }, "LOGIN"))
	var s smtpsend.Sender
	defer s.Close()
	if err := s.Try(t.Context(), account(sink.Addr, "none")); err != nil {
		t.Error(err)
	}
	if err := s.Try(t.Context(), account(sink.Addr, "starttls")); err == nil {
		t.Error("an unknown certificate was trusted")
	}
}
