package web

import (
	"time"

	"github.com/a-h/templ"

	"dottedline/internal/web/html"
)

// sample is one page with made-up people, for the tests that look at pages.
type sample struct {
	name string
	page templ.Component
}

func shell(assets, title, page string) html.Shell {
	return html.Shell{
		Title: title, Page: page, Assets: assets, Stream: "/live?page=none",
		Rail: html.Rail{Now: "7", Deals: "23", Foot: []html.Line{{Text: "Mail read 12 seconds ago."}}},
	}
}

var laterSample = []html.Choice{
	{Value: "tonight", Label: "Tonight", Note: "19:00"}, {Value: "tomorrow", Label: "Tomorrow", Note: "Tue 09:00"},
	{Value: "monday", Label: "Monday", Note: "30 Nov 09:00"}, {Value: "week", Label: "In a week", Note: "30 Nov 14:10"},
}

var kinds = []html.Choice{{Value: "sale", Label: "Sale", Chosen: true}, {Value: "funding", Label: "Funding"}, {Value: "job", Label: "Job"}, {Value: "partnership", Label: "Partnership"}, {Value: "advice", Label: "Advice"}}

func stops(made int) []html.Stop {
	s := []html.Stop{{Name: "Talking", When: "3 Nov"}, {Name: "Asked", When: "12 Nov"}, {Name: "Yes", When: "17 Nov"}, {Name: "Signed"}}
	for i := range s {
		switch {
		case i < made:
			s[i].State = "made"
		case i == made:
			s[i].State, s[i].When = "next", ""
		default:
			s[i].State, s[i].When = "yet", ""
		}
	}
	return s
}

func nowSample(assets string) html.Now {
	row := func(id, person, company, why, cost string, ours bool, since, act string) html.Row {
		return html.Row{ID: id, Person: person, Company: company, Why: why, Cost: cost, Ball: html.Ball{Ours: ours, Since: since}, Act: act, Href: "/now?open=" + id, Deal: "/deals/" + id, LaterURL: "/deals/" + id + "/later"}
	}
	return html.Now{
		Shell: shell(assets, "Now", "now"),
		Cost:  "$3,184", Sub: "Seven people are waiting. The first three take eleven minutes and are most of it.",
		Hero: &html.Card{
			ID: "d1", Person: "Maya Okafor", Company: "Northwind Labs", Cost: "$1,140",
			Why:  "She answered 19 hours ago and waits for you. You usually take 18 minutes.",
			Path: stops(2), Ball: html.Ball{Ours: true, Since: "19 h", Work: "1 minute of work"},
			Heard: "Numbers work for us. One question on the notice period, can we talk at four?",
			Reply: html.Reply{Action: "/deals/d1/send", ID: "r1", Deal: "d1", Draft: "/deals/d1/draft", To: "Maya Okafor", Subject: "Re: Forty seats",
				Text: "Maya, four works well, I will call you then. On the notice period: it is 30 days, from either side, and I am happy to put that into the agreement.\n\nSam"},
			SendLabel: "Send the answer", LaterHref: "/deals/d1/later",
		},
		Rows: []html.Row{
			row("d2", "Tomás Herrera", "Harbor & Pine", "Asked for the security answers.", "$870", true, "3 h", "Answer"),
			row("d3", "Łucja Šimůnková", "Brightwell Clinics", "Wants to know if it runs on their own server, and who keeps the keys when somebody leaves the team in the middle of a quarter.", "$415", true, "40 min", "Answer"),
			row("d4", "Ingrid Dahl", "Fernhill Foods", "Usually answers within 2 hours, silent for 26.", "$390", false, "1 d", "Nudge"),
			row("d5", "Kwame Mensah", "Atlas Rowing", "Usually answers within 2 hours, silent for 26.", "$214", false, "26 h", "Nudge"),
		},
		Below: []html.Row{row("d6", "Lena Fischer", "Quillon", "Asked to be reminded in January.", "$9", false, "12 d", "Nudge")},
		Offers: []html.Offer{
			{ID: "o1", Person: "Aiko Tanaka", Company: "Lumen Schools", Subject: "Re: A pilot with two classes", Action: "/offers/o1", Currency: "USD", Kinds: kinds},
			{ID: "o2", Person: "Sofia Rossi", Company: "Copperline", Subject: "Re: Intro from Dana", Action: "/offers/o2", Currency: "USD", Kinds: kinds},
		},
		Later: laterSample,
		OtherTimes: []html.OtherTime{{ID: "m1-0", Who: "Dana Whitfield", Title: "A talk with Dana Whitfield", When: "Thu 26 November, 11:00 to 11:30", Was: "Wed 25 November, 10:00 to 10:30", Words: "A day later would be better.",
			Address: "dana@northwind.example.com", Action: "/meetings/m1/proposal", Deal: "/deals/d1", DealName: "Northwind Labs"},
			{ID: "m2-1", Who: "Omar Haddad", Title: "Pilot, first look", When: "Fri 27 November, 09:00 to 09:45", Was: "Thu 26 November, 09:00 to 09:45", Address: "omar@brightwell.example.com", Action: "/meetings/m2/proposal", Deal: "/deals/d2", DealName: "Brightwell", Note: "Something else is in the calendar then."}},
		Invites: []html.Invite{{ID: "i1", Title: "Pilot, first look", When: "Tue 24 November, 15:00 to 15:45", Place: "https://meet.example.com/pilot", From: "Dana Whitfield", Deal: "/deals/d1", DealName: "Northwind Labs", Note: "Something else is in your calendar then."}},
	}
}

