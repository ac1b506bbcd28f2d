package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dottedline"
)

// Settings are what a workspace has chosen.
type Settings struct {
	Unvalued float64            `json:"unvalued"` // what a deal without a value counts as, in major units
	Rates    map[string]float64 `json:"rates"`    // one unit of a currency in the workspace's
	Minute   float64            `json:"minute"`   // what a minute of a member is worth, in major units
	Closing  Closing            `json:"closing"`
	Promise  dottedline.Promise `json:"promise,omitzero"`
	Drafter  Drafter            `json:"drafter,omitzero"`
}

// Drafter is the language model that may write drafts; Key is sealed with the key file.
type Drafter struct {
	On    bool   `json:"on,omitempty"`
	URL   string `json:"url,omitempty"`
	Model string `json:"model,omitempty"`
	Key   []byte `json:"key,omitempty"`
}

// Closing is what a workspace has chosen for its agreements.
type Closing struct {
	Fields    map[string]string        `json:"fields,omitempty"`    // values of merge fields that every agreement begins with
	Reminders dottedline.ReminderRules `json:"reminders,omitzero"`  // the zero rules are the shipped ones
	Days      int                      `json:"days,omitempty"`      // how long an agreement can be signed; 0 is 30
	StampURL  string                   `json:"stamp_url,omitempty"` // of a time-stamp authority (RFC 3161)
}

// NewWorkspace makes a workspace. It is the only write that no workspace frames.
func (d *DB) NewWorkspace(ctx context.Context, name, currency string) (dottedline.WorkspaceID, error) {
	id := dottedline.NewID[dottedline.Workspace](d.Now(), d.lastID.Add(1))
	return id, d.Write(ctx, id, func(t *Tx) error {
		t.Changed()
		return t.do(`INSERT INTO workspaces (ws, name, currency, settings, seq) VALUES ($1, $2, $3, $4, 0)`, name, currency, `{}`)
	})
}

// Workspaces are the IDs of all workspaces, oldest first.
func (d *DB) Workspaces(ctx context.Context) (ids []dottedline.WorkspaceID, err error) {
	err = d.Everywhere(ctx, func(q Global) error {
		ids, err = rows(ctx, q.q, func(id *dottedline.WorkspaceID) []any { return []any{id} }, `SELECT ws FROM workspaces ORDER BY ws`)
		return err
	})
	return ids, err
}

// Global reads what is looked up before the workspace is known: who signs in,
// which token, what is due. It never writes.
type Global struct {
	ctx context.Context
	q   querier
	now time.Time
}

// Everywhere reads across workspaces.
func (d *DB) Everywhere(ctx context.Context, f func(Global) error) error {
	return d.View(ctx, 0, func(t *Tx) error { return f(Global{t.ctx, t.q, t.Now}) })
}

// Seqs are the numbers of changes of all workspaces: where one has grown,
// something was written, perhaps by another node.
func (d *DB) Seqs(ctx context.Context) (map[dottedline.WorkspaceID]int64, error) {
	type row struct {
		ws  dottedline.WorkspaceID
		seq int64
	}
	out := map[dottedline.WorkspaceID]int64{}
	err := d.Everywhere(ctx, func(g Global) error {
		rs, err := rows(ctx, g.q, func(r *row) []any { return []any{&r.ws, &r.seq} }, `SELECT ws, seq FROM workspaces`)
		for _, r := range rs {
			out[r.ws] = r.seq
		}
		return err
	})
	return out, err
}

// ThisWorkspace is the workspace of the transaction and its settings.
func (t *Tx) ThisWorkspace() (w dottedline.Workspace, s Settings, err error) {
	w.ID = t.ws
	var raw string
	_, ok, err := one(t, func(*struct{}) []any { return []any{&w.Name, &w.Currency, &raw} },
		`SELECT name, currency, settings FROM workspaces WHERE ws = $1`)
	if err == nil && !ok {
		err = dottedline.Missing("workspace")
	}
	if err == nil {
		err = json.Unmarshal([]byte(raw), &s)
	}
	if s.Unvalued == 0 {
		s.Unvalued = 1000
	}
	if s.Minute == 0 {
		s.Minute = 1
	}
	return w, s, err
}

// SetWorkspace changes the workspace's name, currency and settings.
func (t *Tx) SetWorkspace(w dottedline.Workspace, s Settings) error {
	t.Changed()
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return t.do(`UPDATE workspaces SET name = $2, currency = $3, settings = $4 WHERE ws = $1`, w.Name, w.Currency, string(b))
}

// Rate is what one unit of a currency is in the workspace's; 1 where nobody said.
func (s Settings) Rate(currency string) float64 {
	if r, ok := s.Rates[currency]; ok && r > 0 {
		return r
	}
	return 1
}
