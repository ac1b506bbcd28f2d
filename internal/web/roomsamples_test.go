package web

import (
	"strings"

	"dottedline/internal/web/html"
	"dottedline/paper"
)

// agreementSample is a shipped template with the values of an invented deal.
func agreementSample() string {
	d, err := paper.Templates()[0].Merge(paper.Example())
	if err != nil {
		panic(err)
	}
	return d.HTML()
}

func markSample(name string) string {
	m, err := paper.TypedMark(name, nil)
	if err != nil {
		panic(err)
	}
	return m.SVG("Signature of " + name)
}

func roomSample(assets string) html.Room {
	step := func(id, what, who, state string, tick bool) html.RoomStep {
		return html.RoomStep{ID: id, Step: html.Step{What: what, Who: who, State: state}, Tick: tick}
	}
	room := html.Room{
		Assets: assets, Action: "/room/x", Stream: "/room/x/live", Ours: "Fieldnote", Theirs: "Northwind Labs", Hello: "Maya, here is what we agreed.",
		Terms: []string{"Forty seats for the operations teams in Leeds and Porto.", "$2,400 a month, from 1 December, for twelve months.", "Thirty days’ notice after the first six months, as you asked on Tuesday."},
		Paper: html.RoomPaper{Title: "The agreement", Length: "3 pages, 4 minutes to read", HTML: agreementSample(), PDF: "/room/x/agreement.pdf", Name: "agreement.pdf"},
		Steps: []html.RoomStep{step("s1", "We agreed", "Tuesday", "made", false), step("s2", "The agreement is sent", "Today", "made", false),
			step("s3", "Dana reads the terms", "by Wed 25", "yet", true), step("s4", "Sign it", "by Fri 27", "next", false), step("s5", "We begin", "Fieldnote, Tue 1 Dec", "yet", false)},
		Sign: &html.Signing{SHA256: "0a", Name: "Maya Okafor", Mark: markSample("Maya Okafor"), Intent: "By pressing Sign you sign this agreement.", Consent: "I agree to sign electronically."},
		Who:  "Maya Okafor, head of operations, Northwind Labs", First: "Maya", Seller: html.Seller{Name: "Jonas Lindqvist", First: "Jonas", Answers: "Answers in about 14 minutes", Booking: "/room/x/book"},
		Questions: []html.RoomQuestion{{Who: "You", When: "Tue 15:21", Text: "Can we start in January instead?", Answer: "Yes, gladly. I put the first of January into it.", Answered: "Jonas Lindqvist, Tue 15:35"},
			{Who: "You", When: "just now", Text: "“Net 30” in place of “net 14”, please.", Proposal: true}},
		Open: true, CanPlan: true, Proved: true, Records: []string{"When it was opened, read to its end, and signed.", "The network address and the browser, on the evidence page of the signed PDF."},
	}
	room.Steps[2].Move, room.Steps[2].Due = true, "2026-11-25"
	return room
}

