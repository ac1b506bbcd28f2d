// Package demo is a world to try Dottedline in: a mail server on loopback, and
// prospects who write, wait, answer and cool off over real SMTP and IMAP, in
// seconds instead of hours.
package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// The mailbox of whoever tries the demo.
const (
	Address  = "sam@dottedline.example.com"
	Name     = "Sam Field"
	Password = "demo"
)

// Server is an IMAP and an SMTP server in this process. What is sent to Address
// lands in its mailbox, everything else with the prospects.
type Server struct {
	IMAPAddr, SMTPAddr string

	user *imapmemserver.User
	out  func(to string, raw []byte)
	stop []func() error
}

// Listen starts both servers on free loopback ports; out gets the mails that
// leave for prospects.
func Listen(out func(to string, raw []byte)) (*Server, error) {
	s := &Server{user: imapmemserver.NewUser(Address, Password), out: out}
	for name, use := range map[string]imap.MailboxAttr{"INBOX": "", "Sent": imap.MailboxAttrSent, "Junk": imap.MailboxAttrJunk} {
		var opt imap.CreateOptions
		if use != "" {
			opt.SpecialUse = []imap.MailboxAttr{use}
		}
		if err := s.user.Create(name, &opt); err != nil {
			return nil, fmt.Errorf("demo mailbox: %w", err)
		}
	}
	quiet := log.New(io.Discard, "", 0)
	mem := imapmemserver.New()
	mem.AddUser(s.user)
	in := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapSpecialUse: {}, imap.CapUIDPlus: {}},
		InsecureAuth: true, Logger: quiet,
	})
	il, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("demo IMAP: %w", err)
	}
	sl, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		il.Close()
		return nil, fmt.Errorf("demo SMTP: %w", err)
	}
	submit := smtp.NewServer(s)
	submit.Domain, submit.AllowInsecureAuth, submit.ErrorLog = "localhost", true, quiet
	go in.Serve(il)
	go submit.Serve(sl)
	s.IMAPAddr, s.SMTPAddr = il.Addr().String(), sl.Addr().String()
	s.stop = []func() error{in.Close, submit.Close}
	return s, nil
}

// Close ends both servers.
func (s *Server) Close() {
	for _, f := range s.stop {
		f()
	}
}

// Put lays a mail into a folder, as it came at a time.
func (s *Server) Put(folder string, raw []byte, at time.Time) error {
	_, err := s.user.Append(folder, literal{bytes.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{Time: at})
	return err
}

type literal struct {
	io.Reader
	size int64
}

func (l literal) Size() int64 { return l.size }

// NewSession begins an SMTP session.
func (s *Server) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{s: s}, nil }

type session struct {
	s  *Server
	to []string
}

func (x *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (x *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != Address || password != Password {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (x *session) Mail(string, *smtp.MailOptions) error { return nil }

func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.to = append(x.to, strings.ToLower(to))
	return nil
}

func (x *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	for _, to := range x.to {
		if to == Address || to == Alias {
			if err := x.s.Put("INBOX", raw, time.Now()); err != nil {
				return err
			}
			continue
		}
		x.s.out(to, raw)
	}
	return nil
}

func (x *session) Reset()        { x.to = nil }
func (x *session) Logout() error { return nil }

// send hands a mail over by SMTP, as a prospect's own server would.
func (s *Server) send(_ context.Context, from, to string, raw []byte) error {
	c, err := smtp.Dial(s.SMTPAddr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SendMail(from, []string{to}, bytes.NewReader(raw)); err != nil {
		return err
	}
	return c.Quit()
}
