package smtpsend

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"dottedline/internal/desk"
	"dottedline/internal/mailhost"
)

// Outcome is how an attempt to send ended.
type Outcome string

// The outcomes. Only Unknown leaves open whether the mail went out.
const (
	Accepted Outcome = "accepted" // the server has taken it for all recipients
	Refused  Outcome = "refused"  // for good; nobody gets it
	Later    Outcome = "later"    // nobody got it; the same may work another time
	Unknown  Outcome = "unknown"  // the connection broke after the final dot went out, before the answer came
)

// Result is an outcome with what there is to say about it.
type Result struct {
	Outcome Outcome
	Reply   string // the server's own words
	Text    string // one plain sentence, empty when accepted
}

// Sender sends mail and keeps connections for the next one. The zero Sender
// works; it is for many goroutines.
type Sender struct {
	// Dial opens connections; net.Dialer's when nil.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Token gives the access token of a mailbox that signs in by XOAUTH2; its
	// stored secret when nil.
	Token func(ctx context.Context, a desk.Account) (string, error)

	kept kept
}

// Close ends the connections that are kept.
func (s *Sender) Close() { s.kept.closeAll() }

// Send hands one mail to the mailbox's server. All recipients get it or none:
// a refused one stops the mail before its content is sent. It never tries
// twice. The end of ctx breaks it off.
func (s *Sender) Send(ctx context.Context, a desk.Account, from string, rcpts []string, raw []byte) Result {
	c, err := s.connect(ctx, a)
	if err != nil {
		return Result{Later, reply(err), words(err)}
	}
	stop := context.AfterFunc(ctx, func() { c.Close() })
	r := send(c, from, rcpts, raw)
	if !stop() || r.Outcome == Unknown {
		c.Close()
	} else {
		s.kept.put(a, c)
	}
	return r
}

// send is one transaction (RFC 5321 section 3.3).
func send(c *smtp.Client, from string, rcpts []string, raw []byte) Result {
	opts := &smtp.MailOptions{Size: int64(len(raw)), UTF8: !ascii(from) || !ascii(rcpts...)}
	if ok, _ := c.Extension("SMTPUTF8"); opts.UTF8 && !ok {
		return Result{Refused, "", "This server can't send to addresses with letters outside ASCII."}
	}
	if err := c.Mail(from, opts); err != nil {
		return before(c, err, "The server does not send mail from "+from)
	}
	for _, to := range rcpts {
		if err := c.Rcpt(to, nil); err != nil {
			return before(c, err, "The server does not send to "+to)
		}
	}
	data, err := c.Data()
	if err != nil {
		return before(c, err, "The server does not take the mail")
	}
	// Without its final dot a server must not deliver a mail (RFC 5321 section
	// 4.1.1.4). Close writes the dot, so it is not called after a failed write.
	if _, err := bytes.NewReader(raw).WriteTo(data); err != nil {
		c.Close()
		return Result{Later, "", words(err)}
	}
	resp, err := data.CloseWithResponse()
	var no *smtp.SMTPError
	switch {
	case err == nil:
		return Result{Outcome: Accepted, Reply: resp.StatusText}
	case errors.As(err, &no) && no.Code/100 == 4:
		return Result{Later, no.Message, "The server can't take the mail now" + mailhost.Quoted(no.Message)}
	case errors.As(err, &no) && no.Code/100 == 5:
		return Result{Refused, no.Message, "The server does not take the mail" + mailhost.Quoted(no.Message)}
	}
	return Result{Unknown, reply(err), "The connection broke off before the server's answer came."}
}

// before is the outcome of an error while nothing of the content has gone out.
func before(c *smtp.Client, err error, what string) Result {
	var no *smtp.SMTPError
	if !errors.As(err, &no) {
		c.Close()
		return Result{Later, "", words(err)}
	}
	if rerr := c.Reset(); rerr != nil { // the next mail shall begin from the start
		c.Close()
	}
	if no.Temporary() {
		return Result{Later, no.Message, what + " now" + mailhost.Quoted(no.Message)}
	}
	return Result{Refused, no.Message, what + mailhost.Quoted(no.Message)}
}

func ascii(ss ...string) bool {
	return !strings.ContainsFunc(strings.Join(ss, ""), func(r rune) bool { return r >= 0x80 })
}

func addr(s desk.Server) string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Try signs in once, to check settings before they are kept.
func (s *Sender) Try(ctx context.Context, a desk.Account) error {
	c, err := s.dial(ctx, a)
	if err != nil {
		return asProblem(err)
	}
	if c.Quit() != nil { // it has signed in
		c.Close()
	}
	return nil
}

const (
	connectFor = 45 * time.Second // dialling, TLS and sign-in
	commandFor = 30 * time.Second // each answer before the content
	contentFor = 90 * time.Second // the content's answer
)