func rallySample() *html.Rally {
	h := func(ours bool, hours float64, text string) html.Hit {
		return html.Hit{Ours: ours, Gap: time.Duration(hours * float64(time.Hour)), Text: text}
	}
	wait := h(true, 19, "19 h, your ball")
	return &html.Rally{
		Them: "Maya Okafor", Lead: "You answer in 18 minutes. Maya answers in 2 hours, and waits for you now.",
		Said: "Eleven messages. Maya answers in 2 hours at the median, you in 18 minutes.",
		Hits: []html.Hit{h(false, 0, ""), h(true, .2, "12 m"), h(false, 1.1, "1 h"), h(true, .4, "24 m"), h(false, 18, "18 h"), h(true, .15, "9 m"), h(false, 2.2, "2 h"), h(true, .6, "36 m"), h(false, 26, "1 d"), h(true, .3, "18 m"), h(false, .8, "48 m")},
		Wait: &wait,
	}
}

func dealSample(assets string) html.Deal {
	return html.Deal{
		Shell: shell(assets, "Northwind Labs", "deals"), ID: "d1", Name: "Northwind Labs", Sub: "Maya Okafor. Sale, $28,800.", Cost: "$1,140",
		Path: stops(2), Ball: html.Ball{Ours: true, Since: "19 h", Work: "for 19 hours"}, LaterHref: "/deals/d1/later", Later: laterSample,
		Reply: html.Reply{Action: "/deals/d1/send", ID: "r1", Deal: "d1", Draft: "/deals/d1/draft", To: "Maya Okafor", Text: "Maya, four works well, I will call you then.\n\nSam",
			Choices: []html.Choice{{Value: "t1", Label: "Quick answer"}, {Value: "t2", Label: "Nudge"}}},
		Invites: []html.Invite{{ID: "i1", Title: "Pilot, first look", When: "Tue 24 November, 15:00 to 15:45", From: "Dana Whitfield", Answer: "You accepted."},
			{ID: "i2", Title: "Contract review", When: "Repeats, next Wed 25 November, 09:00 to 09:30", Place: "Room 4", From: "Maya Okafor", Theirs: true, Note: "It is anna@pine.example.com who was invited."}},
		ReplyLabel: "Your mail to Maya", WriteLabel: "Answer Maya", Rally: rallySample(),
		Timeline: []html.Moment{
			{When: "now", By: "yet", Text: "Your answer is ready."},
			{When: "Tue 15:21", Stamp: "2026-11-17T15:21:00Z", By: "them", Said: "Yes, let’s do it. Send me whatever I need to sign, and I’ll get it past Dana this week.", Note: "Maya Okafor, by mail.", Href: "/messages/m3"},
			{When: "Tue 15:12", Stamp: "2026-11-17T15:12:00Z", By: "own", Said: "Dana decides on anything above 25,000.", Note: "Note"},
			{When: "Tue 12:00", Stamp: "2026-11-17T12:00:00Z", By: "machine", Text: "Automatic reply: out of office until Monday.", Href: "/messages/m2"},
			{When: "Mon 08:55", Stamp: "2026-11-16T08:55:00Z", By: "you", Said: "Here are both prices side by side, and the note from the team in Oslo that went through this last spring.", Note: "You, by mail.", Href: "/messages/m1"},
		},
		Older:   "/deals/d1?before=t0",
		Ask:     &html.Ask{Text: "Will you sign for forty seats, starting the first of December?", State: "Asked on Tuesday. Maya said yes."},
		Closing: closingSample(),
		People: []html.Member{
			{ID: "p1", Name: "Maya Okafor", Note: "maya@northwind.example.com", Given: "1 gift, 2 asks"}, {ID: "p2", Name: "Dana Whitfield", Note: "dana.whitfield@northwind.example.com"},
		},
		Threads: []html.Thread{{ID: "t1", Subject: "Forty seats", Note: "9 messages, last on Tuesday"}, {ID: "t2", Subject: "Notice period", Note: "2 messages, last on Monday"}},
		Form:    html.DealForm{Name: "Northwind Labs", Value: "28800", Currency: "USD", Kinds: kinds, Steps: []html.Choice{{Value: "yes", Label: "They said yes"}, {Value: "no", Label: "They said no"}, {Value: "quiet", Label: "Gone quiet"}}},
		Others:  []html.Choice{{Value: "d2", Label: "Harbor & Pine"}, {Value: "d3", Label: "Brightwell Clinics"}},
	}
}

