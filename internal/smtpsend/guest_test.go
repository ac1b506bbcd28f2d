package smtpsend_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/ical"
	"dottedline/internal/desk"
	"dottedline/internal/imapsync"
	"dottedline/internal/smtpsend"
	"dottedline/internal/store/storetest"
	"dottedline/internal/testrig"
	"dottedline/mail"
)

// inbox is what the guest got, as their calendar program reads it.
type inbox struct {
	t    *testing.T
	sink *testrig.SMTPSink
	seen int
}

// next waits for the next mail to the guest that holds text in its subject.
func (b *inbox) next(subject string) (*mail.Message, ical.Invitation) {
	b.t.Helper()
	for range 400 {
		ms := b.sink.Mails()
		for ; b.seen < len(ms); b.seen++ {
			m, err := mail.Parse(ms[b.seen].Raw)
			if err != nil {
				b.t.Fatal(err)
			}
			if !slices.Contains(ms[b.seen].To, guestAt) || !strings.Contains(m.Subject, subject) {
				continue
			}
			b.seen++
			part, method, ok := m.Invitation()
			if !ok {
				return m, ical.Invitation{}
			}
			i, err := ical.ParseInvitation(part, method)
			if err != nil {
				b.t.Fatal(err)
			}
			return m, i
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("no mail to the guest about %q", subject)
	return nil, ical.Invitation{}
}

const guestAt = "maya@northwind.example.com"

// TestGuestByMail follows a guest who has nothing but mail, through a real
// mailbox: invited, reminded a day before, proposing other times, declining.
func TestGuestByMail(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	sink := testrig.Sink(t)
	d := testrig.Dovecot(t, testrig.RelayTo(sink.Addr))
	box := account(d.SubmissionAddr, "starttls")
	box.CA, box.IMAP = d.CertPEM, account(d.IMAPSAddr, "tls").SMTP
	h := newHouse(t, storetest.URL(t, "sqlite"), box)
	h.URL = "https://pine.example.com"
	reader := imapsync.New(h.Desk, slog.New(slog.DiscardHandler))
	reader.Pace.Poll, reader.Pace.Accounts = 200*time.Millisecond, 100*time.Millisecond
	rctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); reader.Run(rctx) }()
	t.Cleanup(func() { stop(); <-done })
	h.run(&smtpsend.Outbox{Find: reader.FindSent, Keep: reader.KeepSent})
	guest := &inbox{t: t, sink: sink}

	page := dottedline.NewBookingPage(h.me.Member, "sam")
	page.Settings.Hours = new([7]dottedline.Span)
	for i := range page.Settings.Hours {
		page.Settings.Hours[i] = dottedline.Span{From: 0, To: 24 * 60}
	}
	page.Settings.Kinds[0].Place = "Room 2"
	if _, err := h.SaveBookingPage(ctx, h.me, page); err != nil {
		t.Fatal(err)
	}
	deal, err := h.NewDeal(ctx, h.me, "Northwind", guestAt, dottedline.Sale, "1000")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now().UTC().Truncate(24 * time.Hour).Add(4*24*time.Hour + 10*time.Hour)
	g := desk.Guest{Name: "Maya Okafor", Address: guestAt, Zone: "Europe/Oslo", Once: desk.NewLink()}
	if err := h.Book(ctx, "sam", "A talk", start, g); err != nil {
		t.Fatal(err)
	}
	_, i := guest.next("Booked: A talk")
	if i.Method != ical.MethodRequest || !i.Events[0].Start.At(time.UTC).Equal(start) || i.Organizer.Address != string(box.Address) {
		t.Fatalf("invited by %s %+v", i.Method, i.Events[0])
	}

	// a day before, the guest is reminded once
	h.ahead.Store(int64(time.Until(start.Add(-24*time.Hour)) + time.Minute))
	jobs := func() {
		for {
			j, _, err := h.NextJob(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if j == nil {
				return
			}
			if err := h.DoJob(ctx, j); err != nil {
				t.Fatal(err)
			}
		}
	}
	jobs()
	m, _ := guest.next("Reminder: A talk")
	if oslo, _ := time.LoadLocation("Europe/Oslo"); !strings.Contains(m.Text, start.In(oslo).Format("Mon 2 January 2006, 15:04")+" to ") || !strings.Contains(m.Text, "Where: Room 2") || mail.Classify(m).Kind == mail.Person {
		t.Errorf("reminded by %q", m.Text)
	}
	jobs()

	// what the guest's calendar program answers lands in the mailbox
	says := func(id, method string, part []byte) {
		t.Helper()
		raw, err := mail.Compose(mail.Draft{MessageID: id + "@northwind.example.com", Date: h.Now(), From: mail.Address{Name: "Maya Okafor", Addr: guestAt}, To: []mail.Address{{Addr: string(box.Address)}},
			Subject: "Re: A talk", Text: "See the calendar.", Calendar: part, Method: method})
		if err == nil {
			err = d.Deliver("sam", raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	until := func(what string, ok func() bool) {
		t.Helper()
		for range 400 {
			if ok() {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("never: %s", what)
	}
	proposed := func() []desk.Proposal {
		ps, err := h.Proposals(ctx, h.me)
		if err != nil {
			t.Fatal(err)
		}
		return ps
	}
	me := ical.Party{Name: "Maya Okafor", Address: guestAt}
	counter := func(to time.Time) []byte {
		raw, err := ical.Counter(i.Events[0], me, ical.UTCMoment(to), ical.UTCMoment(to.Add(30*time.Minute)), "", h.Now())
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	later := start.Add(3 * time.Hour)
	says("c1", "COUNTER", counter(start.Add(-22*time.Hour)))
	until("the proposal is seen", func() bool { return len(proposed()) == 1 })
	meeting := proposed()[0].Meeting.ID
	if err := h.AnswerProposal(ctx, h.me, meeting, guestAt, false); err != nil {
		t.Fatal(err)
	}
	if _, x := guest.next("The time stays"); x.Method != ical.MethodDecline || x.UID != i.UID {
		t.Errorf("kept by %s of %s", x.Method, x.UID)
	}
	h.ahead.Add(int64(time.Minute))
	says("c2", "COUNTER", counter(later))
	until("the next one is seen", func() bool { return len(proposed()) == 1 })
	if err := h.AnswerProposal(ctx, h.me, meeting, guestAt, true); err != nil {
		t.Fatal(err)
	}
	if _, i = guest.next("Moved: A talk"); i.Method != ical.MethodRequest || i.Events[0].Sequence != 1 || !i.Events[0].Start.At(time.UTC).Equal(later) {
		t.Fatalf("moved by %s %+v", i.Method, i.Events[0])
	}
	raw, err := ical.Reply(i.Events[0], me, ical.Declined, "A trip came up.", h.Now())
	if err != nil {
		t.Fatal(err)
	}
	says("r1", "REPLY", raw)
	if _, x := guest.next("Cancelled: A talk"); x.Method != ical.MethodCancel || x.Events[0].Sequence != 2 {
		t.Errorf("cancelled by %s %+v", x.Method, x.Events[0])
	}
	jobs()
	p, err := h.Prepare(ctx, h.me, deal)
	if err != nil || strings.Count(p.Text, h.URL+"/booking/") != 3 {
		t.Errorf("prepared %+v %v", p, err)
	}
	n := 0
	for _, m := range sink.Mails() {
		if x, err := mail.Parse(m.Raw); err == nil && strings.HasPrefix(x.Subject, "Reminder: ") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d reminders", n)
	}
}
