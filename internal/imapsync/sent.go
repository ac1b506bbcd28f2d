package imapsync

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/imapsync/imap"
)

// FindSent says whether a mail of ours lies in the mailbox's folder of sent
// mail, or of all mail: the proof that it went out.
func (e *Engine) FindSent(ctx context.Context, a desk.Account, messageID string) (bool, error) {
	found := false
	err := e.visit(ctx, a, func(c *imap.Client) error {
		all, err := c.Folders(ctx)
		if err != nil {
			return err
		}
		found, err = findIn(ctx, c, sentFolders(all), messageID)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look up sent mail: %w", err)
	}
	return found, nil
}

// KeepSent puts a copy of a mail that went out into the folder of sent mail,
// unless the server has put one there itself, as Gmail and Exchange do.
func (e *Engine) KeepSent(ctx context.Context, a desk.Account, messageID string, raw []byte, at time.Time) error {
	err := e.visit(ctx, a, func(c *imap.Client) error {
		if c.Has("X-GM-EXT-1") {
			return nil
		}
		all, err := c.Folders(ctx)
		if err != nil {
			return err
		}
		if found, err := findIn(ctx, c, sentFolders(all), messageID); err != nil || found {
			return err
		}
		sent, ok := imap.SentFolder(all)
		if !ok {
			return dottedline.Wrong("Make one called Sent.", "The mailbox has no folder for sent mail.")
		}
		_, err = c.Append(ctx, sent.Wire, []string{`\Seen`}, at, raw)
		return err
	})
	if err != nil {
		return fmt.Errorf("copy to sent mail: %w", err)
	}
	return nil
}

// visit signs in for one short piece of work.
func (e *Engine) visit(ctx context.Context, a desk.Account, f func(*imap.Client) error) error {
	c, err := e.connect(ctx, a, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := f(c); err != nil {
		return err
	}
	c.Logout(ctx) // the work is done; a server that hangs up first does no harm
	return nil
}

// sentFolders is where a copy of a sent mail can lie. Without a folder for sent
// mail it may be anywhere.
func sentFolders(all []imap.Folder) []imap.Folder {
	var out []imap.Folder
	if f, ok := imap.SentFolder(all); ok {
		out = append(out, f)
	}
	if f, ok := imap.AllFolder(all); ok {
		out = append(out, f)
	}
	if len(out) == 0 {
		out = slices.DeleteFunc(slices.Clone(all), func(f imap.Folder) bool { return !f.Selectable() })
	}
	return out
}

func findIn(ctx context.Context, c *imap.Client, folders []imap.Folder, messageID string) (bool, error) {
	for _, f := range folders {
		if _, err := c.Examine(ctx, f.Wire, nil); isNo(err) {
			continue
		} else if err != nil {
			return false, err
		}
		uids, err := c.Search(ctx, "HEADER Message-ID "+imap.Quote(messageID))
		if err != nil || len(uids) > 0 {
			return len(uids) > 0, err
		}
	}
	return false, nil
}