func introduceSample(assets string) html.Introduce {
	return html.Introduce{Shell: shell(assets, "Introduce Maya Okafor", "deals"), Deal: "d1", Person: "Maya Okafor", Press: "p1", Address: "omar@brightwell.example.com", Could: []html.Choice{{Value: "priya@brightwell.example.com", Label: "Priya Raman"}},
		Why: "You both look for a way to keep front desks calm.", Problem: &html.Problem{Text: "Write the name of omar@brightwell.example.com, too.", Hint: "The other side reads it when they are asked."}}
}

func proposeTimeSample(assets string) html.ProposeTime {
	return html.ProposeTime{Shell: shell(assets, "Another time", "now"), Title: "Pilot, first look", From: "Dana Whitfield", When: "Tue 24 November, 15:00 to 15:45", Action: "/invitations/i1/time", Back: "/deals/d1", Goes: "It repeats: the proposal is for this one time. To move all of them, write to Dana Whitfield.",
		Problem: &html.Problem{Text: "You are not free then any more.", Hint: "Choose another time; the list is fresh."},
		Days:    []html.TimeDay{{Name: "Wednesday 25 November", Times: []html.Choice{{Value: "1", Label: "Wed 25 November, 09:00"}, {Value: "2", Label: "Wed 25 November, 09:15"}}}, {Name: "Thursday 26 November", Times: []html.Choice{{Value: "3", Label: "Thu 26 November, 10:00"}}}}}
}

func introductionSample(assets string, done bool) html.Introduction {
	return html.Introduction{Assets: assets, Action: "/introduction/s1", From: "Sam Field", Team: "Acme", Other: "Omar Haddad of Brightwell", Why: "You both look for a way to keep front desks calm.", Answer: "Yes, please", Before: "Rather not", Yes: true, Open: true, Done: done}
}

func dealsSample(assets string) html.Deals {
	line := func(id, name, person string, made int, cost string, ours bool, since string) html.DealLine {
		return html.DealLine{ID: id, Name: name, Person: person, Cost: cost, Path: stops(made), PathSaid: "Next: " + stops(made)[min(made, 3)].Name, Ball: html.Ball{Ours: ours, Since: since}}
	}
	lines := []html.DealLine{
		line("d1", "Northwind Labs", "Maya Okafor", 3, "$1,140", true, "19 h"), line("d2", "Copperline", "Sofia Rossi", 2, "$455", false, "5 h"),
		line("d3", "Fernhill Foods", "Ingrid Dahl", 2, "$390", false, "1 d"), line("d4", "Brightwell Clinics and Daughters International", "Łucja Šimůnková", 1, "$415", true, "40 min"),
		line("d5", "Quillon", "Lena Fischer", 1, "", false, "12 d"),
	}
	lines[1].Hit = "… the notice period is what Dana asked about …"
	return html.Deals{
		Shell: shell(assets, "Deals", "deals"), Lead: "Twenty-three deals,", LeadQuiet: "four past the yes.", Sub: "$412,000 is open. The ball lies with you in seven of them.",
		Paths: []html.Choice{{Label: "Anywhere on the path"}, {Value: "talking", Label: "Talking"}}, Balls: []html.Choice{{Label: "Any ball"}, {Value: "ours", Label: "Your ball"}},
		Heads: []string{"Talking", "Asked", "Yes", "Signed"}, Lines: lines, Kinds: kinds, Currency: "USD",
		More: html.More{Label: "Show 100 more", Get: "/deals?rows=200", Href: "/deals?rows=200#line-d5"}, Top: "/deals",
	}
}

