package web

import (
	"dottedline"
	"dottedline/internal/web/html"
)

func noticesSample(s html.Shell) html.NoticeSettings {
	return html.NoticeSettings{Shell: s, Owner: true, Promise: "2", Answers: "In the last 90 days that was 41 minutes at the median, of 112 answers.",
		Devices: []html.DeviceRow{{ID: "v1", Name: "Chrome on Android", Note: "since 12 Nov, last 18 minutes ago"}, {ID: "v2", Name: "Firefox on Linux", Note: "since 2 Nov, last 3 days ago", Error: "No answer came within 10 seconds."}},
		Events:  eventChoices(func(e dottedline.Event) bool { return e != dottedline.OpenedEvent }), Quiet: true, From: "20:00", To: "07:00", DaysOff: true, Digest: true, DigestAt: "08:00",
		AwayFrom: "2026-12-24", AwayTo: "2027-01-03", AwayNow: "You are away until Monday 4 January.", Stand: []html.Choice{{Label: "Nobody: people get a note"}, {Value: "m2", Label: "Ingrid Dahl", Chosen: true}}}
}

func webhooksSample(s html.Shell) html.WebhookSettings {
	es := eventChoices(func(dottedline.Event) bool { return true })
	return html.WebhookSettings{Shell: s, Owner: true, Secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDM9m5g4Zq0wU=",
		Webhooks: []html.WebhookForm{{ID: "w1", URL: "https://hooks.example.com/dottedline", State: "told of 6 events", Events: es, Open: true},
			{ID: "w2", URL: "https://old.example.com/a/very/long/address/that/goes/on/and/on/and/on", State: "turned off 2 days ago", Events: es, Open: true,
				Off: &html.Problem{Text: "It was turned off: nothing had arrived since Mon 09:12. It answered 503.", Hint: "Save it to let it go on. What it missed can be sent again from the log."}}},
		Fresh: html.WebhookForm{Events: es, Open: true}}
}

func webhookLogSample(s html.Shell) html.WebhookLog {
	return html.WebhookLog{Shell: s, URL: "https://hooks.example.com/dottedline", Rows: []html.DeliveryRow{
		{ID: "1", What: "Maya Okafor replied", State: "Arrived, 200", When: "Happened Mon 14:02.", Tries: "One try, the last just now.", Took: "It took 38ms.", Answer: `{"ok":true}`},
		{ID: "2", What: "Tomás Herrera waits: 30 minutes left", State: "It answered 503. Tried again Mon 14:05.", Failed: true, Waiting: true, When: "Happened Mon 14:01.", Tries: "Three tries, the last 2 minutes ago.", Took: "It took 10s."},
		{ID: "3", What: "It works", State: "Given up. There is no server named hooks.example.com.", Failed: true, When: "Happened 12 Nov."}}}
}

// lateSample has a card that is about to be late, one that is, and one that is
// somebody else's.
func lateSample(assets string) html.Now {
	n := nowSample(assets)
	hero := *n.Hero
	hero.Late = html.Late{Text: "Late at 15:40"}
	n.Hero = &hero
	n.Soon = []html.SoonLine{{Person: "Aiko Tanaka", Href: "/deals/d8", At: "at 15:20"}, {Person: "Lena Fischer", Href: "/now?open=d6", At: "on Tuesday, 09:10"}}
	n.Rows = append([]html.Row{}, n.Rows...)
	n.Rows[0].Late = html.Late{Text: "Later than promised", Broken: true}
	n.Rows[1].Late = html.Late{Away: "Yours while Ingrid Dahl is away, until Mon 4 Jan"}
	return n
}
