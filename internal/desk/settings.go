package desk

import (
	"context"
	"slices"
	"strings"

	"dottedline"
	"dottedline/internal/store"
)

// Me is who is signed in, and where.
type Me struct {
	Member    dottedline.Member
	Workspace dottedline.Workspace
	Settings  store.Settings
}

// Me tells who is signed in.
func (d *Desk) Me(ctx context.Context, a dottedline.Actor) (me Me, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		m, err := t.Member(a.Member)
		if err != nil {
			return err
		}
		me.Member = m.Member
		me.Workspace, me.Settings, err = t.ThisWorkspace()
		return err
	})
	return me, err
}

// Members are all members of the workspace.
func (d *Desk) Members(ctx context.Context, a dottedline.Actor) (out []dottedline.Member, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		ms, err := t.Members()
		for _, m := range ms {
			out = append(out, m.Member)
		}
		return err
	})
	return out, err
}

// RemoveMember takes a member out of the workspace. The last owner stays.
func (d *Desk) RemoveMember(ctx context.Context, a dottedline.Actor, id dottedline.MemberID) error {
	if err := owner(a); err != nil {
		return err
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		ms, err := t.Members()
		if err != nil {
			return err
		}
		owners := 0
		for _, m := range ms {
			if m.Role == dottedline.Owner && m.ID != id {
				owners++
			}
		}
		if owners == 0 {
			return dottedline.Wrong("Make somebody else an owner first.", "A workspace keeps one owner.")
		}
		if err := t.DropTold(id); err != nil {
			return err
		}
		if err := t.DropJob(digestJobID(id)); err != nil {
			return err
		}
		return t.DropMember(id)
	})
}

// SetProfile changes the member's own name.
func (d *Desk) SetProfile(ctx context.Context, a dottedline.Actor, name string) error {
	if name = strings.TrimSpace(name); name == "" {
		return dottedline.Wrong("People see it under your mails.", "Your name is missing.")
	}
	return d.changeMe(ctx, a, func(m *store.Member) error { m.Name = name; return nil })
}

// SetPassword changes the member's own password and ends all other sessions.
func (d *Desk) SetPassword(ctx context.Context, a dottedline.Actor, old, password string) (session string, err error) {
	hash, err := d.Argon2.hash(password)
	if err != nil {
		return "", err
	}
	err = d.changeMe(ctx, a, func(m *store.Member) error {
		if !checkPassword(m.Password, old) {
			return dottedline.Wrong("Write the one you signed in with.", "The present password is another one.")
		}
		m.Password = hash
		return nil
	})
	if err != nil {
		return "", err
	}
	return d.enter(ctx, a.Workspace, func(t *store.Tx) (dottedline.MemberID, error) {
		return a.Member, t.DropTokens(sessionToken, a.Member)
	})
}

// SetHours changes the member's own working hours.
func (d *Desk) SetHours(ctx context.Context, a dottedline.Actor, h dottedline.Hours) error {
	h, err := h.Local()
	if err != nil {
		return err
	}
	if err := d.changeMe(ctx, a, func(m *store.Member) error { m.Hours = h; return nil }); err != nil {
		return err
	}
	return d.write(ctx, a, func(t *store.Tx) error { // the digest follows the zone and the days off
		all, err := t.Told()
		if err != nil {
			return err
		}
		return setDigest(t, a.Member, all[a.Member].Digest)
	})
}

func (d *Desk) changeMe(ctx context.Context, a dottedline.Actor, f func(*store.Member) error) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		m, err := t.Member(a.Member)
		if err != nil {
			return err
		}
		if err := f(&m); err != nil {
			return err
		}
		return t.PutMember(m)
	})
}

