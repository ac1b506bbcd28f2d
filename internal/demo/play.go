package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/mail"
)

// World is the mail server with the people behind it.
type World struct {
	*Server
	ctx   context.Context
	log   *slog.Logger
	start time.Time

	mu   sync.Mutex
	said map[string]int // how many of their lines each has said, by address
}

// Start lays out the past and lets the prospects go on from there until ctx ends.
func Start(ctx context.Context, log *slog.Logger) (*World, error) {
	w := &World{ctx: ctx, log: log, start: time.Now(), said: map[string]int{}}
	var err error
	if w.Server, err = Listen(w.receive); err != nil {
		return nil, err
	}
	for _, p := range prospects {
		if err := w.past(p); err != nil {
			return nil, err
		}
		if p.writes > 0 {
			w.later(p.writes, func() { w.say(p, nil) })
		}
	}
	w.later(16, w.newsletter)
	return w, nil
}

// later does something after so many seconds, unless the world has ended.
func (w *World) later(seconds float64, f func()) {
	time.AfterFunc(time.Duration(seconds*float64(time.Second)), func() {
		if w.ctx.Err() == nil {
			f()
		}
	})
}

// past lays the mails of a thread into the mailbox, as they were sent.
func (w *World) past(p prospect) error {
	var refs []string
	for i, s := range p.past {
		at := w.start.Add(-time.Duration(s.days * 24 * float64(time.Hour)))
		d := w.draft(p, at, s.text, refs)
		folder := "INBOX"
		if s.us {
			d.From, d.To = d.To[0], []mail.Address{d.From}
			folder = "Sent"
		}
		if i == 0 {
			d.Subject = p.subject
		}
		raw, err := mail.Compose(d)
		if err != nil {
			return fmt.Errorf("demo mail: %w", err)
		}
		if err := w.Put(folder, raw, at); err != nil {
			return fmt.Errorf("demo mail: %w", err)
		}
		refs = append(refs, d.MessageID)
	}
	return nil
}

// draft is a mail of a prospect to us that continues a thread.
func (w *World) draft(p prospect, at time.Time, text string, refs []string) mail.Draft {
	first, _, _ := strings.Cut(p.name, " ")
	d := mail.Draft{MessageID: strings.ToLower(rand.Text()) + "@" + p.address[strings.IndexByte(p.address, '@')+1:], Date: at,
		From: mail.Address{Name: p.name, Addr: p.address}, To: []mail.Address{{Name: Name, Addr: Address}},
		Subject: "Re: " + p.subject, Text: text + "\n\n" + first + "\n"}
	if p.alias {
		d.To = []mail.Address{{Addr: Alias}}
	}
	if len(refs) > 0 {
		d.InReplyTo, d.References = refs[len(refs)-1], refs[:len(refs)-1]
	}
	return d
}

// say lets a prospect write their next line, in answer to a mail of ours or by
// themselves. Who has no line left has cooled off.
func (w *World) say(p prospect, to *mail.Message) {
	w.mu.Lock()
	n := w.said[p.address]
	w.said[p.address]++
	w.mu.Unlock()
	if n >= len(p.lines) {
		return
	}
	var refs []string
	if to != nil {
		refs = append(append(refs, to.References...), to.MessageID)
	}
	d := w.draft(p, time.Now(), p.lines[n], refs)
	if to != nil {
		d.Subject = "Re: " + mail.BaseSubject(to.Subject)
		d.To = []mail.Address{{Name: Name, Addr: Address}}
		d.Text += "\n> " + strings.ReplaceAll(strings.TrimSpace(to.Text), "\n", "\n> ") + "\n"
	} else if len(p.past) == 0 {
		d.Subject = p.subject
	}
	raw, err := mail.Compose(d)
	if err == nil {
		err = w.send(w.ctx, p.address, d.To[0].Addr, raw)
	}
	if err != nil && w.ctx.Err() == nil {
		w.log.Error("demo prospect", "who", p.address, "err", err)
	}
}

// receive is a mail of ours arriving at a prospect: they answer in their time.
func (w *World) receive(to string, raw []byte) {
	for _, p := range prospects {
		if p.address == to && p.answers > 0 {
			m, _ := mail.Parse(bytes.Clone(raw))
			w.later(p.answers, func() { w.say(p, m) })
		}
	}
}

// newsletter is what a mailbox gets as well: it must not move anything.
func (w *World) newsletter() {
	d := mail.Draft{MessageID: strings.ToLower(rand.Text()) + "@news.example.com", Date: time.Now(), From: mail.Address{Name: "The Weekly", Addr: "no-reply@news.example.com"},
		To: []mail.Address{{Addr: Address}}, Subject: "Ten tips for your week", Text: "This week: ten tips.",
		Fields: []mail.Field{{Name: "List-Unsubscribe", Value: "<https://news.example.com/off>"}, {Name: "Precedence", Value: "bulk"}}}
	raw, err := mail.Compose(d)
	if err == nil {
		err = w.send(w.ctx, "no-reply@news.example.com", Address, raw)
	}
	if err != nil && w.ctx.Err() == nil {
		w.log.Error("demo newsletter", "err", err)
	}
}

// Seller does in a fresh demo what its user did in the weeks before: takes
// threads for deals as they are read, and says what was asked and agreed.
func (w *World) Seller(ctx context.Context, d *desk.Desk, a dottedline.Actor) error {
	left := map[dottedline.Address]prospect{}
	for _, p := range prospects {
		if p.value != "" {
			left[dottedline.Address(p.address)] = p
		}
	}
	for len(left) > 0 {
		os, err := d.OfferedThreads(ctx, a, 50)
		if err != nil {
			return err
		}
		for _, o := range os {
			p, ok := left[o.Person.Address]
			if !ok || o.Mails < len(p.past) {
				continue
			}
			id, err := d.TakeOffer(ctx, a, o.Thread, p.kind, p.value)
			if err != nil {
				return err
			}
			for _, s := range []struct {
				days float64
				kind dottedline.TouchKind
				text string
			}{{p.asked, dottedline.AskTouch, ""}, {p.yes, dottedline.YesTouch, p.yesWords}} {
				if s.days > 0 {
					if err := d.StepAt(ctx, a, id, w.start.Add(-time.Duration(s.days*24*float64(time.Hour))+time.Minute), s.kind, s.text); err != nil {
						return err
					}
				}
			}
			delete(left, o.Person.Address)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}
