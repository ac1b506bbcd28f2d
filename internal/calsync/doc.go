// Package calsync keeps calendars at hand: it reads CalDAV collections and ICS
// addresses, writes meetings back only where nobody else has changed them, and
// says at any time what it has read and what failed.
package calsync
