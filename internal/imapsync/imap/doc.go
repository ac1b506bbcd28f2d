// Package imap is a small IMAP4rev1 client (RFC 3501) that forgives: what a
// server says outside the standard is reported and skipped, and never ends
// the connection while the next line can still be found.
package imap
