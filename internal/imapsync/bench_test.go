package imapsync_test

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"dottedline/internal/desk"
	"dottedline/internal/testrig"
)

// BenchmarkIdleMailboxes measures what 100 mailboxes cost that wait for mail,
// Inbox and Sent on a TLS connection each.
func BenchmarkIdleMailboxes(b *testing.B) {
	const boxes = 100
	for b.Loop() {
		d := testrig.Dovecot(b)
		h := newHouse(b, "sqlite")
		before := memory()
		debug.FreeOSMemory()
		rss0 := rss()
		var last desk.Account
		for i := range boxes {
			last = onDovecot(d, fmt.Sprint("idle", i))
			h.connect(last)
		}
		h.run(1)
		ready := 0
		for t0 := time.Now(); ready < boxes && time.Since(t0) < 2*time.Minute; time.Sleep(200 * time.Millisecond) {
			ready = 0
			all, err := h.Mailboxes(b.Context(), h.me)
			if err != nil {
				b.Fatal(err)
			}
			for _, s := range all {
				if !folder(s, "INBOX").LastSync.IsZero() && !folder(s, "Sent").LastSync.IsZero() {
					ready++
				}
			}
		}
		if ready < boxes {
			b.Fatalf("%d of %d mailboxes are in step", ready, boxes)
		}
		time.Sleep(time.Second) // to the last IDLE
		after := memory()
		debug.FreeOSMemory()
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/boxes/1024, "heap-KB/mailbox")
		b.ReportMetric(float64(after.StackInuse-before.StackInuse)/boxes/1024, "stack-KB/mailbox")
		b.ReportMetric(float64(rss()-rss0)/1024, "RSS-MB-more")
		b.ReportMetric(float64(rss())/1024, "RSS-MB")
		b.ReportMetric(0, "ns/op")
	}
}

func memory() (m runtime.MemStats) {
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m
}

// rss is the process's resident memory in KB; 0 where /proc does not tell.
func rss() (kb int) {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	fmt.Sscan(rest, &kb)
	return kb
}
