package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// Door is what a link shows before the code.
type Door struct {
	From     string // the workspace
	Member   string // who sent it
	To       string // the address that the code goes to, masked
	CodeSent bool
}

// Door shows who invites, and to which address a code can be sent. It changes
// nothing: mail scanners open links too.
func (d *Desk) Door(ctx context.Context, v Visitor) (p Door, err error) {
	l, _, err := d.door(ctx, v)
	if err != nil {
		return p, err
	}
	err = d.db.View(ctx, l.Workspace, func(t *store.Tx) error {
		r, err := openRoom(t, v)
		if err != nil {
			return err
		}
		w, _, err := t.ThisWorkspace()
		p = Door{From: w.Name, Member: r.maker.Name, To: mask(r.me().Address), CodeSent: r.link.CodeHash != "" && r.link.CodeUntil.After(t.Now)}
		return err
	})
	return p, err
}

func mask(a dottedline.Address) string {
	local, domain, _ := strings.Cut(string(a), "@")
	r := []rune(local)
	if len(r) == 0 {
		return "•@" + domain
	}
	return string(r[:1]) + strings.Repeat("•", max(len(r)-1, 2)) + "@" + domain
}

// RoomPage is the private page of a deal for one who has to sign.
type RoomPage struct {
	Agreement dottedline.Agreement
	HTML      string   // of what is signed; "" where it is a PDF only
	Agreed    []string // what it is about, a line each
	Me        dottedline.Signer
	Signers   []dottedline.Signer
	MyTurn    bool
	Intent    string // the words that signing means
	Steps     []dottedline.Step
	Questions []dottedline.RoomQuestion // those of this signer
	Workspace string
	Member    dottedline.Member // who to ask
	Answers   time.Duration     // how long they usually take, in working time; 0 unknown
	Yes       string            // the words of the yes
	YesAt     time.Time
	Deal      string
	Uploaded  bool
}

// Room shows the room. It changes nothing.
func (d *Desk) Room(ctx context.Context, v Visitor) (p RoomPage, err error) {
	l, in, err := d.door(ctx, v)
	if err != nil {
		return p, err
	}
	if !in {
		return p, errCode()
	}
	err = d.db.View(ctx, l.Workspace, func(t *store.Tx) error {
		r, err := openRoom(t, v)
		if err != nil {
			return err
		}
		p, err = roomPage(r)
		return err
	})
	return p, err
}

func roomPage(r *room) (p RoomPage, err error) {
	me := *r.me()
	p = RoomPage{Agreement: r.Agreement.Agreement, HTML: r.HTML, Agreed: agreed(r.sheet), Me: me.Signer, Member: r.maker, Deal: r.deal.Name, Uploaded: r.Source == "",
		Intent: intentOf(me.Name, r.Title)}
	for _, s := range r.signers {
		if s.Counts() {
			p.Signers = append(p.Signers, s.Signer)
		}
	}
	p.MyTurn = r.State.Open() && r.t.Now.Before(r.Ends) && dottedline.MaySign(plain(r.signers), me.ID)
	if p.Steps, err = r.t.Steps(r.deal.ID); err != nil {
		return p, err
	}
	qs, err := r.t.Questions(r.deal.ID)
	if err != nil {
		return p, err
	}
	for _, q := range qs {
		if q.Signer == me.ID {
			p.Questions = append(p.Questions, q)
		}
	}
	w, _, err := r.t.ThisWorkspace()
	if err != nil {
		return p, err
	}
	p.Workspace = w.Name
	ts, err := r.t.Touches(r.deal.ID)
	if err != nil {
		return p, err
	}
	for _, x := range ts {
		if x.Kind == dottedline.YesTouch {
			p.Yes, p.YesAt = x.Text, x.At
		}
	}
	rs, err := r.t.RepliesSince(r.t.Now.Add(-90 * 24 * time.Hour))
	if err != nil {
		return p, err
	}
	h, err := hours(r.t, r.Member)
	var problem *dottedline.Problem
	if errors.As(err, &problem) { // the member is gone
		err = nil
	}
	p.Answers = dottedline.TimesOf(rs, dottedline.Us, h).Work
	return p, err
}

// RoomPDF is the paper for a visitor: sealed where it is, else as presented.
func (d *Desk) RoomPDF(ctx context.Context, v Visitor) (pdf []byte, name string, err error) {
	l, in, err := d.door(ctx, v)
	if err != nil {
		return nil, "", err
	}
	if !in {
		return nil, "", errCode()
	}
	err = d.db.View(ctx, l.Workspace, func(t *store.Tx) error {
		r, err := openRoom(t, v)
		if err != nil {
			return err
		}
		name = fileName(r.Title)
		pdf, err = pdfOf(t, r.Agreement, "")
		return err
	})
	if err == nil && pdf == nil {
		err = dottedline.Missing("PDF")
	}
	return pdf, name, err
}
