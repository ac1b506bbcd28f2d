package dottedline

import "time"

// Mailbox is one mail account that is read by IMAP and sent from by SMTP.
type Mailbox struct {
	ID      MailboxID
	Member  MemberID
	Address Address
	Aliases []Address // more addresses of ours that arrive here (sales@…)
}

// Thread is one conversation by mail.
type Thread struct {
	ID      ThreadID
	Deal    DealID // 0 while it belongs to none
	Subject string
}

// Mail is one mail as the timeline needs it; its bytes are kept beside it.
type Mail struct {
	ID        MailID
	Thread    ThreadID
	MessageID string // without <>; made up from the bytes where the mail has none
	At        time.Time
	Out       bool
	Kind      string // what kind of sender, as package mail classifies it
	Person    PersonID
	Subject   string
	Fresh     string // what was newly written
}

// OutgoingState is how far a mail of ours is.
type OutgoingState string

// The states of a mail of ours.
const (
	Waiting OutgoingState = "waiting" // can still be undone, or waits for the next try
	Sending OutgoingState = "sending" // handed to the server; the outcome is not known yet
	Sent    OutgoingState = "sent"
	Refused OutgoingState = "refused" // for good, by the server
	Unknown OutgoingState = "unknown" // may have gone out: looked up in Sent before anything else
	Undone  OutgoingState = "undone"
)

// Outgoing is one mail in the outbox.
type Outgoing struct {
	ID      OutgoingID
	Mailbox MailboxID
	Deal    DealID
	State   OutgoingState
	Due     time.Time // not before this
	Tries   int
	Error   string // the last, in plain words
}

// UndoFor is how long a send can be taken back.
const UndoFor = 10 * time.Second
