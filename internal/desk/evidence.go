package desk

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/seal"
)

// fact is one act for the evidence of an agreement.
type fact struct {
	kind  string // "sent", "signed" …
	actor string // name and address
	v     Visitor
	data  map[string]string
}

// evidence keeps facts, each chained to the one before, in the transaction of
// the act.
func evidence(t *store.Tx, a store.Agreement, fs ...fact) error {
	last, seq, err := t.LastEvidence(a.ID)
	if err != nil {
		return err
	}
	for _, f := range fs {
		line, err := seal.AppendEvent(last, seal.Event{At: seal.EventTime(t.Now), Type: f.kind, Actor: clean(f.actor), IP: clean(f.v.IP),
			UA: clean(cut(f.v.Agent, 300)), Doc: a.SHA256, Data: f.data})
		if err != nil {
			return fmt.Errorf("evidence: %w", err)
		}
		seq++
		if err := t.AddEvidence(a.ID, seq, line); err != nil {
			return err
		}
		last = line
	}
	return nil
}

func named(s store.Signer) string { return fmt.Sprintf("%s <%s>", s.Name, s.Address) }

// Evidence is the evidence of an agreement as JSON lines, each with the SHA-256
// of the one before.
func (d *Desk) Evidence(ctx context.Context, a dottedline.Actor, id dottedline.AgreementID) (jsonl []byte, err error) {
	err = d.view(ctx, a, func(t *store.Tx) error {
		if _, err := t.Agreement(id); err != nil {
			return err
		}
		jsonl, err = evidenceLines(t, id)
		return err
	})
	return jsonl, err
}

func evidenceLines(t *store.Tx, id dottedline.AgreementID) ([]byte, error) {
	lines, err := t.Evidence(id)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	return append(bytes.Join(lines, []byte("\n")), '\n'), nil
}

// happened says in words what a line of the evidence means.
func happened(e seal.Event) string {
	words, ok := map[string]string{
		"made": "The agreement was made", "going": "It was handed to the outbox", "sent": "The mail with the link was accepted by the mail server", "link": "A link was made",
		"code sent": "A one-time code was mailed", "code entered": "The one-time code was entered", "code wrong": "A wrong code was entered",
		"opened": "Opened", "came back": "Opened again", "someone new": "Opened by the one it was passed on to", "read": "Read to the end",
		"question": "A question was asked", "answer": "The question was answered", "proposal": "A change was proposed", "passed on": "Passed on to another signer",
		"reminded": "Reminded", "no reminders": "Asked not to be reminded", "declined": "Declined", "void": "Taken back", "expired": "Expired", "sealed": "Sealed",
		"links revoked": "The links were ended", "step": "A step was ticked", "step added": "A step was added", "step moved": "A step was moved",
	}[e.Type]
	if e.Type == "signed" {
		return map[string]string{"drawn": "Signed by drawing", "typed": "Signed by typed name"}[e.Data["method"]]
	}
	if !ok {
		return e.Type
	}
	for _, k := range slices.Sorted(maps.Keys(e.Data)) {
		if k == "to" || k == "reason" {
			words += ": " + e.Data[k]
		}
	}
	return words
}

// events are the lines as far as they are whole.
func events(jsonl []byte) []seal.Event {
	es, err := seal.VerifyEvidence(jsonl, "")
	if err != nil {
		return nil
	}
	return es
}
