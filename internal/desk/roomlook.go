package desk

import (
	"context"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/paper"
)

// MarkPlace is where a signer's mark and day go on an uploaded PDF.
type MarkPlace = store.MarkPlace

// RoomIn says whose room a visitor has entered, so that an open page can follow
// its changes.
func (d *Desk) RoomIn(ctx context.Context, v Visitor) (dottedline.WorkspaceID, error) {
	l, in, err := d.door(ctx, v)
	if err == nil && !in {
		err = errCode()
	}
	return l.Workspace, err
}

// agreed is what an agreement is about in a few lines; none of an uploaded PDF.
func agreed(s sheet) []string {
	tpl, err := paper.ParseTemplate(s.Source)
	if err != nil {
		return nil
	}
	return dottedline.Agreed(dottedline.FieldsOf(tpl, s.Source, s.Fields))
}
