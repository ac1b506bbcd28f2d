package smtpsend

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"syscall"

	"github.com/emersion/go-smtp"

	"dottedline"
)

// words says an error as one plain sentence.
func words(err error, host string) string {
	var p *dottedline.Problem
	var auth *authError
	var no *smtp.SMTPError
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var notTLS tls.RecordHeaderError
	var ne net.Error
	switch {
	case errors.As(err, &p):
		return p.Text
	case errors.As(err, &auth) && errors.As(err, &no):
		return "The server does not accept this name and password" + quoted(no.Message)
	case errors.As(err, &no):
		return "The server says" + quoted(no.Message)
	case errors.As(err, &dns):
		return "There is no server called " + dns.Name + "."
	case errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &invalid):
		return "The certificate of " + host + " is not to be trusted: " + err.Error() + "."
	case errors.As(err, &notTLS):
		return "The server does not speak TLS on this port."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Nothing answers at this server and port."
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &ne) && ne.Timeout():
		return "The server does not answer in time."
	}
	return "The connection broke off."
}

// reply is what the server itself said, if it did.
func reply(err error) string {
	var no *smtp.SMTPError
	if errors.As(err, &no) {
		return no.Message
	}
	return ""
}

func quoted(s string) string {
	if s = strings.TrimSpace(s); s == "" {
		return "."
	}
	return ": “" + s + "”."
}

func asProblem(err error, host string) error {
	var p *dottedline.Problem
	if errors.As(err, &p) {
		return p
	}
	hint := "Look at the server's name and port."
	var auth *authError
	if errors.As(err, &auth) {
		hint = "Many providers want an app password here instead of the usual one."
	}
	return dottedline.Wrong(hint, "%s", words(err, host))
}
