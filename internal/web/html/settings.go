package html

import "strconv"

// MailSettings says what was read, when, and what went wrong.
type MailSettings struct {
	Shell
	Boxes   []Mailbox
	Ask     string // what was asked about: a Message-ID or a sender
	Answers []Why
}

// Mailbox is one connected account.
type Mailbox struct {
	ID, Address, Servers string
	State                string // "In step, listening." or what it does now
	Problem              *Problem
	Percent              int // of the history read; 100 when all of it is
	Progress             string
	Folders              []Folder
	Odd                  []Odd
}

// Folder is one folder of a mailbox.
type Folder struct {
	Name, Synced, Count string
	Problem             string
}

// Odd is an answer of a server that no standard knows; it was skipped.
type Odd struct {
	When, Said string
}

// Why answers "why is this message not here?".
type Why struct {
	Text, Note, Href string
}

// MailForm connects a mailbox. With Guessed unset it only asks for the address.
type MailForm struct {
	Shell
	Guessed                bool
	Problem                *Problem
	Address, Name          string
	Help                   *MailHelp
	User                   string
	IMAPHost, IMAPPort     string
	SMTPHost, SMTPPort     string
	IMAPSafety, SMTPSafety []Choice
	ID                     string // of an account that is changed; empty for a new one
}

// MailHelp is what one needs to know about a provider.
type MailHelp struct {
	Title     string
	Steps     []string
	Href      string
	HrefLabel string
}

func (f MailForm) action() string {
	if f.ID == "" {
		return "/settings/mail/new"
	}
	return "/settings/mail/" + f.ID
}

// HoursSettings is when the member works; reply times count in these hours.
type HoursSettings struct {
	Shell
	Zone     string
	Zones    []string
	Days     []WorkDay
	Holidays string // one date a line
	Problem  *Problem
}

// WorkDay is one day of the week.
type WorkDay struct {
	Key, Name, From, To string
	On                  bool
}

// ReplySettings are the templates that prepared answers come from.
type ReplySettings struct {
	Shell
	Templates []ReplyTemplate
	Fields    []Field
	Problem   *Problem
}

// ReplyTemplate is one of them; ID is empty for the form of a new one.
type ReplyTemplate struct {
	ID, Name, Text string
	When           []Choice
	Shipped        bool
}

// Field is a merge field and what it becomes.
type Field struct {
	Name, What string
}

// MembersSettings are those who share the workspace.
type MembersSettings struct {
	Shell
	Members []WorkspaceMember
	Owner   bool   // the one who looks may invite
	Invite  string // a one-time link that was just made
	Problem *Problem
}

// WorkspaceMember is one of them.
type WorkspaceMember struct {
	Name, Email, Role, Note string
}

// ProfileSettings are the member's own.
type ProfileSettings struct {
	Shell
	Name, Email, Signature, Currency string
	Sessions                         []Session
	Problem                          *Problem
}

// Session is one browser that is signed in.
type Session struct {
	ID, What, When string
	This           bool
}

func (s Session) said() string {
	if s.This {
		return s.What + ", this one"
	}
	return s.What
}

var settingsTabs = []struct{ page, name, href string }{
	{"mail", "Mail", "/settings/mail"},
	{"hours", "Hours", "/settings/hours"},
	{"replies", "Replies", "/settings/replies"},
	{"members", "Members", "/settings/members"},
	{"profile", "You", "/settings/profile"},
}

func percent(n int) string { return strconv.Itoa(n) }