func samples(assets string) []sample {
	settings := shell(assets, "Settings", "settings")
	now := nowSample(assets)
	clear, first, reading, sent, unsure, further := now, now, now, now, now, now
	further.Hero, further.Offers, further.Invites, further.Top = nil, nil, nil, "/now"
	further.More = html.More{Label: "Show 50 more", Get: "/now?rows=100", Href: "/now?rows=100#row-d6"}
	clear.Clear, clear.Hero, clear.Offers = &html.Clear{Text: "Every ball is on their side. You answered eleven people today, in nine minutes at the median."}, nil, nil
	first.First, first.Offers = &html.FirstRun{Text: "Dottedline reads your mail, finds whom you deal with, and says whose move it is. Connect one mailbox to begin."}, nil
	reading.First = &html.FirstRun{Reading: true, Percent: 38, Text: "7,612 of 20,031 messages, newest first. Deals appear as they are found."}
	sent.Toast = html.Toast{Text: "Going out to Maya", Undo: "/outbox/x/undo"}
	unsure.Unsure = []html.Unsent{{ID: "x1", Text: "Your mail to kwame@atlas.example.com may have gone out: the connection was cut before the server said so. Look into your Sent folder.", Maybe: true}}
	unsure.Rows = append([]html.Row(nil), unsure.Rows...)
	unsure.Changes = changesSample("c1")
	unsure.Rows[0].Said = "Could you send the security answers before Thursday?"
	deal, writing := dealSample(assets), dealSample(assets)
	writing.Writing, writing.Reply.Editable, writing.Reply.Subject = true, true, "Re: Forty seats"
	boxes := []html.Mailbox{
		{ID: "b1", Address: "sam@acme.example.com", Servers: "imap.acme.example.com:993, smtp.acme.example.com:465", State: "In step, listening", Percent: 100,
			Folders: []html.Folder{{Name: "Inbox", Synced: "12 seconds ago", Count: "8,412"}, {Name: "Sent", Synced: "2 minutes ago", Count: "3,120"}},
			Odd:     []string{"* 14 XYZZY (unknown)"}, Aliases: []html.Alias{{Address: "hello@acme.example.com", Kind: "sale"}}, Kinds: kinds},
		{ID: "b2", Address: "sales@acme.example.com", Servers: "imap.acme.example.com:993", State: "Reading history", Percent: 38, Progress: "7,612 of 20,031 messages, about two minutes left.",
			Problem: &html.Problem{Text: "The server does not accept the password.", Hint: "Change it here; Dottedline tries again by itself every few minutes."},
			Folders: []html.Folder{{Name: "Inbox", Synced: "1 hour ago", Count: "7,612", Problem: "signing in failed"}}},
	}
	safety := []html.Choice{{Value: "tls", Label: "TLS"}, {Value: "starttls", Label: "STARTTLS"}}
	entry := html.Entry{Assets: assets, Action: "/sign-in", Team: "Acme"}
	refused := entry
	refused.Problem = &html.Problem{Text: "That address and password do not go together.", Hint: "Wait a moment before you try again."}
	head := html.MeetingHead{Person: "Priya Raman", Sub: "Brightwell Clinics, Pilot", Soon: "In 40 minutes", When: "11:00 to 11:45", Join: "https://meet.example.com/x", Deal: "/deals/d1"}
	parts := []html.AgendaPart{{Title: "Hello", At: "11:00", Width: 3, To: 5}, {Title: "Who Priya is, what Priya wants", At: "11:05", Width: 8, From: 5, To: 18}, {Title: "The ask", At: "11:18", Width: 5, From: 18, To: 28, Ask: true},
		{Title: "The answer, the next step", At: "11:28", Width: 6, From: 28, To: 40}, {Title: "The end", At: "11:40", Width: 3, From: 40, To: 45, Late: true}}
	ask := "Will you run a paid pilot in two clinics, starting 12 January?"
	asks := shell(assets, "The ask", "asks")
	coming := html.Coming{Action: "/meetings/m1", Moves: true, At: "2026-11-24T15:00", Minutes: "45", Place: "Room 2", Invited: true, Could: []html.Choice{{Value: "p1", Label: "Maya Okafor, maya@northwind.example.com", Chosen: true}},
		People: []html.Comer{{Name: "Maya Okafor", Address: "maya@northwind.example.com", Answer: "may come", Words: "I will try.", To: "Wed 25 November, 09:00 to 09:45"}, {Name: "Dana Whitfield", Answer: "accepted"}}}
	brief := html.Brief{Shell: asks, Coming: coming, MeetingHead: head, Action: "/meetings/m1", Purpose: "A pilot", Ask: ask, Why: "One clinic where it worked", Plain: "One question.", Parts: parts, Lines: "5 Hello\n10 The ask *",
		Facts: []string{"Priya usually answers within 4 hours."}, Wants: []html.Want{{Words: "I need the front desks to stop drowning by spring.", Where: "Their mail of 13 Nov", Href: "/messages/m3"}}, Connects: "The ask speaks to it: clinic."}
	bare := brief
	bare.Ask, bare.Plain, bare.Gaps, bare.Violations, bare.Wants, bare.NoAsk = "", "", []string{"Write what you hope they will do, in one sentence."}, []string{"The ask comes too late: it reaches into the last five minutes."}, nil, true
	jots := []html.Jot{{ID: "j1", When: "11:04", Kind: "note", Text: "The board meets in March."}, {ID: "j2", When: "11:20", Kind: "asked"}, {ID: "j3", When: "11:22", Kind: "answer", Text: "I have to ask Omar."}}
	after := html.After{Shell: asks, MeetingHead: head, Action: "/meetings/m1", Ask: ask, AskID: "a1", Verdict: "Yes, a good one.", Because: "You asked: late, in a list, not answered.", Said: true, Transcript: true, File: "pilot.vtt", Position: .93,
		Segments: []html.Segment{{Text: "and "}, {Text: "oh by the way", Mark: true}, {Text: " could a pilot be something in January?"}},
		Checks:   []html.HeardCheck{{OK: true, What: "Asked", Note: "at 41:20"}, {What: "Late", Note: "in the last five minutes"}, {What: "Not answered", Note: "“Great, thanks so much”"}},
		Requests: []html.AskLine{{Ask: "Can you send the slides?", When: "41:02"}}, Notes: []string{"Your name was not found."}, Unread: []string{"Line 7: no time."}, Jots: jots, Recaps: []string{"The recap is on its way."},
		Recap: &html.RecapForm{Action: "/asks/a1/recap", Press: "p1", First: "Priya, will you run a paid pilot in two clinics, starting 12 January?", Body: "That is what I most hoped to ask you.", To: "priya@brightwell.example.com", Answers: []string{"Yes", "Not now", "No", "That’s not what I understood"}}}
	recap := html.RecapAnswer{Assets: assets, Action: "/recap/s1", From: "Sam Field", Team: "Acme", Ask: "Priya, will you run a paid pilot?", Answer: "Not now", Before: "Yes"}
	thanks := recap
	thanks.Done = true
	next := []html.NextMeeting{{Href: "/meetings/m1", When: "Tue 11:00", Person: "Priya Raman", Deal: "Brightwell", Ask: ask}, {Href: "/meetings/m2", When: "Wed 09:00", Person: "Maya Okafor", Deal: "Northwind Labs"}}
	lines := []html.AskLine{{Href: "/meetings/m1/after", Person: "Priya Raman", Deal: "Brightwell", Ask: ask, Outcome: "Turned down", When: "12 Nov", Good: true}}
	deal.Gifts = &html.GiftSide{Count: "Two gifts, one ask.", Given: []html.GivenLine{{Title: "How others begin", Note: "Mon 08:55, opened Tue 15:21"}}, Could: []html.Choice{{Value: "g1", Label: "How others begin"}},
		Introductions: []html.IntroLine{{ID: "i2", Who: "Omar Haddad", Note: "Maya Okafor said yes. Can answer until 17 December", Back: true}, {ID: "i1", Who: "Sofia Rossi", Note: "Introduced Monday"}}}
	unsure.Refusals = []html.Refusal{{ID: "i3", Who: "Omar Haddad", Other: "Maya Okafor", Deal: "/deals/d1"}}
	unsure.Taken, unsure.Renew = []html.Refusal{{ID: "i4", Who: "Priya Raman", Other: "Maya Okafor", Deal: "/deals/d1"}}, true
	deal.Asks, deal.Reads = html.DealAsks{Deal: "d1", Counts: "1 turned down", Lines: lines, Meetings: next}, "Reads like “not now”, 78% sure: “in March”."
	return []sample{
		{"calendar", html.CalendarPage(calendarSample(settings))}, {"calendar-new", html.ConnectCalendarPage(html.CalendarForm{Shell: settings})},
		{"notices", html.NoticesPage(noticesSample(settings))}, {"webhooks", html.WebhooksPage(webhooksSample(settings))}, {"webhooks-member", html.WebhooksPage(html.WebhookSettings{Shell: settings})},
		{"webhook-log", html.WebhookLogPage(webhookLogSample(settings))}, {"now-late", html.NowPage(lateSample(assets))},
		{"gifts", html.GiftsPage(html.GiftSettings{Shell: settings, Gifts: []html.GiftForm{{ID: "g1", Title: "How others begin", Text: "A first week.", Kinds: kinds, Given: "given three times", Open: true}, {Kinds: kinds}}})},
		{"drafts", html.DraftsPage(draftsSample(settings))}, {"drafts-off", html.DraftsPage(html.DrafterSettings{Shell: settings, Owner: true})}, {"drafts-member", html.DraftsPage(html.DrafterSettings{Shell: settings, On: true, URL: "http://127.0.0.1:11434/v1", Model: "llama3.1"})},
		{"now-model", html.NowPage(modelSample(assets))}, {"deal-model", html.DealPage(writtenSample(assets))},
		{"gift", html.GiftPage(html.Gift{Assets: assets, From: "Acme", Title: "How others begin", Text: "A first week with forty seats.", URL: "https://example.com/"})}, {"gift-closed", html.GiftPage(html.Gift{Assets: assets, From: "Acme", Title: "How others begin", Closed: true})},
		{"booked-held", html.BookedPage(html.Booked{Assets: assets, Head: "A time for you.", What: "A talk", With: "Sam Field, Acme", When: "Tuesday 24 November 2026, 10:00 to 10:30 in New York", HostWhen: "Tue 16:00 in Oslo", Confirm: "/booking", Until: "Tue 12:00"})},
		{"booked-off", html.BookedPage(html.Booked{Assets: assets, Head: "Cancelled.", What: "A talk", With: "Sam Field, Acme", When: "Tuesday 24 November 2026, 10:00 to 10:30 in New York", Again: "/b/sam"})}, {"book-move", html.BookingPage(movingSample(assets))},
		{"introduce", html.IntroducePage(introduceSample(assets))}, {"proposetime", html.ProposeTimePage(proposeTimeSample(assets))}, {"introduction", html.IntroductionPage(introductionSample(assets, false))}, {"introduction-done", html.IntroductionPage(introductionSample(assets, true))},
		{"book", html.BookingPage(bookingSample(assets, false))}, {"book-form", html.BookingPage(bookingSample(assets, true))},
		{"booked", html.BookedPage(html.Booked{Assets: assets, Head: "Booked.", What: "A talk", With: "Sam Field, Acme", When: "Tuesday 24 November 2026, 10:00 to 10:30 in New York", HostWhen: "Tue 16:00 in Oslo", Address: "maya@northwind.example.com", MoveHref: "/booking", Cancel: "/booking"})},
		{"asks", html.AsksPage(html.Asks{Shell: asks, Lead: "Three asks,", LeadQuiet: "two answered.", Sub: "Turned down is better than not to know whether they know.", Next: next, Lines: lines,
			Counts: []html.AskCount{{Name: "Yes", Count: "1"}, {Name: "Turned down", Note: "better than not known", Count: "1"}, {Name: "Not known", Note: "they may not know", Count: "1", Yet: true}}})},
		{"brief", html.BriefPage(brief)}, {"brief-none", html.BriefPage(bare)},
		{"run", html.RunPage(html.Run{Shell: asks, MeetingHead: head, Action: "/meetings/m1", After: "/meetings/m1/after", ID: "m1", Start: "2026-11-17T11:00:00Z", Minutes: "45", Ask: ask, Parts: parts, Jots: jots, Press: "p1"})},
		{"after", html.AfterPage(after)}, {"recap", html.RecapPage(recap)}, {"recap-done", html.RecapPage(thanks)},
		{"now", html.NowPage(now)}, {"now-clear", html.NowPage(clear)}, {"now-first", html.NowPage(first)}, {"now-reading", html.NowPage(reading)}, {"now-sent", html.NowPage(sent)}, {"now-unsure", html.NowPage(unsure)}, {"now-further", html.NowPage(further)},
		{"deal", html.DealPage(deal)}, {"deal-write", html.DealPage(writing)}, {"deals", html.DealsPage(dealsSample(assets))},
		{"letter", html.LetterPage(html.Letter{Shell: shell(assets, "Forty seats", "deals"), Subject: "Re: Forty seats", From: "Maya Okafor <maya@northwind.example.com>", To: "Sam Field <sam@acme.example.com>", When: "Tuesday 17 November 2026, 15:21",
			Deal: "Northwind Labs", DealHref: "/deals/d1", Text: "Yes, let’s do it.\n\nMaya\n\n> Will you sign for forty seats?", Remote: "/messages/m3?pictures=1", Files: []html.LetterFile{{Name: "terms.pdf", Size: "112 kB", Href: "/messages/m3/files/1"}}})},
		{"mail", html.MailPage(html.MailSettings{Shell: settings, Boxes: boxes, Ask: "dana@northwind.example.com", Answers: []html.Why{{Text: "It is here, as a newsletter.", Note: "Tue 12:00, “Our November news”. Newsletters never move the ball.", Href: "/messages/m2"}}})},
		{"mail-new", html.MailFormPage(html.MailForm{Shell: settings})},
		{"mail-form", html.MailFormPage(html.MailForm{Shell: settings, Guessed: true, Address: "sam@example.com", User: "sam@example.com", Auth: []html.Choice{{Value: "password", Label: "Password"}}, IMAP: html.Server{Host: "imap.example.com", Port: "993", Safety: safety}, SMTP: html.Server{Host: "smtp.example.com", Port: "465", Safety: safety},
			Help: &html.MailHelp{Title: "Gmail wants an app password.", Steps: []string{"Turn on 2-Step Verification.", "Make an app password named Dottedline.", "Paste its 16 letters below."}, Href: "https://myaccount.google.com/apppasswords", HrefLabel: "Make an app password"}})},
		{"hours", html.HoursPage(html.HoursSettings{Shell: settings, Zone: "Europe/Berlin", Zones: []string{"Europe/Berlin", "Europe/London"}, Holidays: "2026-12-25\n2026-12-26",
			Days: []html.WorkDay{{Key: "mon", Name: "Monday", From: "09:00", To: "17:30", On: true}, {Key: "sat", Name: "Saturday", From: "09:00", To: "17:30"}}})},
		{"replies", html.RepliesPage(html.ReplySettings{Shell: settings, Templates: []html.ReplyTemplate{{ID: "t1", Name: "Quick answer", Text: "Hi {{first}},\n\nthank you.", When: []html.Choice{{Value: "answer", Label: "They wait for an answer", Chosen: true}}}, {When: []html.Choice{{Value: "answer", Label: "They wait for an answer"}}}},
			Shipped: []html.ReplyTemplate{{Name: "A friendly nudge", WhenName: "They have been silent", Text: "{{greeting}}\n\nIs it still something you want to do?"}}, Fields: []html.Field{{Name: "{{first}}", What: "their first name"}, {Name: "{{deal}}", What: "the deal's name"}}})},
		{"members", html.MembersPage(html.MembersSettings{Shell: settings, Owner: true, Invite: "https://dottedline.example.com/join/abcdefgh", Team: "Acme", Currency: "USD", Unvalued: "1000", Minute: "1", Members: []html.WorkspaceMember{{ID: "m1", Name: "Sam Field", Email: "sam@acme.example.com", Role: "owner", Me: true}, {ID: "m2", Name: "Ada Lund", Email: "ada@acme.example.com", Role: "member"}}})},
		{"profile", html.ProfilePage(html.ProfileSettings{Shell: settings, Name: "Sam Field", Email: "sam@acme.example.com"})},
		{"sign-in", html.SignInPage(refused)}, {"setup", html.SetupPage(entry)}, {"join", html.JoinPage(entry)},
		{"wrong", html.WrongPage(html.Wrong{Assets: assets, Problem: html.Problem{Text: "Something went wrong on our side.", Hint: "Nothing was lost. Try again."}, Reference: "7f3a91c2", Back: "/now"})},
	}
}
