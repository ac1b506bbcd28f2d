package imapsync

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/imapsync/imap"
	"dottedline/mail"
)

// Finding is one message on the server that answers "why is this message not
// here?", or, without a Folder, the answer that there is none.
type Finding struct {
	Folder  string
	From    string
	Subject string
	At      time.Time
	Here    bool   // it was handed over: search will find it
	Text    string // one or two sentences
}

const (
	whyFolders = 200 // looked at, at most
	whyHits    = 5   // shown per folder, newest
)

// Why looks for a message on the server, by its Message-ID or its sender, in
// all folders, and says of each that it finds why it is here or not.
func (e *Engine) Why(ctx context.Context, ws dottedline.WorkspaceID, id dottedline.MailboxID, question string) ([]Finding, error) {
	question = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(question), "Message-ID:"))
	if question == "" {
		return nil, dottedline.Wrong("Like maya@example.com, or <abc@example.com>.", "Write a sender or a Message-ID.")
	}
	a, err := e.account(ctx, ws, id)
	if err != nil {
		return nil, err
	}
	w := why{e: e, a: a, question: question}
	if err := e.visit(ctx, a, func(c *imap.Client) error { return w.look(ctx, c) }); err != nil {
		return nil, dottedline.Wrong(hint(err), "%s", words(err))
	}
	if len(w.found) == 0 {
		return []Finding{{Text: fmt.Sprintf("The server has no such message in any of the %d folders. It was deleted, or never arrived there.", w.folders)}}, nil
	}
	return w.found, nil
}

func (e *Engine) account(ctx context.Context, ws dottedline.WorkspaceID, id dottedline.MailboxID) (desk.Account, error) {
	all, err := e.Desk.Accounts(ctx)
	if err != nil {
		return desk.Account{}, err
	}
	i := slices.IndexFunc(all, func(a desk.Account) bool { return a.Workspace == ws && a.ID == id })
	if i < 0 {
		return desk.Account{}, dottedline.Missing("mailbox")
	}
	return all[i], nil
}

type why struct {
	e        *Engine
	a        desk.Account
	question string
	folders  int
	found    []Finding
}

func (w *why) look(ctx context.Context, c *imap.Client) error {
	all, err := c.Folders(ctx)
	if err != nil {
		return err
	}
	sent, _ := imap.SentFolder(all)
	junk, _ := imap.JunkFolder(all)
	for _, f := range all {
		if !f.Selectable() || w.folders == whyFolders {
			continue
		}
		box, err := c.Examine(ctx, f.Wire, nil)
		if isNo(err) {
			continue
		} else if err != nil {
			return err
		}
		w.folders++
		uids, err := c.Search(ctx, w.criteria())
		if err != nil {
			return err
		}
		if len(uids) == 0 {
			continue
		}
		watched := f.Name == "INBOX" || f.Wire == sent.Wire || slices.Contains(w.a.Folders, f.Name)
		state, err := w.e.Desk.FolderState(ctx, w.a.Workspace, w.a.ID, f.Name)
		if err != nil {
			return err
		}
		var pos position
		if state != "" {
			if err := json.Unmarshal([]byte(state), &pos); err != nil {
				return err
			}
		}
		known := state != "" && pos.Validity == box.UIDValidity
		err = c.Fetch(ctx, imap.SetOf(uids[max(0, len(uids)-whyHits):]...), "INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)]", func(m imap.Message) error {
			found := Finding{Folder: f.Name, At: m.Internal}
			if head, err := mail.Parse(m.Body); err == nil && len(head.From) > 0 {
				found.From, found.Subject = head.From[0].Addr, head.Subject
			}
			found.Here, found.Text = reason(m, pos, watched, known, f.Wire == junk.Wire)
			w.found = append(w.found, found)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// criteria asks for a Message-ID when the question looks like one: addresses
// are looked for in both, as a Message-ID has an @ too.
func (w *why) criteria() string {
	q := strings.Trim(w.question, "<>")
	id := "HEADER Message-ID " + imap.Quote(q)
	if strings.HasPrefix(w.question, "<") {
		return id
	}
	return "OR " + id + " FROM " + imap.Quote(q)
}

func reason(m imap.Message, pos position, watched, known, junk bool) (here bool, text string) {
	switch {
	case !watched && junk:
		return false, "The server took it for spam. Move it to the Inbox and it will be read."
	case !watched:
		return false, "This folder is not read. Move the message to the Inbox, or choose the folder in the mailbox's settings."
	case !known:
		return false, "This folder has not been read yet. Is the mailbox connected?"
	case m.UID > pos.Last:
		return false, "It has just arrived and will be read in a moment."
	case m.UID < pos.From:
		return false, "The history is read from new to old and has not come so far yet."
	case m.Size > maxMail:
		return true, fmt.Sprintf("It was read. It is very long (%d MB), so just its first %d MB are kept.", m.Size>>20, maxMail>>20)
	}
	return true, "It was read. If it can't be found, the Mail page says what was odd about it."
}
