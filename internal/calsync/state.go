package calsync

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"

	"dottedline/ical"
)

// State is what is known of the reading of one calendar. It is stored, shown
// to the member, and decides whether free time may be offered.
type State struct {
	Tried    time.Time // when it was last tried, zero: never
	Read     time.Time // when it was last read whole, zero: never
	Whole    time.Time // when everything was last compared without trusting a token
	Error    string    // why the last try failed, in plain words; "" when it did not
	Failures int       // tries in a row that failed
	Next     time.Time // when it is tried again
}

// Stale says whether the calendar was not read within maxAge.
func (s State) Stale(now time.Time, maxAge time.Duration) bool {
	return s.Read.IsZero() || now.Sub(s.Read) > maxAge
}

// Source begins the source of free time for this calendar: it is closed while
// the last try has failed or the last success is older than maxAge. The caller
// adds the objects that are kept.
func (s State) Source(name string, maxAge time.Duration) ical.Source {
	return ical.Source{Name: name, Read: s.Read, MaxAge: maxAge, Failed: s.Error}
}

// after gives the state after a try. r is uniform in [0, 1).
func (s State) after(now time.Time, err error, every time.Duration, r float64) State {
	s.Tried = now
	if err == nil {
		s.Read, s.Error, s.Failures = now, "", 0
		// A little early or late, so that many calendars do not ask at once.
		s.Next = now.Add(every + time.Duration((r-0.5)*0.2*float64(every)))
		return s
	}
	s.Failures++
	s.Error = Plain(err)
	wait := backOff(s.Failures, r)
	var status *StatusError
	if errors.As(err, &status) {
		wait = max(wait, min(status.RetryAfter, longest))
	}
	s.Next = now.Add(wait)
	return s
}

const (
	shortest = 15 * time.Second
	longest  = time.Hour
)

// backOff doubles from 15 seconds to an hour; half of it is chance.
func backOff(failures int, r float64) time.Duration {
	d := longest
	if failures < 9 {
		d = min(longest, shortest<<max(0, failures-1))
	}
	return d/2 + time.Duration(r*float64(d/2))
}

// Plain says in plain words why a calendar could not be read or written.
func Plain(err error) string {
	var status *StatusError
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.Is(err, ErrPrivate):
		return "The address lies in a private network. Whoever runs this server can allow that."
	case errors.Is(err, ErrConflict):
		return "The meeting was changed in the calendar in the meantime."
	case errors.Is(err, ErrNoCalendars):
		return "No calendar was found at this address."
	case errors.Is(err, errPlain):
		return "The address must begin with https, or the password could be read on the way."
	case errors.Is(err, errElsewhere):
		return "The calendar server sends us to another site, and the password is not taken there."
	case errors.Is(err, errRedirects):
		return "The calendar server sends us around in circles."
	case errors.Is(err, errTooLarge), errors.Is(err, ical.ErrTooLarge):
		return "The calendar is too large to be read."
	case errors.As(err, &status):
		return plainStatus(status.Code)
	case errors.Is(err, context.DeadlineExceeded):
		return "The calendar server did not answer in time."
	case errors.As(err, &unknown), errors.As(err, &host), errors.As(err, &invalid):
		return "The certificate of the calendar server is not to be trusted."
	case errors.As(err, &dns):
		return fmt.Sprintf("The address %s cannot be found.", dns.Name)
	}
	var op *net.OpError
	if errors.As(err, &op) {
		if op.Timeout() {
			return "The calendar server did not answer in time."
		}
		return "The calendar server cannot be reached."
	}
	return "The calendar server gave an answer that cannot be understood."
}

func plainStatus(code int) string {
	switch {
	case code == 401:
		return "The calendar server refuses the name or the password."
	case code == 403:
		return "The calendar server does not allow this."
	case code == 404 || code == 410:
		return "The calendar is not there any more."
	case code == 429:
		return "The calendar server asks us to slow down."
	case code >= 500:
		return fmt.Sprintf("The calendar server has a problem of its own (%d).", code)
	}
	return fmt.Sprintf("The calendar server refuses to answer (%d).", code)
}
