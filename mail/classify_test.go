package mail

import (
	"strings"
	"testing"
	"time"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	from := "From: Ann Lee <ann@example.com>\nTo: bob@example.org\nDate: Mon, 8 Jan 2024 10:00:00 +0100\nMessage-ID: <1@example.com>\n"
	right := 0
	cases := []struct {
		name, raw string
		want      Kind
	}{
		{"a person", from + "Subject: Offer\n\nHello\n", Person},
		{"a person whose signature names a newsletter", from + "Subject: Offer\n\nHello\n\n-- \nAnn\nSubscribe to our newsletter! To unsubscribe click here.\n", Person},
		{"a person who writes of a bounce", from + "Subject: Re: Undelivered Mail Returned to Sender\nIn-Reply-To: <0@example.org>\n\nYour last mail could not be delivered to us, user unknown.\n", Person},
		{"a person who forwards a bounce", from + "Subject: Fwd: Mail delivery failed\n\nSee below, please.\n", Person},
		{"a person who is out of office next week", from + "Subject: Re: Meeting\nIn-Reply-To: <0@example.org>\n\nI am out of office next week, can we do Monday?\n", Person},
		{"a person asks about annual leave", from + "Subject: On leave next week\nIn-Reply-To: <0@example.org>\n\nCan you take over?\n", Person},
		{"a person on a discussion list", from + "Subject: [x] Idea\nList-Id: <x.lists.example.com>\nList-Post: <mailto:x@lists.example.com>\nList-Unsubscribe: <mailto:u@example.com>\nPrecedence: list\n\nHello\n", Person},
		{"a person through a sales tool, in a thread", from + "Subject: Re: Offer\nIn-Reply-To: <0@example.org>\nList-Unsubscribe: <mailto:u@example.com>\n\nHello\n", Person},
		{"Auto-Submitted: no", from + "Subject: Offer\nAuto-Submitted: no\n\nHello\n", Person},
		{"a newsletter", from + "Subject: News\nList-Unsubscribe: <https://example.com/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n\nHello\n", Newsletter},
		{"bulk", from + "Subject: News\nPrecedence: bulk\n\nHello\n", Newsletter},
		{"a campaign", from + "Subject: News\nFeedback-ID: 1:2:example\n\nHello\n", Newsletter},
		{"an announcement list", from + "Subject: News\nList-Id: <news.example.com>\nList-Post: NO\n\nHello\n", Newsletter},
		{"auto-replied", from + "Subject: Re: Offer\nAuto-Submitted: auto-replied\n\nWe got your mail.\n", AutoReply},
		{"auto-replied, away", from + "Subject: Re: Offer\nAuto-Submitted: auto-replied\n\nI am on vacation until 15 January.\n", OutOfOffice},
		{"Exchange's away message", from + "Subject: Automatic reply: Offer\nX-Auto-Response-Suppress: All\n\nI am out of the office.\n", OutOfOffice},
		{"German away message", from + "Subject: Automatische Antwort: Angebot\n\nIch bin bis 15.01.2024 nicht im Büro.\n", OutOfOffice},
		{"French away message", from + "Subject: Réponse automatique : Offre\n\nJe suis absent jusqu'au 15 janvier 2024.\n", OutOfOffice},
		{"old vacation program", from + "Subject: away from my mail\nPrecedence: junk\nX-Autoreply: yes\n\nBack on Monday\n", OutOfOffice},
		{"no-reply", strings.Replace(from, "ann@", "no-reply@", 1) + "Subject: Your invoice\n\nHello\n", Notification},
		{"auto-generated", from + "Subject: Disk full\nAuto-Submitted: auto-generated\n\nHello\n", Notification},
		{"notifications@, in a list and a thread", strings.Replace(from, "ann@", "notifications@", 1) + "Subject: Re: [x] Bug\nIn-Reply-To: <0@example.org>\nList-Id: x <x.example.com>\nList-Unsubscribe: <mailto:u@example.com>\n\nHello\n", Notification},
		{"invitation", from + "Subject: Invitation\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n", Calendar},
		{"accepted invitation, method in the body only", from + "Subject: Accepted\nContent-Type: multipart/alternative; boundary=q\n\n--q\nContent-Type: text/plain\n\nyes\n--q\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n--q--\n", Calendar},
		{"a person with a calendar file", from + "Subject: Dates\nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain\n\nsee the file\n--q\nContent-Type: text/calendar; name=a.ics\nContent-Disposition: attachment; filename=a.ics\n\nBEGIN:VCALENDAR\nMETHOD:PUBLISH\nEND:VCALENDAR\n--q--\n", Person},
		{"read receipt", from + "Subject: Read: Offer\nContent-Type: multipart/report; report-type=disposition-notification; boundary=q\n\n--q\nContent-Type: text/plain\n\nread\n--q\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n--q--\n", Receipt},
		{"delivery receipt", from + "Subject: Delivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=q\n\n--q\nContent-Type: text/plain\n\ndelivered\n--q\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; bob@example.com\nAction: delivered\nStatus: 2.0.0\n--q--\n", Receipt},
	}
	for _, c := range cases {
		m, err := Parse([]byte(c.raw))
		if err != nil {
			t.Fatal(err)
		}
		v := Classify(m)
		if v.Kind != c.want {
			t.Errorf("WRONG %s: %s (%s), want %s", c.name, v.Kind, v.Why, c.want)
			continue
		}
		if v.Why == "" {
			t.Errorf("%s: no reason given", c.name)
		}
		right++
	}
	t.Logf("kinds: %d of %d right", right, len(cases))
	m, _ := Parse([]byte(cases[6].raw))
	if m.ListID != "x.lists.example.com" {
		t.Errorf("ListID = %q", m.ListID)
	}
}

func TestReturnDate(t *testing.T) {
	t.Parallel()
	sent := time.Date(2024, 1, 8, 10, 0, 0, 0, time.UTC) // a Monday
	for text, want := range map[string]string{
		"I am away until 15 January.":                      "2024-01-15",
		"I'll be back on January 15th, 2024.":              "2024-01-15",
		"I will return on Monday":                          "2024-01-15",
		"back on 2024-01-15":                               "2024-01-15",
		"Ich bin bis 15.01.2024 nicht im Büro.":            "2024-01-15",
		"Ich bin ab dem 15. Januar wieder erreichbar.":     "2024-01-15",
		"Je suis absente jusqu'au 15 janvier 2024.":        "2024-01-15",
		"Estaré fuera de la oficina hasta el 15 de enero.": "2024-01-15",
		"Sarò assente fino al 15 gennaio 2024":             "2024-01-15",
		"Ik ben afwezig tot 15 januari":                    "2024-01-15",
		"until 1/15/2024":                                  "2024-01-15",
		"back on 3 January":                                "2025-01-03",
		"away until 3/4/2024":                              "", // March or April
		"away until further notice":                        "",
		"I am out. For urgent matters call 089/12 34 56.":  "",
		"until 31 February 2024":                           "",
	} {
		got := ""
		if d := returnDate(text, sent); !d.IsZero() {
			got = d.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