func roomSamples(assets string) []sample {
	room := roomSample(assets)
	signed := roomSample(assets)
	signed.Sign, signed.Mark, signed.Signed, signed.State, signed.Sealed, signed.Open, signed.Questions = nil, room.Sign.Mark, "Signed and sealed.", "Thank you, Maya.", true, false, nil
	waits := roomSample(assets)
	waits.Sign, waits.State, waits.Quiet = nil, "Dana Whitfield signs first. You get a mail when it is your turn.", true
	door := html.Door{Assets: assets, Action: "/room/x", From: "Jonas Lindqvist", To: "m•••@northwind.example.com"}
	sent := door
	sent.Sent, sent.Problem = true, &html.Problem{Text: "That was not the code.", Hint: "You can try four more times."}
	ready, holes := readySample(assets), readySample(assets)
	holes.CanSend, holes.Holes, holes.Problems = false, []html.Hole{{Label: "Their legal name", Field: "Them.Name"}}, []string{"Terms.NetDays: “soon” is not a number."}
	holes.Fields[0].Hole, holes.Fields[0].Value = true, ""
	settings := shell(assets, "Settings", "settings")
	offered := dealSample(assets)
	offered.Closing = html.Closing{DealID: "d1", CanYes: true, Offered: &html.YesOffer{Before: "Thanks Sam. ", Words: "Yes, let’s do it.", After: " Send me whatever I need to sign.", Who: "Maya Okafor", When: "Tue 15:21", Mail: "m3", Person: "p1"}}
	bad := html.Verified{Name: "agreement.pdf", Lead: "This file was changed after it was sealed.", Sub: "Trust the one that was mailed to you.", Problems: []string{"Object 12 was replaced after the seal."}, Seals: []html.Sealed{{By: "Fieldnote", When: "17 Nov 2026, 15:40 UTC", Level: "PAdES B-B"}}, SHA256: strings.Repeat("0a1b", 16)}
	good := html.Verified{Name: "agreement.pdf", Whole: true, Lead: "Whole and unchanged.", Sub: "Sealed by Fieldnote on 17 Nov 2026.", Known: "It was sealed here.", Seals: bad.Seals, SHA256: bad.SHA256}
	return append([]sample{
		{"ready", html.ReadyPage(ready)}, {"ready-holes", html.ReadyPage(holes)}, {"deal-offered", html.DealPage(offered)}, {"paper", html.PaperPage(paperSample(assets))},
		{"place", html.PlacePage(html.Place{Shell: shell(assets, "Places", "deals"), ID: "a1", Action: "/agreements/a1/places", Back: "/agreements/a1", Marks: []html.PlaceMark{{Signer: "g1", Name: "Maya Okafor", Page: "1", X: "72", Y: "120", W: "180", H: "48"}}})},
		{"merge", html.MergePage(html.Merge{Shell: shell(assets, "Which agreement stays?", "deals"), ID: "d2", Name: "Northwind, second thread", Into: "d1", Papers: []html.PaperChoice{{Value: "a1", Label: "Order form for Northwind", Note: "Northwind Labs: With them since Tue 15:30, to be signed by 17 Dec.", Chosen: true}, {Value: "a2", Label: "Services agreement", Note: "Northwind, second thread: A draft; nobody has seen it."}}})},
		{"papers", html.PapersPage(html.PapersSettings{Shell: settings, Own: []html.PaperTemplate{{ID: "t1", Name: "Order form, ours", Kind: "Sale", Version: "version 3"}}, Shipped: []html.PaperTemplate{{ID: "services", Name: "Services agreement", Kind: "Sale"}, {ID: "advice", Name: "A promise of advice", Kind: "Advice"}}})},
		{"paper-edit", html.PaperEditPage(html.PaperEdit{Shell: settings, ID: "t1", Own: true, Name: "Order form, ours", Note: "Have a lawyer read it.", Source: paper.Templates()[0].Source, HTML: agreementSample(), Fields: []html.Field{{Name: "Them.Name", What: "text"}}, Versions: []html.PaperVersion{{N: "Version 3", When: "today", Shown: true}, {N: "Version 2", When: "12 Nov", Href: "/settings/papers/t1?version=2"}}})},
		{"closing", html.ClosingPage(html.ClosingSettings{Shell: settings, Owner: true, Days: "30", Most: "4", Reminders: []html.ReminderRule{{Key: "opened", Label: "It was not opened", Hint: "working hours after it was sent", Hours: "3"}}, Facts: []html.PaperField{{Name: "Us.Name", Label: "Our legal name", Kind: "text", Value: "Fieldnote Ltd"}}, Keys: []html.SealKey{{Subject: "Fieldnote", Note: "Made here, good until 2036.", Used: true}}, Root: "/settings/closing/root.pem"})},
		{"jobs", html.JobsPage(html.Jobs{Shell: settings, Rows: []html.Job{{What: "Remind Maya Okafor: not opened yet", Deal: "Northwind Labs", DealID: "d1", Next: "Wed 09:00", Tries: "1", Error: "The time-stamp authority did not answer."}}})},
		{"verify", html.VerifyPage(html.Verify{Assets: assets})}, {"verify-good", html.VerifyPage(html.Verify{Assets: assets, Result: &good})}, {"verify-bad", html.VerifyPage(html.Verify{Assets: assets, Result: &bad})},
	}, []sample{{"room", html.RoomPage(room)}, {"room-signed", html.RoomPage(signed)}, {"room-waits", html.RoomPage(waits)}, {"door", html.DoorPage(door)}, {"door-code", html.DoorPage(sent)}}...)
}

