package imapsync

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/imapsync/imap"
	"dottedline/internal/mailhost"
)

const dialTimeout = 30 * time.Second

func (e *Engine) dial(ctx context.Context, a desk.Account) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	dial := e.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	conn, err := dial(ctx, "tcp", net.JoinHostPort(a.IMAP.Host, strconv.Itoa(a.IMAP.Port)))
	if err != nil || a.IMAP.TLS != "tls" {
		return conn, err
	}
	conf, err := mailhost.TLS(a.IMAP.Host, a.CA)
	if err != nil {
		conn.Close()
		return nil, err
	}
	tc := tls.Client(conn, conf)
	if err := tc.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return tc, nil
}

func (e *Engine) signIn(ctx context.Context, c *imap.Client, a desk.Account) error {
	switch a.IMAP.TLS {
	case "tls":
	case "starttls":
		conf, err := mailhost.TLS(a.IMAP.Host, a.CA)
		if err != nil {
			return err
		}
		if err := c.StartTLS(ctx, conf); err != nil {
			return fmt.Errorf("start TLS: %w", err)
		}
	default:
		if !c.Loopback() {
			return dottedline.Wrong("Choose TLS or STARTTLS.", "A password is not sent to %s without encryption.", a.IMAP.Host)
		}
	}
	if a.Auth == "xoauth2" {
		token, err := e.token(ctx, a)
		if err != nil {
			return fmt.Errorf("get access token: %w", err)
		}
		if err := c.LoginOAuth(ctx, a.User, token); err != nil {
			return err
		}
	} else if err := c.Login(ctx, a.User, a.Secret); err != nil {
		return err
	}
	var no *imap.Error
	if err := c.ID(ctx, "Dottedline", "1"); err != nil && !errors.As(err, &no) {
		return err
	}
	return nil
}
