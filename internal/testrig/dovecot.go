package testrig

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/emersion/go-smtp"
)

// DovecotServer is a private Dovecot. Any user signs in with the password
// "secret"; anna@example.com and anna are the same mailbox.
type DovecotServer struct {
	IMAPAddr       string // STARTTLS offered
	IMAPSAddr      string // implicit TLS
	LMTPAddr       string
	SubmissionAddr string // STARTTLS demanded before sign-in unless from loopback; relays to RelayTo
	CertPool       *x509.CertPool
	CertPEM        string // the same, for settings that take an authority as text
	Dir            string // mail lies in Dir/mail/<user>/Maildir

	srv  *server
	conf string
}

// DovecotOption changes how Dovecot is set up.
type DovecotOption func(*dovecotConf)

// RelayTo lets the submission service pass mail on to addr, a Sink's.
func RelayTo(addr string) DovecotOption { return func(c *dovecotConf) { c.RelayAddr = addr } }

// OAuthUsers lets users sign in by XOAUTH2; whose token it is says user.
func OAuthUsers(t testing.TB, user func(token string) (name string, ok bool)) DovecotOption {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := user(r.FormValue("token"))
		json.NewEncoder(w).Encode(map[string]any{"active": ok, "username": name})
	}))
	t.Cleanup(srv.Close)
	return func(c *dovecotConf) { c.OAuthURL = srv.URL }
}

// Dovecot starts a private IMAP, LMTP and submission server.
//
// After a failed sign-in Dovecot delays the next ones from the same address
// by 2 to 15 s: dial tests of bad passwords from 127.0.0.2 or so.
func Dovecot(t testing.TB, opts ...DovecotOption) *DovecotServer {
	t.Helper()
	dir := testDir(t)
	d := &DovecotServer{Dir: dir, conf: filepath.Join(dir, "dovecot.conf"), CertPool: x509.NewCertPool()}
	c := dovecotConf{Dir: dir, RelayAddr: "127.0.0.1:1"}
	for _, o := range opts {
		o(&c)
	}
	if err := d.files(&c); err != nil {
		t.Fatalf("set up Dovecot: %v", err)
	}
	err := onFreePorts(4, func(p []int) error {
		c.IMAP, c.IMAPS, c.LMTP, c.Submission = p[0], p[1], p[2], p[3]
		var conf bytes.Buffer
		if err := dovecotTemplate.Execute(&conf, &c); err != nil {
			return err
		}
		if err := os.WriteFile(d.conf, conf.Bytes(), 0o644); err != nil {
			return err
		}
		d.IMAPAddr, d.IMAPSAddr, d.LMTPAddr, d.SubmissionAddr = loopback(p[0]), loopback(p[1]), loopback(p[2]), loopback(p[3])
		return d.Start()
	})
	if err != nil {
		t.Fatalf("start Dovecot: %v", err)
	}
	t.Cleanup(d.Stop)
	return d
}

// Start starts Dovecot again after Stop, on the same ports and mail.
func (d *DovecotServer) Start() error {
	srv, err := start(d.Dir, "dovecot", "-F", "-c", d.conf)
	if err != nil {
		return err
	}
	for _, addr := range []string{d.IMAPAddr, d.LMTPAddr, d.SubmissionAddr} {
		if err := srv.ready(dials(addr)); err != nil {
			log, _ := os.ReadFile(filepath.Join(d.Dir, "log", "dovecot.log"))
			srv.stop()
			return fmt.Errorf("%w %s", err, log)
		}
	}
	d.srv = srv
	return nil
}

// Stop ends Dovecot and all its connections; it does nothing when stopped.
func (d *DovecotServer) Stop() {
	if d.srv != nil {
		d.srv.stop()
		d.srv = nil
	}
}

// Deliver puts a message into user's mailbox over LMTP, as incoming mail comes.
func (d *DovecotServer) Deliver(user string, raw []byte) error {
	nc, err := net.Dial("tcp", d.LMTPAddr)
	if err != nil {
		return fmt.Errorf("deliver mail: %w", err)
	}
	c := smtp.NewClientLMTP(nc)
	defer c.Close()
	if err := c.SendMail("outside@example.com", []string{user}, bytes.NewReader(raw)); err != nil {
		return fmt.Errorf("deliver mail to %s: %w", user, err)
	}
	return c.Quit()
}

// TLS is a client configuration that trusts this server.
func (d *DovecotServer) TLS() *tls.Config {
	return &tls.Config{RootCAs: d.CertPool, ServerName: "localhost"}
}

// Log is what Dovecot has written so far.
func (d *DovecotServer) Log() string {
	b, _ := os.ReadFile(filepath.Join(d.Dir, "log", "dovecot.log"))
	return string(b)
}

func (d *DovecotServer) files(c *dovecotConf) error {
	var err error
	if c.User, c.Group, _, err = runAs(); err != nil {
		return err
	}
	for _, sub := range []string{"run", "state", "mail", "log"} {
		p := filepath.Join(d.Dir, sub)
		if err := os.Mkdir(p, 0o755); err != nil {
			return err
		}
		if err := own(p); err != nil {
			return err
		}
	}
	certPEM, keyPEM, err := newCertificate()
	if err != nil {
		return err
	}
	d.CertPool.AppendCertsFromPEM(certPEM)
	d.CertPEM = string(certPEM)
	if c.OAuthURL != "" {
		oauth := fmt.Sprintf("introspection_mode = post\nintrospection_url = %s\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n", c.OAuthURL)
		if err := d.write("oauth2.conf", []byte(oauth)); err != nil {
			return err
		}
	}
	if err := d.write("cert.pem", certPEM); err != nil {
		return err
	}
	return d.write("key.pem", keyPEM)
}

func (d *DovecotServer) write(name string, b []byte) error {
	p := filepath.Join(d.Dir, name)
	if err := os.WriteFile(p, b, 0o600); err != nil {
		return err
	}
	return own(p)
}
