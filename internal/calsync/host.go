package calsync

import (
	"context"

	"dottedline"
	"dottedline/internal/desk"
)

// deskHost keeps one calendar of a workspace with the desk.
type deskHost struct {
	desk *desk.Desk
	ws   dottedline.WorkspaceID
	id   dottedline.CalendarID
}

func (h deskHost) Known(ctx context.Context, _ string) (Known, State, error) {
	token, ctag, etags, s, err := h.desk.CalendarKnown(ctx, h.ws, h.id)
	return Known{token, ctag, etags}, State(s), err
}

func (h deskHost) Keep(ctx context.Context, _ string, d Delta, replace bool, s State) error {
	changed := make([]desk.CalendarObject, len(d.Changed))
	for i, o := range d.Changed {
		changed[i] = desk.CalendarObject(o)
	}
	return h.desk.KeepCalendar(ctx, h.ws, h.id, d.Token, d.CTag, changed, d.Gone, replace, dottedline.CalendarState(s))
}

func (h deskHost) Failed(ctx context.Context, _ string, s State) error {
	return h.desk.CalendarFailed(ctx, h.ws, h.id, dottedline.CalendarState(s))
}
