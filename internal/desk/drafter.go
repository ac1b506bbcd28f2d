package desk

import (
	"context"
	"net/url"
	"strings"

	"dottedline"
	"dottedline/internal/store"
)

// ModelCall is one question to a language model.
type ModelCall struct {
	URL    string // of an OpenAI-compatible service, up to and with /v1
	Model  string
	Key    string // "" for none
	Prompt string // all that is sent besides the model's name
}

// Drafter is what would be asked to write a reply, and with which words.
type Drafter struct {
	URL, Model, Prompt string
	Seal               string // of all three, so that only what was shown is sent

	lines, links []string
}

func newDrafter(s store.Drafter, about dottedline.Drafting, draft string) *Drafter {
	d := &Drafter{URL: s.URL, Model: s.Model}
	d.lines, d.links = dottedline.LinkLines(draft)
	about.Lines = d.lines
	d.Prompt = about.Prompt()
	d.Seal = hashOf(d.URL + "\n" + d.Model + "\n" + d.Prompt)
	return d
}

// DrafterSettings are which language model may write drafts, if any.
type DrafterSettings struct {
	On         bool
	URL, Model string
	HasKey     bool // it is never given out again
}

// DrafterSettings are those of the workspace.
func (d *Desk) DrafterSettings(ctx context.Context, a dottedline.Actor) (out DrafterSettings, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		_, s, err := t.ThisWorkspace()
		x := s.Drafter
		out = DrafterSettings{x.On, x.URL, x.Model, len(x.Key) > 0}
		return err
	})
	return out, err
}

func drafterFor(ws dottedline.WorkspaceID, url string) string {
	return "drafter " + ws.String() + " " + url
}

// SetDrafter changes which language model may write drafts. An empty key keeps
// the one that is there, unless the address is another: a key is for one address.
func (d *Desk) SetDrafter(ctx context.Context, a dottedline.Actor, n DrafterSettings, key string) error {
	if err := owner(a); err != nil {
		return err
	}
	x := store.Drafter{On: n.On, Model: strings.TrimSpace(clean(n.Model))}
	var err error
	if n.URL = strings.TrimSpace(n.URL); n.URL != "" || n.On {
		if x.URL, err = modelAddress(n.URL); err != nil {
			return err
		}
	}
	if x.On && x.Model == "" || len(x.Model) > 200 {
		return dottedline.Wrong("Write it as the service does, such as llama3.1.", "The model's name is missing or too long.")
	}
	if key = strings.TrimSpace(key); len(key) > 1000 || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return dottedline.Wrong("Copy it once more.", "That is no key: it has letters that none has.")
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		w, s, err := t.ThisWorkspace()
		if err != nil {
			return err
		}
		if key != "" {
			x.Key = d.vault.seal([]byte(key), drafterFor(a.Workspace, x.URL))
		} else if x.URL == s.Drafter.URL && n.HasKey {
			x.Key = s.Drafter.Key
		}
		s.Drafter = x
		return t.SetWorkspace(w, s)
	})
}

func modelAddress(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(s) > 2000 {
		return "", dottedline.Wrong("Write it like http://127.0.0.1:11434/v1.", "That is not the address of a language model.")
	}
	return strings.TrimSuffix(strings.TrimSuffix(u.String(), "/"), "/chat/completions"), nil
}

var errDrafterOff = dottedline.Wrong("An owner can turn them on in Settings, Drafts.", "Drafts by a language model are off.")

// ask asks the workspace's language model. No transaction is open meanwhile.
func (d *Desk) ask(ctx context.Context, ws dottedline.WorkspaceID, s store.Drafter, prompt string) (string, error) {
	if !s.On || d.AskModel == nil {
		return "", errDrafterOff
	}
	c := ModelCall{URL: s.URL, Model: s.Model, Prompt: prompt}
	if len(s.Key) > 0 {
		key, err := d.vault.open(s.Key, drafterFor(ws, s.URL))
		if err != nil {
			return "", dottedline.Wrong("Write it once more in Settings, Drafts.", "The model's key can't be read: the key file is another one.")
		}
		c.Key = string(key)
	}
	text, err := d.AskModel(ctx, c)
	return clean(text), err
}

// DrafterTest is all that a test sends.
const DrafterTest = "Answer with the one word: ready"

// TestDrafter asks the language model for one word, and gives its answer.
func (d *Desk) TestDrafter(ctx context.Context, a dottedline.Actor) (answer string, err error) {
	if err := owner(a); err != nil {
		return "", err
	}
	var s store.Settings
	if err := d.view(ctx, a, func(t *store.Tx) error { _, s, err = t.ThisWorkspace(); return err }); err != nil {
		return "", err
	}
	return d.ask(ctx, a.Workspace, s.Drafter, DrafterTest)
}

// WriteByModel lets the language model write the draft of a deal's answer. seal
// names what was shown before: where that has changed, nothing is sent. The
// draft stays as it was after any failure.
func (d *Desk) WriteByModel(ctx context.Context, a dottedline.Actor, id dottedline.DealID, seal string) (err error) {
	defer wrap("write by model", &err)
	var s store.Settings
	var p *Prepared
	err = d.view(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err != nil {
			return err
		}
		if _, s, err = t.ThisWorkspace(); err != nil {
			return err
		}
		p, err = d.prepare(t, a, r.Deal)
		return err
	})
	if err != nil {
		return err
	}
	if p.Drafter == nil {
		return errDrafterOff
	}
	if p.Drafter.Seal != seal {
		return &dottedline.Problem{Kind: dottedline.Conflict, Text: "Nothing was sent to the model: what would be sent is no longer what you were shown.", Hint: "Look at it again, and press once more."}
	}
	text, err := d.ask(ctx, a.Workspace, s.Drafter, p.Drafter.Prompt)
	if err != nil {
		return err
	}
	text, missing := dottedline.PutLinks(text, p.Drafter.lines, p.Drafter.links)
	if missing != "" {
		text = above(text, missing)
	}
	return d.write(ctx, a, func(t *store.Tx) error {
		now, err := t.Draft(a.Member, p.Deal)
		if err != nil {
			return err
		}
		if now.Text == "" {
			now.Text = p.Text
		}
		return t.PutModelDraft(a.Member, p.Deal, store.Draft{Text: text, Model: p.Drafter.Model, Was: now.Text})
	})
}

// TakeBackModel makes the draft again what it was before a language model wrote it.
func (d *Desk) TakeBackModel(ctx context.Context, a dottedline.Actor, id dottedline.DealID) error {
	return d.write(ctx, a, func(t *store.Tx) error {
		r, err := t.Deal(id)
		if err != nil {
			return err
		}
		x, err := t.Draft(a.Member, r.ID)
		if err != nil || x.Model == "" {
			return err
		}
		return t.PutModelDraft(a.Member, r.ID, store.Draft{Text: x.Was})
	})
}