func planSample() html.Plan {
	owners := []html.Choice{{Value: "us", Label: "Ours", Chosen: true}, {Value: "them", Label: "Theirs"}}
	return html.Plan{DealID: "d1", Steps: roomSample("").Steps, Edit: []html.StepForm{{ID: "s5", Text: "We begin", Due: "2026-12-01", Owners: owners}, {Owners: owners}}}
}

func closingSample() html.Closing {
	return html.Closing{DealID: "d1", CanUnyes: true, Plan: planSample(),
		Waiting:  []html.RoomAsk{{ID: "q1", RoomQuestion: html.RoomQuestion{Who: "Maya Okafor", When: "3 minutes ago", Text: "Can we start in January instead?"}}},
		Answered: []html.RoomAsk{{ID: "q0", RoomQuestion: html.RoomQuestion{Who: "Maya Okafor", When: "Tue 15:21", Text: "Who is the contact for invoices?", Answer: "Ada is.", Answered: "You, Tue 15:35"}}},
		Paper: &html.PaperState{ID: "a1", Title: "Order form", State: "With them since Tue 15:30, to be signed by 17 Dec.", Href: "/agreements/a1", HrefLabel: "Look at it", Next: "Next reminder Wed 09:00: it was opened, and is not signed yet.",
			Signers: []html.SignerState{{Name: "Sam Field", Said: "signed Tue 15:30", State: "made"}, {Name: "Maya Okafor", Said: "read to the end", State: "next"}}, Older: []html.Thread{{ID: "a0", Subject: "Version 1", Note: "Replaced by version 2"}}},
	}
}

func readySample(assets string) html.Ready {
	side := []html.Choice{{Value: "us", Label: "Our side"}, {Value: "them", Label: "Their side", Chosen: true}}
	return html.Ready{Shell: shell(assets, "Ready", "deals"), ID: "a1", Once: "o1", DealID: "d1", DealName: "Northwind Labs", Title: "Everything is ready for Maya.", Sub: "One press sends the agreement, the page to sign it on and the mail that carries them.",
		SendLabel: "Send to Maya", CanSend: true, Templates: []html.Choice{{Value: "subscription", Label: "Subscription order form", Chosen: true}}, TemplateNote: "Have a lawyer read it.",
		Fields: []html.PaperField{{Name: "Them.Name", Label: "Their legal name", Kind: "text", Value: "Northwind Labs"}, {Name: "Agreement.Start", Label: "Agreement: start", Kind: "date", Value: "2026-12-01"}, {Name: "Prices", Label: "Prices", Kind: "lines", Value: "Forty seats | 40 | 60", Hint: "item | quantity | price, a line each"}},
		Source: "# Order form", HTML: agreementSample(), PDF: "/agreements/a1/preview.pdf", Cover: "Maya,\n\nHere is what we agreed, ready to sign.\n\n{{link}}\n\nSam", Days: "It can be signed for 30 days.",
		Signers: []html.SignerForm{{ID: "g1", N: "0", Name: "Maya Okafor", Title: "Head of operations", Company: "Northwind Labs", Address: "maya@northwind.example.com", Order: "1", Sides: side}, {N: "1", Order: "1", Sides: side}},
		Plan:    planSample(), Room: roomSample(assets)}
}

func paperSample(assets string) html.Paper {
	return html.Paper{Shell: shell(assets, "Order form", "deals"), ID: "a1", DealID: "d1", DealName: "Northwind Labs", Title: "Order form", Sub: "With them since Tue 15:30.", HTML: agreementSample(), Presented: "/agreements/a1/presented.pdf", Presented256: strings.Repeat("0a1b", 16),
		CanVoid: true, CanVersion: true, Signers: []html.SignerLine{{SignerState: html.SignerState{Name: "Maya Okafor", Said: "read to the end", State: "next"}, ID: "g1", Address: "maya@northwind.example.com", CanRevoke: true, CanResend: true}},
		Sign: &html.Signing{Name: "Sam Field", Mark: markSample("Sam Field"), Intent: "I, Sam Field, have read it and sign it electronically."}, Evidence: []html.Evidence{{What: "The agreement was made", When: "17 Nov 2026, 15:30:02 UTC", Who: "Sam Field"}}}
}
