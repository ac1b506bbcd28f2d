package testrig

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Step is a moment of an SMTP conversation at which a Fault can strike.
type Step int

// The steps in the order in which a client meets them.
const (
	AtConnect Step = iota // before the greeting
	AtAuth
	AtMail
	AtRcpt
	InData    // after the first bytes of the message, before its final dot
	AfterData // the final dot has come, the reply has not gone out
)

// Fault is what the sink does once, or Times times, when a step is reached:
// wait for Delay, then cut the connection or answer with Code and Text.
type Fault struct {
	At    Step
	Rcpt  string // at AtRcpt: only for this recipient; empty means any
	Delay time.Duration
	Cut   bool // close the connection without an answer
	Keep  bool // at AfterData: the message counts as accepted all the same
	Code  int  // 4xx or 5xx; 0 answers as usual
	Text  string
	Times int // 0 means once
}

// SinkMail is one message that the sink accepted, or kept in spite of a fault.
type SinkMail struct {
	User string // who signed in, empty without sign-in
	From string
	To   []string
	Raw  []byte
}

// SMTPSink is an SMTP server that accepts all mail and keeps it.
type SMTPSink struct {
	Addr string // host:port

	mu       sync.Mutex
	faults   []Fault
	mails    []SinkMail
	conns    int
	password func(user, secret string) bool
	mechs    []string
	got      chan struct{}
}

// SinkOption changes how a sink is set up.
type SinkOption func(*smtp.Server, *SMTPSink)

// SinkTLS offers STARTTLS with the certificate.
func SinkTLS(cert tls.Certificate) SinkOption {
	return func(s *smtp.Server, _ *SMTPSink) { s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}} }
}

// SinkAuth demands sign-in by one of mechs: PLAIN, LOGIN or XOAUTH2 (then
// secret is the token), all of them when none is named.
func SinkAuth(ok func(user, secret string) bool, mechs ...string) SinkOption {
	if len(mechs) == 0 {
		mechs = []string{"PLAIN", "LOGIN", "XOAUTH2"}
	}
	return func(_ *smtp.Server, s *SMTPSink) { s.password, s.mechs = ok, mechs }
}

// Sink starts an SMTP server that accepts everything, except for what Script
// tells it to do.
func Sink(t testing.TB, opts ...SinkOption) *SMTPSink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &SMTPSink{Addr: l.Addr().String(), got: make(chan struct{}, 1)}
	srv := smtp.NewServer(smtp.BackendFunc(s.session))
	srv.Domain, srv.AllowInsecureAuth = "sink.example.com", true
	srv.EnableSMTPUTF8, srv.MaxMessageBytes = true, 64<<20
	srv.ErrorLog = log.New(io.Discard, "", 0)
	for _, o := range opts {
		o(srv, s)
	}
	go srv.Serve(greeter{l, s})
	t.Cleanup(func() { srv.Close() })
	return s
}

// greeter is the sink's listener: it strikes before the server greets.
type greeter struct {
	net.Listener
	s *SMTPSink
}

func (g greeter) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		g.s.mu.Lock()
		g.s.conns++
		g.s.mu.Unlock()
		f := g.s.take(AtConnect, "")
		time.Sleep(f.Delay)
		if !f.Cut && f.Code == 0 {
			return c, nil
		}
		if f.Code != 0 {
			fmt.Fprintf(c, "%d %s\r\n", f.Code, f.Text)
		}
		c.Close()
	}
}

// Script adds faults; each is used up by the first steps that it matches.
func (s *SMTPSink) Script(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		f.Times = max(f.Times, 1)
		s.faults = append(s.faults, f)
	}
}

// Mails are the messages kept so far, oldest first.
func (s *SMTPSink) Mails() []SinkMail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Conns is how many connections have come in.
func (s *SMTPSink) Conns() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

// Wait returns once n messages are kept, and fails the test after 20 s.
func (s *SMTPSink) Wait(t testing.TB, n int) []SinkMail {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		if m := s.Mails(); len(m) >= n {
			return m
		}
		select {
		case <-s.got:
		case <-late:
			t.Fatalf("the sink got %d mails within 20 s, want %d", len(s.Mails()), n)
		}
	}
}

