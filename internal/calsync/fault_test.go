package calsync

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dottedline/ical"
)

// fault damages the answers of a real server on their way.
type fault struct {
	name string
	// answer replaces the whole answer; it returns false to let it through.
	answer func(w http.ResponseWriter, r *http.Request) bool
	// damage changes the body of an answer, and says whether its length is told
	// as it was before.
	damage func(r *rand.Rand, b []byte) (out []byte, lie bool)
	// harmless says that the calendar may still be read: no more than that.
	harmless bool
}

func after(b []byte, cut float64) []byte { return b[:int(float64(len(b))*cut)] }

// faults holds what the issue of a booking page must survive.
var faults = []fault{
	{name: "unreadable: a web page", answer: func(w http.ResponseWriter, _ *http.Request) bool {
		fmt.Fprint(w, "<html><body>Please log in</body></html>")
		return true
	}},
	{name: "unreadable: a web page as 207", answer: func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusMultiStatus)
		fmt.Fprint(w, "<html><body>Please log in</body></html>")
		return true
	}},
	{name: "unreadable: nothing as 207", answer: func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusMultiStatus)
		return true
	}},
	{name: "unreadable: 500", answer: func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusInternalServerError)
		return true
	}},
	{name: "unreadable: 401", answer: func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}},
	{name: "unreadable: 404", answer: func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusNotFound)
		return true
	}},
	{name: "unreadable: hangs up", answer: func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) }},
	{name: "unreadable: bytes turned", damage: func(r *rand.Rand, b []byte) ([]byte, bool) {
		b = bytes.Clone(b)
		for i := range b {
			b[i] ^= 0x80
		}
		return b, false
	}},
	{name: "slow: no answer", answer: func(_ http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		return true
	}},
	{name: "slow: an answer in drops", answer: func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusMultiStatus)
		for r.Context().Err() == nil {
			fmt.Fprint(w, " ")
			w.(http.Flusher).Flush()
			time.Sleep(30 * time.Millisecond)
		}
		return true
	}},
	{name: "huge: without end", answer: func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusMultiStatus)
		fmt.Fprint(w, `<?xml version="1.0"?><multistatus xmlns="DAV:">`)
		for r.Context().Err() == nil {
			if _, err := fmt.Fprint(w, strings.Repeat(`<response><href>/x.ics</href><status>HTTP/1.1 200 OK</status></response>`, 500)); err != nil {
				return true
			}
		}
		return true
	}},
	{name: "huge: a recurrence each second", damage: inObjects("FREQ=WEEKLY;COUNT=2", "FREQ=SECONDLY")},
	{name: "half-written: cut, length told", damage: func(r *rand.Rand, b []byte) ([]byte, bool) { return after(b, r.Float64()), true }},
	{name: "half-written: cut, length matches", damage: func(r *rand.Rand, b []byte) ([]byte, bool) { return after(b, r.Float64()), false }},
	{name: "half-written: members missing at the end", damage: func(_ *rand.Rand, b []byte) ([]byte, bool) {
		if i := bytes.LastIndex(b, []byte("BEGIN:VCALENDAR")); i >= 0 {
			j := i + bytes.Index(b[i:], []byte("RRULE"))
			k := i + bytes.Index(b[i:], []byte("END:VCALENDAR"))
			if j > i && k > j {
				return append(bytes.Clone(b[:j]), b[k+len("END:VCALENDAR"):]...), false
			}
		}
		return b, false
	}, harmless: true},
	{name: "half-written: objects without their end", damage: inObjects("END:VCALENDAR", "")},
	{name: "half-written: events without their end", damage: inObjects("END:VEVENT", "")},
	{name: "half-written: no beginning", damage: inObjects("DTSTART", "X-START")},
	{name: "half-written: an event left out of the answer", damage: leaveOut},
	{name: "half-written: a broken end", damage: inObjects("DTEND;TZID=Europe/Berlin:20", "DTEND;TZID=Europe/Berlin:2O")},
	{name: "wrong-zoned: a zone that nobody knows", damage: inObjects("TZID=Europe/Berlin:", "TZID=Nowhere/Land:")},
	{name: "wrong-zoned: no zone at all", damage: inObjects(";TZID=Europe/Berlin:", ";TZID=:")},
	{name: "wrong-zoned: a description of another place", damage: inObjects("BEGIN:VEVENT", newYorkAsBerlin+"BEGIN:VEVENT"), harmless: true},
	{name: "wrong-zoned: the name that Windows has", damage: inObjects("TZID=Europe/Berlin:", "TZID=W. Europe Standard Time:"), harmless: true},
}

const newYorkAsBerlin = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0500\r\nDTSTART:19700101T000000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"

func inObjects(old, new string) func(*rand.Rand, []byte) ([]byte, bool) {
	return func(_ *rand.Rand, b []byte) ([]byte, bool) {
		return bytes.ReplaceAll(b, []byte(old), []byte(new)), false
	}
}

