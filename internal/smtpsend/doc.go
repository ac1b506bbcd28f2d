// Package smtpsend hands mail to the sender's own server, once, and says
// exactly how that ended; its outbox sends what the desk has ready and never
// sends again what may have gone out.
package smtpsend
