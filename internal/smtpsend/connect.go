package smtpsend

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/mailhost"
)

// connect takes a kept connection that still answers, or makes a new one.
func (s *Sender) connect(ctx context.Context, a desk.Account) (*smtp.Client, error) {
	for c := s.kept.take(a); c != nil; c = s.kept.take(a) {
		c.CommandTimeout = commandFor / 3
		if err := c.Reset(); err == nil {
			c.CommandTimeout = commandFor
			return c, nil
		}
		c.Close()
	}
	return s.dial(ctx, a)
}

func (s *Sender) dial(ctx context.Context, a desk.Account) (*smtp.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, connectFor)
	defer cancel()
	dial := s.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	conn, err := dial(ctx, "tcp", addr(a.SMTP))
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	c, err := s.signIn(ctx, conn, a)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	c.CommandTimeout, c.SubmissionTimeout = commandFor, contentFor
	return c, nil
}

func (s *Sender) signIn(ctx context.Context, conn net.Conn, a desk.Account) (*smtp.Client, error) {
	conf, err := mailhost.TLS(a.SMTP.Host, a.CA)
	if err != nil {
		return nil, err
	}
	var c *smtp.Client
	switch a.SMTP.TLS {
	case "tls":
		tc := tls.Client(conn, conf)
		if err := tc.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		c = smtp.NewClient(tc)
	case "starttls":
		if c, err = smtp.NewClientStartTLS(conn, conf); err != nil {
			return nil, fmt.Errorf("start TLS: %w", err)
		}
	default:
		if tcp, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
			return nil, dottedline.Wrong("Choose TLS or STARTTLS.", "A password is not sent to %s without encryption.", a.SMTP.Host)
		}
		c = smtp.NewClient(conn)
	}
	c.CommandTimeout = commandFor
	if err := c.Hello(helloName); err != nil {
		return nil, err
	}
	auth, err := s.mechanism(ctx, c, a)
	if err != nil || auth == nil {
		return c, err
	}
	if err := c.Auth(auth); err != nil {
		return nil, &authError{err}
	}
	return c, nil
}

// helloName is what we call ourselves: the name of the machine is nobody's
// business, and submission servers don't look at it.
const helloName = "[127.0.0.1]"

// authError is a refused sign-in: the mailbox's settings are wrong, not the mail.
type authError struct{ err error }

func (e *authError) Error() string { return "sign in: " + e.err.Error() }
func (e *authError) Unwrap() error { return e.err }

// mechanism is how to sign in; nil with a server that asks for no sign-in, as
// one on the same machine may.
func (s *Sender) mechanism(ctx context.Context, c *smtp.Client, a desk.Account) (sasl.Client, error) {
	if asks, _ := c.Extension("AUTH"); !asks {
		return nil, nil
	}
	if a.Auth == "xoauth2" {
		token := a.Secret
		if s.Token != nil {
			var err error
			if token, err = s.Token(ctx, a); err != nil {
				return nil, fmt.Errorf("get access token: %w", err)
			}
		}
		return xoauth2{a.User, token}, nil
	}
	if !c.SupportsAuth("PLAIN") && c.SupportsAuth("LOGIN") {
		return sasl.NewLoginClient(a.User, a.Secret), nil
	}
	return sasl.NewPlainClient("", a.User, a.Secret), nil
}

// xoauth2 signs in with an access token
// (developers.google.com/workspace/gmail/imap/xoauth2-protocol).
type xoauth2 struct{ user, token string }

func (x xoauth2) Start() (mech string, first []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next answers the reason of a refusal with nothing, as it demands.
func (x xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }
