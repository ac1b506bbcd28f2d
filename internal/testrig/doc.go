// Package testrig starts the real servers that tests talk to (Dovecot,
// PostgreSQL, Radicale, Xandikos, Chromium, an SMTP sink, a push service) on free loopback
// ports, and ends them with the test process however it dies.
package testrig
