package imap

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options of a connection; the zero value is usable.
type Options struct {
	// Odd is told of everything that no standard says: a shortened copy of the
	// line and what is wrong with it.
	Odd func(line, why string)
	// Timeout ends the connection when the server is silent for so long while
	// a command runs; 2 minutes when zero.
	Timeout time.Duration
	// MaxLiteral is the longest piece that is kept, in bytes; 64 MiB when zero.
	MaxLiteral int64
}

// Client is one connection. It is for one goroutine; only Close and Wake may
// be called from others.
type Client struct {
	conn    net.Conn
	opt     Options
	fr      framer
	prefix  string // of our tags; random, so that no mail can contain one
	n       int
	caps    map[string]bool
	preAuth bool
	bye     string
	leaving bool  // LOGOUT is said
	dead    error // set once the stream can't be trusted any more
	events  Events
	ctx     context.Context // of the running command

	mu      sync.Mutex // guards the two below
	waiting bool       // IDLE sits in a read that Wake may break off
	woken   bool
}

// Error is a command's NO or BAD.
type Error struct {
	Command string // its first word
	Status  string // NO or BAD
	Code    string // for instance AUTHENTICATIONFAILED
	Text    string // what the server says, for people
}

func (e *Error) Error() string {
	s := fmt.Sprintf("%s: %s %s", e.Command, e.Status, e.Text)
	if e.Code != "" {
		s += " [" + e.Code + "]"
	}
	return s
}

// ByeError is a connection that the server ended with a reason.
type ByeError struct {
	Text string
	Err  error
}

func (e *ByeError) Error() string { return fmt.Sprintf("server said goodbye: %s: %v", e.Text, e.Err) }

// Unwrap is the read error that followed.
func (e *ByeError) Unwrap() error { return e.Err }

// New takes over a connection and reads the greeting. The connection is closed
// when that fails.
func New(ctx context.Context, conn net.Conn, opt Options) (*Client, error) {
	if opt.Timeout == 0 {
		opt.Timeout = 2 * time.Minute
	}
	if opt.MaxLiteral == 0 {
		opt.MaxLiteral = 64 << 20
	}
	c := &Client{conn: conn, opt: opt, prefix: strings.ToLower(rand.Text()[:6])}
	c.fr = *newFramer(c, opt.MaxLiteral)
	if err := c.greet(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("read greeting: %w", err)
	}
	return c, nil
}

func newFramer(r io.Reader, maxLiteral int64) *framer {
	return &framer{br: bufio.NewReaderSize(r, 4096), max: maxLiteral}
}

func (c *Client) greet(ctx context.Context) error {
	return c.during(ctx, func() error {
		for range 50 { // lines of chatter before the greeting
			r, err := c.read()
			if err != nil {
				return err
			}
			c.untagged(r)
			switch r.Name {
			case "OK", "PREAUTH":
				c.preAuth = r.Name == "PREAUTH"
				return nil
			case "BYE", "NO", "BAD":
				return &ByeError{r.Text, io.EOF}
			}
		}
		return errors.New("not an IMAP server")
	})
}

