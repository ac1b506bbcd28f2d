package imap

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Capabilities asks what the server can, unless it has said so by itself.
func (c *Client) Capabilities(ctx context.Context) error {
	if c.caps != nil {
		return nil
	}
	_, err := c.command(ctx, "CAPABILITY", nil)
	return err
}

func (c *Client) setCaps(words []string) {
	c.caps = map[string]bool{}
	for _, w := range words {
		c.caps[strings.ToUpper(w)] = true
	}
}

// Login signs in with a password: AUTHENTICATE PLAIN (RFC 4616) where offered,
// as it can carry any characters, LOGIN otherwise.
func (c *Client) Login(ctx context.Context, user, password string) error {
	if err := c.Capabilities(ctx); err != nil || c.preAuth {
		return err
	}
	if c.caps["AUTH=PLAIN"] {
		return c.authenticate(ctx, "PLAIN", []byte("\x00"+user+"\x00"+password))
	}
	if c.caps["LOGINDISABLED"] {
		return &Error{"LOGIN", "NO", "PRIVACYREQUIRED", "the server allows no password on this connection"}
	}
	c.caps = nil
	line, lits := "LOGIN ", []literal(nil)
	for i, s := range []string{user, password} {
		space := strings.Repeat(" ", 1-i)
		switch q, ok := quote(s); {
		case ok && len(lits) == 0:
			line += q + space
		case ok:
			lits[len(lits)-1].then += q + space
		default:
			lits = append(lits, literal{[]byte(s), space})
		}
	}
	return c.signIn(ctx, func() error { _, err := c.command(ctx, line, nil, lits...); return err })
}

// LoginOAuth signs in with an access token by XOAUTH2
// (developers.google.com/workspace/gmail/imap/xoauth2-protocol).
func (c *Client) LoginOAuth(ctx context.Context, user, token string) error {
	if err := c.Capabilities(ctx); err != nil || c.preAuth {
		return err
	}
	return c.authenticate(ctx, "XOAUTH2", []byte("user="+user+"\x01auth=Bearer "+token+"\x01\x01"))
}

// authenticate is AUTHENTICATE for mechanisms where the client speaks once
// (RFC 3501 section 6.2.2, RFC 4959). A further challenge is a refusal with
// its reason, and is answered with nothing.
func (c *Client) authenticate(ctx context.Context, mech string, first []byte) error {
	said := base64.StdEncoding.EncodeToString(first)
	line := "AUTHENTICATE " + mech
	if c.caps["SASL-IR"] {
		line, said = line+" "+said, ""
	}
	c.caps = nil
	return c.signIn(ctx, func() error {
		return c.during(ctx, func() error {
			tag, err := c.send(line, nil)
			if err != nil {
				return err
			}
			for {
				r, err := c.read()
				if err != nil {
					return err
				}
				switch r.Tag {
				case "+":
					if err := c.write([]byte(said + "\r\n")); err != nil {
						return err
					}
					said = ""
				case tag:
					c.untagged(r)
					if r.Name != "OK" {
						return asError(r, "AUTHENTICATE")
					}
					return nil
				default:
					c.other(r)
				}
			}
		})
	})
}

// signIn runs a sign-in and asks for the capabilities, which may differ now.
func (c *Client) signIn(ctx context.Context, f func() error) error {
	if err := f(); err != nil {
		return err
	}
	return c.Capabilities(ctx)
}

// Refused says whether err is the server's no to a name and password, and not
// a server out of order.
func Refused(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Command != "LOGIN" && e.Command != "AUTHENTICATE" {
		return false
	}
	switch e.Code {
	case "UNAVAILABLE", "SERVERBUG", "INUSE", "LIMIT", "CONTACTADMIN":
		return false
	}
	return true
}

// ID tells the server who we are (RFC 2971); some refuse clients that do not.
func (c *Client) ID(ctx context.Context, name, version string) error {
	if !c.caps["ID"] {
		return nil
	}
	n, _ := quote(name)
	v, _ := quote(version)
	_, err := c.command(ctx, fmt.Sprintf(`ID ("name" %s "version" %s)`, n, v), nil)
	return err
}

// Enable switches extensions on (RFC 5161) and says which the server accepted.
func (c *Client) Enable(ctx context.Context, names ...string) (map[string]bool, error) {
	on := map[string]bool{}
	if !c.caps["ENABLE"] {
		return on, nil
	}
	_, err := c.command(ctx, "ENABLE "+strings.Join(names, " "), func(r Response) bool {
		if r.Name != "ENABLED" {
			return false
		}
		for _, a := range r.Args {
			on[a.upper()] = true
		}
		return true
	})
	return on, err
}

// quote writes s as a quoted string; ok is false when only a literal can hold it.
func quote(s string) (q string, ok bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return "", false
		}
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`, true
}