func (s *SMTPSink) take(at Step, rcpt string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.faults {
		f := s.faults[i]
		if f.At != at || at == AtRcpt && f.Rcpt != "" && f.Rcpt != rcpt {
			continue
		}
		if s.faults[i].Times--; s.faults[i].Times == 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return f
	}
	return Fault{At: at}
}

var errCut = errors.New("cut")

// strike does what the fault says; the error is what the client shall read.
func (x *sinkSession) strike(f Fault) error {
	time.Sleep(f.Delay)
	if f.Cut {
		x.conn.Conn().Close()
		return errCut
	}
	if f.Code == 0 {
		return nil
	}
	return &smtp.SMTPError{Code: f.Code, EnhancedCode: smtp.EnhancedCode{f.Code / 100, 0, 0}, Message: f.Text}
}

type sinkSession struct {
	s    *SMTPSink
	conn *smtp.Conn
	mail SinkMail
}

func (s *SMTPSink) session(c *smtp.Conn) (smtp.Session, error) {
	x := &sinkSession{s: s, conn: c}
	if s.password == nil {
		return struct{ smtp.Session }{x}, nil // without AUTH in the greeting
	}
	return x, nil
}

func (x *sinkSession) AuthMechanisms() []string { return x.s.mechs }

func (x *sinkSession) Auth(mech string) (sasl.Server, error) {
	if err := x.strike(x.s.take(AtAuth, "")); err != nil {
		return nil, err
	}
	check := func(user, secret string) error {
		if !x.s.password(user, secret) {
			return smtp.ErrAuthFailed
		}
		x.mail.User = user
		return nil
	}
	switch mech {
	case "PLAIN":
		return sasl.NewPlainServer(func(_, user, pass string) error { return check(user, pass) }), nil
	case "LOGIN":
		return &loginServer{check: check}, nil
	case "XOAUTH2":
		return saslFunc(func(b []byte) ([]byte, bool, error) {
			if b == nil {
				return []byte{}, false, nil
			}
			user, rest, _ := strings.Cut(strings.TrimPrefix(string(b), "user="), "\x01auth=Bearer ")
			return nil, true, check(user, strings.TrimRight(rest, "\x01"))
		}), nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

type saslFunc func([]byte) ([]byte, bool, error)

func (f saslFunc) Next(b []byte) ([]byte, bool, error) { return f(b) }

type loginServer struct {
	check func(user, pass string) error
	user  *string
}

func (l *loginServer) Next(b []byte) ([]byte, bool, error) {
	switch {
	case b == nil:
		return []byte("Username:"), false, nil
	case l.user == nil:
		u := string(b)
		l.user = &u
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.user, string(b))
}

func (x *sinkSession) Mail(from string, _ *smtp.MailOptions) error {
	if x.s.password != nil && x.mail.User == "" {
		return smtp.ErrAuthRequired
	}
	x.mail.From = from
	return x.strike(x.s.take(AtMail, ""))
}

func (x *sinkSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := x.strike(x.s.take(AtRcpt, to)); err != nil {
		return err
	}
	x.mail.To = append(x.mail.To, to)
	return nil
}

func (x *sinkSession) Data(r io.Reader) error {
	var raw bytes.Buffer
	if f := x.s.take(InData, ""); f.Cut {
		io.CopyN(&raw, r, 64)
		return x.strike(f)
	}
	if _, err := raw.ReadFrom(r); err != nil {
		return err
	}
	f := x.s.take(AfterData, "")
	if f.Keep || !f.Cut && f.Code == 0 {
		x.keep(raw.Bytes())
	}
	return x.strike(f)
}

func (x *sinkSession) keep(raw []byte) {
	m := x.mail
	m.To, m.Raw = slices.Clone(m.To), raw
	x.s.mu.Lock()
	x.s.mails = append(x.s.mails, m)
	x.s.mu.Unlock()
	select {
	case x.s.got <- struct{}{}:
	default:
	}
}

func (x *sinkSession) Reset() { x.mail.From, x.mail.To = "", nil }

func (x *sinkSession) Logout() error { return nil }
