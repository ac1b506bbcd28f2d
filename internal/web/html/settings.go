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
	Odd                  []string // answers of the server that no standard knows; they were skipped
	Aliases              []Alias
	Kinds                []Choice // of deals that an alias may make by itself
}

// Alias is an address that is ours too; Kind says what deals it makes.
type Alias struct {
	Address, Kind string
}

// Folder is one folder of a mailbox.
type Folder struct {
	Name, Synced, Count string
	Problem             string
}

// Why answers "why is this message not here?".
type Why struct {
	Text, Note, Href string
}

// MailForm connects a mailbox. With Guessed unset it only asks for the address.
type MailForm struct {
	Shell
	Guessed        bool
	Problem        *Problem
	Address, User  string
	Auth           []Choice
	Help           *MailHelp
	IMAP, SMTP     Server
	Folders, Makes string // further folders to read, and those that make deals
	ID             string // of an account that is changed; empty for a new one
}

// Server is how one server is reached; Safety how the connection is encrypted.
type Server struct {
	Host, Port string
	Safety     []Choice
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
	Shipped   []ReplyTemplate // to read and copy from
	Fields    []Field
	Problem   *Problem
}

// ReplyTemplate is one of them; ID is empty for the form of a new one.
type ReplyTemplate struct {
	ID, Name, Text string
	When           []Choice
	WhenName       string // of a shipped one
}

// Field is a merge field and what it becomes.
type Field struct {
	Name, What string
}

// MembersSettings are those who share the workspace.
type MembersSettings struct {
	Shell
	Members []WorkspaceMember
	Owner   bool   // the one who looks may invite and remove
	Invite  string // a one-time link that was just made
	Problem *Problem

	Team, Currency, Unvalued, Minute string // of the workspace
}

// WorkspaceMember is one of them.
type WorkspaceMember struct {
	ID, Name, Email, Role string
	Me                    bool
}

// ProfileSettings are the member's own.
type ProfileSettings struct {
	Shell
	Name, Email string
	Keys        []Key
	NewKey      string // shown once
	Problem     *Problem
}

// Key is one API key; its secret is not kept.
type Key struct{ ID, Name, Made string }

var settingsTabs = [][]struct{ page, name string }{
	{{"mail", "Mail"}, {"calendar", "Calendar"}, {"hours", "Hours"}},
	{{"replies", "Replies"}, {"gifts", "Gifts"}, {"drafts", "Drafts"}},
	{{"papers", "Agreements"}, {"closing", "Closing"}},
	{{"notices", "Notices"}, {"webhooks", "Webhooks"}, {"jobs", "Jobs"}},
	{{"members", "Members"}, {"profile", "You"}},
}

func percent(n int) string { return strconv.Itoa(n) }
