package mail

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBounces holds Classify to the reports of many systems.
func TestBounces(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/bounces/*.eml")
	if len(files) < 300 {
		t.Fatalf("only %d samples in testdata/bounces", len(files))
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
			t.Errorf("%s: %v", name, err)
			continue
		}
		v := Classify(m)
		n++
		want := Bounce
		if strings.HasPrefix(name, "rfc3834") {
			want = AutoReply
		}
		ok := v.Kind == want || want == AutoReply && v.Kind == OutOfOffice
		if !ok {
			t.Logf("WRONG %s: %s (%s), subject %q", name, v.Kind, v.Why, m.Subject)
			continue
		}
		right++
		if v.Kind != Bounce {
			continue
		}
		if v.Failure.Recipient != "" {
			recipients++
		}
		if v.Failure.Status != "" {
			codes++
		}
		if v.Failure.OriginalID != "" {
			ids++
		}
		if v.Failure.Recipient == "" || v.Failure.Status == "" {
			t.Logf("%s: %+v", name, *v.Failure)
		}
	}
	t.Log(fmt.Sprintf("bounces: %d of %d right; recipient in %d, code in %d, id of the failed mail in %d", right, n, recipients, codes, ids))
}