// leaveOut takes one object's response out of a multiget.
func leaveOut(_ *rand.Rand, b []byte) ([]byte, bool) {
	i := bytes.Index(b, []byte("BEGIN:VCALENDAR"))
	if i < 0 {
		return b, false
	}
	from := bytes.LastIndex(b[:i], []byte("response>"))
	from = bytes.LastIndexByte(b[:from], '<')
	to := i + bytes.Index(b[i:], []byte("response>")) + len("response>")
	return append(bytes.Clone(b[:from]), b[to:]...), false
}

// TestFaults asks for free time while a real server's answers are damaged. The
// calendar is known from before, so that a wrong answer could pass for an empty
// or an old one. Nothing that is taken in truth may be offered.
func TestFaults(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range servers(t) {
		for i, f := range faults {
			t.Run(s.name+"/"+f.name, func(t *testing.T) {
				t.Parallel()
				underFault(t, s.collection(t, fmt.Sprintf("fault-%d", i)), f, i, berlin)
			})
		}
	}
}

func underFault(t *testing.T, s *server, f fault, seed int, berlin *time.Location) {
	rnd := rand.New(rand.NewPCG(uint64(seed), 7))
	var on atomic.Bool
	front := damaged(t, s.base, f, &on, rnd)
	cal := Calendar{ID: "work", URL: strings.Replace(s.calendar, s.base, front, 1), Options: s.opts}
	cal.Options.Timeout, cal.Options.MaxBody = 700*time.Millisecond, 4<<20
	m := newMemory()
	sync := newSyncer(m)
	day := func(d, h int) time.Time { return time.Date(2027, 3, d, h, 0, 0, 0, berlin) }
	taken := map[string]ical.Interval{}
	put := func(uid string, d, h int) {
		s.put(t, uid, "DTSTART;TZID=Europe/Berlin:"+day(d, h).Format("20060102T150405"), "DTEND;TZID=Europe/Berlin:"+day(d, h+2).Format("20060102T150405"), "RRULE:FREQ=WEEKLY;COUNT=2")
		taken[uid] = ical.Interval{Start: day(d, h), End: day(d, h+2)}
	}
	offered := func() int {
		t.Helper()
		q := ical.Query{Now: time.Now(), From: day(22, 0), To: day(27, 0), Length: time.Hour, Step: 30 * time.Minute, Zone: berlin}
		q.Now = q.From.Add(-time.Hour)
		src := m.source("work", 10*time.Minute)
		if !src.Read.IsZero() { // the days asked for lie ahead of the test's own clock
			src.Read = q.Now
		}
		member := ical.Member{ID: "sam", Sources: []ical.Source{src}, Schedule: ical.Schedule{Zone: berlin, Horizon: 30 * 24 * time.Hour}}
		for d := 1; d < 6; d++ {
			member.Week[d] = []ical.Hours{{From: 540, To: 1020}}
		}
		slots, reasons := ical.Free(q, []ical.Member{member})
		for _, o := range slots {
			for uid, b := range taken {
				if o.Start.Before(b.End) && b.Start.Before(o.End) {
					t.Errorf("%s is offered, and %s is then", o.Start, uid)
				}
			}
		}
		if len(slots) > 0 && len(reasons) > 0 {
			t.Errorf("slots in spite of %v", reasons)
		}
		return len(slots)
	}
	once := func() {
		t.Helper()
		if _, err := sync.Sync(context.Background(), cal); err != nil {
			t.Fatal(err)
		}
	}
	if n := offered(); n > 0 {
		t.Errorf("%d slots before anything was read", n)
	}
	put("one", 22, 10)
	once()
	before := offered()
	if before == 0 {
		t.Fatalf("no slot from a sound server: %+v", m.states["work"])
	}
	on.Store(true)
	put("two", 23, 13)
	put("three", 24, 9)
	once()
	during := offered()
	if during > 0 && !f.harmless {
		t.Errorf("%d slots while it is damaged: %+v", during, m.states["work"])
	}
	on.Store(false)
	// What was stored damaged is read again once it changes, as members repair it.
	put("two", 23, 14)
	put("three", 24, 11)
	once()
	if n := offered(); n == 0 || n >= before {
		t.Errorf("%d slots after the repair, %d at first: %+v", n, before, m.states["work"])
	}
}

// damaged stands before a real server and applies a fault while on.
func damaged(t *testing.T, to string, f fault, on *atomic.Bool, rnd *rand.Rand) string {
	t.Helper()
	p := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(mustURL(to)); r.Out.Host = r.In.Host },
		ModifyResponse: func(r *http.Response) error {
			if !on.Load() || f.damage == nil {
				return nil
			}
			b, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			out, lie := f.damage(rnd, b)
			r.Body = io.NopCloser(bytes.NewReader(out))
			if !lie {
				r.ContentLength = int64(len(out))
				r.Header.Set("Content-Length", strconv.Itoa(len(out)))
			}
			return nil
		},
	}
	p.ErrorLog = discard
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		readBody(r) // net/http sees that a client has gone only after its body
		if on.Load() && f.answer != nil && f.answer(w, r) {
			return
		}
		p.ServeHTTP(w, r)
	}))
	s.Config.ErrorLog = discard
	s.Start()
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}
