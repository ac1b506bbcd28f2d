// Package mailhost is what connections to mail servers share, whichever way the
// mail goes: whose certificates are trusted, and failures in plain words.
package mailhost

import (
	"crypto/tls"
	"crypto/x509"
	"sync"

	"dottedline"
)

var pools sync.Map // of mailboxes with an authority of their own, one for all connections: PEM to *x509.CertPool

// TLS trusts the system's authorities and, where one is given in PEM, the
// mailbox's own.
func TLS(host, authority string) (*tls.Config, error) {
	conf := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if authority == "" {
		return conf, nil
	}
	if p, ok := pools.Load(authority); ok {
		conf.RootCAs = p.(*x509.CertPool)
		return conf, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM([]byte(authority)) {
		return nil, dottedline.Wrong("It begins with -----BEGIN CERTIFICATE-----.", "The mailbox's own certificate can't be read.")
	}
	pools.Store(authority, pool)
	conf.RootCAs = pool
	return conf, nil
}
