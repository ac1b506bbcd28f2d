package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// explained are the samples that are rightly not a bounce to us, with the
// reason.
var explained = map[string]string{
	"arf-26":             "Apple Mail's unsubscribe on behalf of a reader: an automatic answer, nothing failed",
	"lhost-amazonses-13": "Amazon's report of a mail that was delivered",
}

// TestBounces holds Classify to the reports of many systems.
func TestBounces(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/bounces/*.eml")
	if len(files) != 335 {
		t.Fatalf("%d samples in testdata/bounces, not 335", len(files))
	}
	n, right, recipients, codes, ids := 0, 0, 0, 0, 0
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".eml")
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Parse(b)
		if err != nil {
			t.Errorf("WRONG %s: %v", name, err)
			continue
		}
		n++
		v := Classify(m)
		if strings.HasPrefix(name, "rfc3834") {
			if v.Kind == AutoReply || v.Kind == OutOfOffice {
				right++
			} else {
				t.Errorf("WRONG %s: %s (%s)", name, v.Kind, v.Why)
			}
			continue
		}
		if v.Kind != Bounce {
			if explained[name] == "" {
				t.Errorf("WRONG %s: %s (%s), subject %q", name, v.Kind, v.Why, m.Subject)
			} else {
				t.Logf("%s: %s, since %s", name, v.Kind, explained[name])
			}
			continue
		}
		right++
		if v.Failure.Recipient != "" {
			recipients++
		}
		if v.Failure.Status != "" {
			codes++
		}
		if v.Failure.OriginalID != "" {
			ids++
		}
	}
	t.Logf("bounces and automatic answers: %d of %d right (%.3f), %d explained; failed recipient in %d, code in %d, id of the failed mail in %d",
		right, n, float64(right)/float64(n), len(explained), recipients, codes, ids)
	if recipients < 325 || codes < 265 || ids < 290 {
		t.Error("less was found in the reports than before")
	}
}

// TestFailures looks at what single reports say.
func TestFailures(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Failure{
		"lhost-postfix-28": {Recipient: "kijitora@gmail.example.com", Status: "5.7.1", Permanent: true, OriginalID: "20170511082043.260A0D29197@gojo.example.jp"},
		"lhost-exim-38":    {Recipient: "kijitora@example.co.jp", Status: "450"},
		"rb-issue-368-bug": {Recipient: "xxxx@yyyyyy.net", Permanent: true, OriginalID: "68e0b7e3615cd_1dc7010592ed@7cf4d87f87-9r5w2.mail"},
		"lhost-gmx-02":     {Recipient: "shironeko@example.jp", Status: "5.1.1", Permanent: true, OriginalID: "trinity-fde69d4e-12a0-462b-9dcd-7312ce506d03-1417194013122@3capp-mailcom-lxa07"},
		"arf-02":           {Recipient: "this-local-part-does-not-exist-on-yahoo@yahoo.com", Permanent: true, Complaint: true, OriginalID: "000000000000000000000000.smtp@example.com"},
	} {
		b, err := os.ReadFile("testdata/bounces/" + name + ".eml")
		if err != nil {
			t.Fatal(err)
		}
		m, _ := Parse(b)
		got := *Classify(m).Failure
		got.Diagnostic = ""
		if got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}
