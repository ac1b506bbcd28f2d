// Package imapsync keeps any number of mailboxes in step: it waits with IDLE,
// hands new mail to the desk at once, reads the history newest first, and says
// what it does and what goes wrong.
package imapsync
