// Package ical reads and writes calendars (RFC 5545) and invitations
// (RFC 5546): bytes to events, recurrences and zones, and from these the time
// that is busy and the slots that are free, failing closed.
package ical
