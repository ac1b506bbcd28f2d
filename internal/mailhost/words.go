package mailhost

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"dottedline"
)

// The sentences that more than one failure leads to.
const (
	WrongPassword = "The server does not accept this name and password"
	AppPassword   = "Many providers want an app password here instead of the usual one."
)

// Words says why a connection failed, in one plain sentence.
func Words(err error) string {
	var p *dottedline.Problem
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var notTLS tls.RecordHeaderError
	var ne net.Error
	switch {
	case errors.As(err, &p):
		return p.Text
	case errors.As(err, &dns):
		return "There is no server called " + dns.Name + "."
	case errors.As(err, &host):
		return "The server's certificate is for another name, not for " + host.Host + "."
	case errors.As(err, &unknown):
		return "The server's certificate comes from an authority that is not known here."
	case errors.As(err, &invalid):
		return "The server's certificate is not valid: " + invalid.Error() + "."
	case errors.As(err, &notTLS):
		return "The server does not speak TLS on this port."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Nothing answers at this server and port."
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &ne) && ne.Timeout():
		return "The server does not answer in time."
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed):
		return "The connection broke off."
	}
	return "Something is wrong with the connection: " + err.Error() + "."
}

// Hint says what to do about it.
func Hint(err error) string {
	var unknown x509.UnknownAuthorityError
	var notTLS tls.RecordHeaderError
	switch {
	case errors.As(err, &notTLS):
		return "Choose STARTTLS, or another port."
	case errors.As(err, &unknown):
		return "If the server is your own, paste its authority's certificate."
	}
	return "Look at the server's name and port."
}

// Quoted ends a sentence with what the server itself said, if it did.
func Quoted(s string) string {
	if s = strings.TrimSpace(s); s == "" {
		return "."
	}
	return ": “" + s + "”."
}
