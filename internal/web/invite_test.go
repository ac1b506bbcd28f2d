package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dottedline/mail"
)

// calendarMail delivers a mail of a calendar program from person 0.
func (h *house) calendarMail(id, method string, lines ...string) {
	h.t.Helper()
	part := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nMETHOD:" + method + "\r\nBEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	raw, err := mail.Compose(mail.Draft{MessageID: id + "@example.com", Date: h.Now(), From: mail.Address{Name: names[0], Addr: address(0)}, To: []mail.Address{{Addr: "sam@pine.example.com"}},
		Subject: "Invitation: Pilot", Text: "See the calendar.", Calendar: []byte(part), Method: method})
	if err != nil {
		h.t.Fatal(err)
	}
	h.deliver(strings.ReplaceAll(string(raw), "\r\n", "\n"))
}

// TestInvitationWithoutScripts: an invitation is answered on Now or on the deal;
// a meeting of ours is invited to, answered, moved and cancelled by forms.
func TestInvitationWithoutScripts(t *testing.T) {
	t.Parallel()
	h := furnished(t, 1)
	at := h.Now().Add(49 * time.Hour).Truncate(time.Minute)
	stamp := h.Now().Format("20060102T150405Z")
	h.calendarMail("i1", "REQUEST", "UID:e1@example.com", "DTSTAMP:"+stamp, "DTSTART:"+at.Format("20060102T150405Z"), "DURATION:PT45M", "SUMMARY:Pilot",
		"ORGANIZER;CN="+names[0]+":mailto:"+address(0), "ATTENDEE;RSVP=TRUE:mailto:sam@pine.example.com")
	v := h.visitor()
	v.get("/now")
	v.sees("Asked to meet", names[0]+" asks to meet: Pilot", at.Format("Mon 2 January, 15:04"), "Accept", "Perhaps", "Decline")
	act := v.match(`action="(/invitations/[a-z0-9]+)"`)
	v.get(act + "/time")
	v.sees("Another time for Pilot", names[0]+" asks for "+at.Format("Mon 2 January, 15:04"), "When you are free")
	v.post(act+"/time", "at", "1")
	v.sees("You are not free then any more.", "When you are free")
	free := v.match(`<option value="([0-9]+)"`)
	v.post(act+"/time", "at", free, "words", "Would that do?")
	if sent := h.sentTexts(); len(sent) != 1 || !strings.Contains(sent[0], "Sam Field proposes another time for Pilot") || !strings.Contains(sent[0], "Would that do?") {
		t.Errorf("sent %q", sent)
	}
	v.get("/now")
	v.sees("You proposed ")
	v.post(act, "answer", "so what")
	if v.code != 400 && v.code != 422 {
		t.Errorf("no answer is answered %d", v.code)
	}
	v.get("/now")
	v.post(act, "answer", "accept", "words", "Gladly.")
	v.lacks("Asked to meet")
	sent := h.sentTexts()
	if len(sent) != 1 || !strings.Contains(sent[0], "Sam Field accepts: Pilot") || !strings.Contains(sent[0], "Gladly.") {
		t.Errorf("sent %q", sent)
	}
	v.get(v.dealAt(h))
	v.sees("You accepted.", "Accepted: Pilot")

	deal := v.dealAt(h)
	v.get(deal)
	v.post(deal+"/meetings", "at", at.Add(24*time.Hour).Format("2006-01-02T15:04"), "minutes", "30", "place", "Room 2")
	v.sees("Who comes, and when", "Send an invitation", names[0]+", "+address(0))
	meeting := v.match(`action="(/meetings/[a-z0-9]+)/invite"`)
	v.post(meeting + "/invite")
	v.sees("The invitation is for nobody.")
	v.get(meeting)
	v.post(meeting+"/invite", "person", v.match(`name="person" value="([a-z0-9]+)"`))
	v.sees("has not answered")
	if sent = h.sentTexts(); len(sent) != 1 || !strings.Contains(sent[0], "Where: Room 2") {
		t.Errorf("sent %q", sent)
	}
	uid := "dottedline-m-" + strings.TrimPrefix(meeting, "/meetings/")
	h.calendarMail("r1", "REPLY", "UID:"+uid, "DTSTAMP:"+h.Now().Format("20060102T150405Z"), "SEQUENCE:0", "ORGANIZER:mailto:sam@pine.example.com", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:"+address(0), "COMMENT:I will try.")
	v.get(meeting)
	v.sees("may come", "I will try.")
	other := at.Add(30 * time.Hour)
	h.calendarMail("c1", "COUNTER", "UID:"+uid, "DTSTAMP:"+h.Now().Add(time.Minute).Format("20060102T150405Z"), "SEQUENCE:0", "DTSTART:"+other.Format("20060102T150405Z"), "DURATION:PT30M", "ORGANIZER:mailto:sam@pine.example.com", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:"+address(0))
	v.get("/now")
	v.sees(names[0]+" proposes another time: ", other.Format("Mon 2 January, 15:04"), "instead of "+at.Add(24*time.Hour).Format("Mon 2 January, 15:04"))
	v.get(deal)
	v.sees("proposes another time")
	v.get(meeting)
	v.sees("Proposes "+other.Format("Mon 2 January, 15:04"), "Move it there", "Keep the time")
	v.post(meeting+"/proposal", "who", address(0), "take", "no")
	v.lacks("Proposes")
	if sent = h.sentTexts(); len(sent) != 1 {
		t.Errorf("%d mails keep the time", len(sent))
	}
	v.post(meeting+"/move", "at", "tomorrow", "minutes", "30")
	v.sees("is not a time")
	v.get(meeting)
	v.post(meeting+"/move", "at", other.Format("2006-01-02T15:04"), "minutes", "45", "place", "Room 3")
	v.sees("has not answered", `value="45"`, `value="Room 3"`)
	v.post(meeting + "/cancel")
	if sent = h.sentTexts(); len(sent) != 2 { // moved, cancelled
		t.Errorf("%d mails tell it: %q", len(sent), sent)
	}
}

// dealAt is the address of the page of the house's only deal.
func (v *visitor) dealAt(h *house) string {
	v.t.Helper()
	p, err := h.DealNames(v.t.Context(), h.me, 1)
	if err != nil || len(p) == 0 {
		v.t.Fatal(fmt.Errorf("no deal: %w", err))
	}
	return "/deals/" + p[0].ID.String()
}
