// Package mail turns the bytes of any mail, however broken, into a Message:
// who, when, thread, text, what was newly written, and whether a person or a
// machine sent it. It also composes replies.
package mail