// SetWorkspace changes the workspace's name and settings; its currency is for good.
func (d *Desk) SetWorkspace(ctx context.Context, a dottedline.Actor, name string, s store.Settings) error {
	if err := owner(a); err != nil {
		return err
	}
	if name = strings.TrimSpace(name); name == "" {
		return dottedline.Wrong("The name of your company will do.", "The workspace needs a name.")
	}
	if s.Unvalued < 0 || s.Minute < 0 {
		return dottedline.Wrong("Write zero or more.", "Money can't be negative here.")
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		w, was, err := t.ThisWorkspace()
		if err != nil {
			return err
		}
		w.Name, s.Closing, s.Promise = name, was.Closing, was.Promise
		if err := t.SetWorkspace(w, s); err != nil {
			return err
		}
		ids, err := t.AllDeals()
		for _, id := range ids {
			if err := refold(t, s, id); err != nil {
				return err
			}
		}
		return err
	})
}

// Templates are the workspace's own reply templates.
func (d *Desk) Templates(ctx context.Context, a dottedline.Actor) (out []dottedline.Template, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error { out, err = t.Templates(); return err })
	return out, err
}

// SaveTemplate adds (ID 0) or changes a reply template. Fields that do not exist
// are a Problem that names them.
func (d *Desk) SaveTemplate(ctx context.Context, a dottedline.Actor, x dottedline.Template) (dottedline.TemplateID, error) {
	if strings.TrimSpace(x.Name) == "" || strings.TrimSpace(x.Text) == "" {
		return 0, dottedline.Wrong("Both are needed.", "The template has no name or no text.")
	}
	if !slices.Contains([]dottedline.Moment{dottedline.OnQuestion, dottedline.OnMessage, dottedline.OnSilence, dottedline.OnTime}, x.When) {
		return 0, dottedline.Wrong("Choose question, message, silence or time.", "When it fits is not said.")
	}
	if _, err := x.Fill(dottedline.Facts{}); err != nil {
		return 0, err
	}
	return x.ID, d.write(ctx, a, func(t *store.Tx) error {
		if x.ID == 0 {
			x.ID = store.NewID[dottedline.Template](t)
		}
		return t.PutTemplate(x)
	})
}

// DropTemplate removes a reply template.
func (d *Desk) DropTemplate(ctx context.Context, a dottedline.Actor, id dottedline.TemplateID) error {
	return d.write(ctx, a, func(t *store.Tx) error { return t.DropTemplate(id) })
}

// Check replays every deal of every workspace and names each difference between
// its touches and what is stored.
func (d *Desk) Check(ctx context.Context) (diffs []string, deals int, err error) {
	ids, err := d.db.Workspaces(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, ws := range ids {
		err := d.db.View(ctx, ws, func(t *store.Tx) error {
			all, err := t.AllDeals()
			if err != nil {
				return err
			}
			deals += len(all)
			for _, id := range all {
				ds, err := t.CheckDeal(id)
				if err != nil {
					return err
				}
				diffs = append(diffs, ds...)
			}
			ds, err := t.CheckCounts()
			if err != nil {
				return err
			}
			diffs = append(diffs, ds...)
			ds, err = t.CheckLinks()
			if err != nil {
				return err
			}
			diffs = append(diffs, ds...)
			ds, err = checkClosing(t)
			diffs = append(diffs, ds...)
			return err
		})
		if err != nil {
			return diffs, deals, err
		}
	}
	return diffs, deals, nil
}

// Recover frees what this process held when it ended without a word. It is for
// a database that no other process has open.
func (d *Desk) Recover(ctx context.Context) error {
	if d.Shared() {
		return nil // their leases end by themselves
	}
	ids, err := d.db.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range ids {
		err := d.db.Write(ctx, ws, func(t *store.Tx) error {
			if err := t.FreeLeases(); err != nil {
				return err
			}
			ids, err := t.SealingAgreements() // what nobody is sealing any more
			for _, id := range ids {
				if err := t.AddJob(store.Job{ID: "seal " + id.String(), Kind: sealJob, Args: id.String(), Due: t.Now}); err != nil {
					return err
				}
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
