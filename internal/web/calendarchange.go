package web

import (
	"fmt"
	"strings"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// calendarChanges are what the member did to meetings of ours in calendar programs.
func (v *visit) calendarChanges(xs []desk.CalendarChange) (out []html.CalendarChange) {
	for n, x := range xs {
		who := "Everybody"
		if len(x.Guests) > 0 {
			who = strings.Join(x.Guests, ", ")
		}
		c := html.CalendarChange{ID: fmt.Sprintf("%s-%d", x.Calendar, n), UID: x.UID, Was: v.stretch(x.At, x.Minutes), Action: "/settings/calendar/" + x.Calendar.String() + "/change",
			Note: who + " is told in some minutes. Put it back before, and nobody hears of it."}
		if len(x.Guests) != 1 {
			c.Note = strings.Replace(c.Note, " is told", " are told", 1)
		}
		switch {
		case x.Gone:
			c.Text, c.Follow = "“"+x.Title+"” is gone from your calendar.", "Cancel it now"
		case x.To.IsZero():
			c.Text = "“" + x.Title + "” was changed in your calendar."
		default:
			c.Text, c.Follow = "“"+x.Title+"” was moved in your calendar to "+v.stretch(x.To, x.Length)+".", "Tell them now"
		}
		if x.Why != "" {
			c.Note = x.Why + " Nobody is told before you say so."
		}
		out = append(out, c)
	}
	return out
}

// settleChange does what the member wants of a change in their calendar.
func settleChange(v *visit) (string, error) {
	id, err := calendarID(v)
	if err != nil {
		return "", err
	}
	how := desk.SettleChange(v.PostFormValue("do"))
	if how != desk.FollowIt && how != desk.PutBack && how != desk.LeaveIt {
		return "", dottedline.Wrong("Press one of the buttons.", "That is nothing that can be done.")
	}
	return v.back("/now"), v.desk.SettleCalendarChange(v.Context(), v.actor, id, v.PostFormValue("uid"), how)
}