// during runs f so that the end of ctx, or silence, breaks off its reads and
// writes. After an error of the stream the connection is dead.
func (c *Client) during(ctx context.Context, f func() error) error {
	if c.dead != nil {
		return c.dead
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	c.ctx = ctx
	stop := context.AfterFunc(ctx, func() { c.conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	err := f()
	var no *Error
	if err == nil || errors.As(err, &no) {
		return err
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	} else if c.bye != "" {
		err = &ByeError{c.bye, err}
	}
	c.dead = err
	c.conn.Close()
	return err
}

// Read implements io.Reader for the framer: each read may take Options.Timeout.
func (c *Client) Read(b []byte) (int, error) {
	c.mu.Lock()
	idle := c.waiting
	c.mu.Unlock()
	if !idle { // Idle has set its own deadline
		c.conn.SetReadDeadline(time.Now().Add(c.opt.Timeout))
	}
	if err := c.ctx.Err(); err != nil {
		return 0, err // the deadline that stopped us may just have been overwritten
	}
	return c.conn.Read(b)
}

func (c *Client) write(b []byte) error {
	c.conn.SetWriteDeadline(time.Now().Add(c.opt.Timeout))
	if err := c.ctx.Err(); err != nil {
		return err
	}
	_, err := c.conn.Write(b)
	return err
}

// read gives the next response, oddities reported.
func (c *Client) read() (Response, error) {
	for {
		parts, why, err := c.fr.next()
		if err != nil {
			return Response{}, err
		}
		first := parts[0].text
		r, odd := parse(parts)
		if why == "" {
			why = odd
		}
		if why != "" {
			c.odd(first, why)
		}
		if r.Tag == "" {
			continue
		}
		return r, nil
	}
}

func (c *Client) odd(line []byte, why string) {
	if c.opt.Odd != nil {
		const most = 200
		if len(line) > most {
			line = append(bytes.Clone(line[:most]), "…"...)
		}
		c.opt.Odd(strconv.QuoteToGraphic(string(line)), why)
	}
}

// command sends one line and reads until its result. Untagged responses that
// fn wants (it returns true) are its; the rest are for everybody. lits are put
// behind the line, one after the other, each with the text that follows it.
func (c *Client) command(ctx context.Context, line string, fn func(Response) bool, more ...literal) (Response, error) {
	var result Response
	err := c.during(ctx, func() error {
		tag, err := c.send(line, more)
		if err != nil {
			return err
		}
		result, err = c.result(tag, line, fn)
		return err
	})
	return result, err
}

// literal is data behind a command's line, and the text that follows it.
type literal struct {
	data []byte
	then string
}

func (c *Client) tag() string {
	c.n++
	return c.prefix + strconv.Itoa(c.n)
}

func (c *Client) send(line string, lits []literal) (tag string, err error) {
	tag = c.tag()
	line = tag + " " + line
	nonSync := c.caps["LITERAL+"]
	for _, l := range lits {
		plus := ""
		if nonSync || c.caps["LITERAL-"] && len(l.data) <= 4096 {
			plus = "+"
		}
		if err := c.write(fmt.Appendf(nil, "%s{%d%s}\r\n", line, len(l.data), plus)); err != nil {
			return "", err
		}
		if plus == "" {
			if err := c.goAhead(tag, line); err != nil {
				return "", err
			}
		}
		if err := c.write(l.data); err != nil {
			return "", err
		}
		line = l.then
	}
	return tag, c.write([]byte(line + "\r\n"))
}

// goAhead waits for "+"; a refusal of the command comes instead of it.
func (c *Client) goAhead(tag, line string) error {
	for {
		r, err := c.read()
		if err != nil {
			return err
		}
		switch r.Tag {
		case "+":
			return nil
		case tag:
			return asError(r, line)
		}
		c.other(r)
	}
}

// result reads until the command's result and passes on what comes before it.
func (c *Client) result(tag, line string, fn func(Response) bool) (Response, error) {
	for {
		r, err := c.read()
		if err != nil {
			return r, err
		}
		switch {
		case r.Tag == tag:
			c.untagged(r) // for the code in it
			if r.Name == "OK" {
				return r, nil
			}
			return r, asError(r, line)
		case r.Tag == "*" && fn != nil && fn(r):
		default:
			c.other(r)
		}
	}
}

// other takes a response that is not the one a command waits for.
func (c *Client) other(r Response) {
	switch {
	case r.Tag == "*":
		c.untagged(r)
	case r.Tag == "+":
		c.odd([]byte("+ "+r.Text), "continuation that nobody asked for")
	case isStatus(r.Name):
		c.odd([]byte(r.Tag+" "+r.Name+" "+r.Text), "result of no command of ours")
	}
}

func asError(r Response, line string) error {
	word, _, _ := strings.Cut(strings.TrimPrefix(line, r.Tag+" "), " ")
	if r.Name != "NO" && r.Name != "BAD" {
		return &Error{word, "BAD", r.Code, "the server answered " + strconv.Quote(r.Name)}
	}
	return &Error{word, r.Name, r.Code, r.Text}
}

// Has says whether the server named a capability, for instance "IDLE".
func (c *Client) Has(capability string) bool { return c.caps[capability] }

// Noop asks the server for news; they are in Events afterwards.
func (c *Client) Noop(ctx context.Context) error {
	_, err := c.command(ctx, "NOOP", nil)
	return err
}

// Logout says goodbye and closes the connection.
func (c *Client) Logout(ctx context.Context) error {
	c.leaving = true
	_, err := c.command(ctx, "LOGOUT", nil)
	if cerr := c.Close(); err == nil {
		err = cerr
	}
	return err
}

// Close ends the connection at once; a running command fails.
func (c *Client) Close() error { return c.conn.Close() }

// StartTLS encrypts the connection (RFC 3501 section 6.2.1). What the server
// said before is forgotten; plain text behind its OK is an attack.
func (c *Client) StartTLS(ctx context.Context, conf *tls.Config) error {
	if _, err := c.command(ctx, "STARTTLS", nil); err != nil {
		return err
	}
	return c.during(ctx, func() error {
		if c.fr.br.Buffered() > 0 {
			return errors.New("plain text behind STARTTLS")
		}
		conn := tls.Client(c.conn, conf)
		hctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
		defer cancel()
		if err := conn.HandshakeContext(hctx); err != nil {
			return err
		}
		c.conn, c.caps = conn, nil
		return nil
	})
}

// Loopback says whether the server is on this machine.
func (c *Client) Loopback() bool {
	a, ok := c.conn.RemoteAddr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}
