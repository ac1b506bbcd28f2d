package mail

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// listMails reads the public mailing list, which may not be kept here.
func listMails(t testing.TB) [][]byte {
	files, _ := filepath.Glob("../../shared/data/mail/lists/*.txt.gz")
	if len(files) == 0 {
		t.Skip("../shared/data/mail/lists is not here: neither threads nor false alarms over real list mail are measured")
	}
	var out [][]byte
	for _, f := range files {
		g, err := os.Open(f)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(g)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(z)
		g.Close()
		if err != nil {
			t.Fatal(err)
		}
		for b, err := range Mbox(bytes.NewReader(unmask(raw))) {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, b)
		}
	}
	return out
}

var maskedAt = regexp.MustCompile(`(?m)^(From:? \S+) at (\S+)`)

// unmask undoes how the archive hides addresses: "ann at example.com".
func unmask(b []byte) []byte { return maskedAt.ReplaceAll(b, []byte("$1@$2")) }

// TestLists holds the parser to a real mailing list of three years: every
// message read, no person taken for a machine, parents found.
func TestLists(t *testing.T) {
	t.Parallel()
	raws := listMails(t)
	byID := map[string]*Message{}
	var all []*Message
	for _, b := range raws {
		m, err := Parse(b)
		if err != nil {
			t.Errorf("%v in %.80q", err, b)
			continue
		}
		all = append(all, m)
		byID[m.MessageID] = m
	}
	kinds := map[Kind]int{}
	headers, parents, noDate, replies, subjectRight := 0, 0, 0, 0, 0
	bySubject := map[string]*Message{}
	for _, m := range all {
		v := Classify(m)
		kinds[v.Kind]++
		if v.Kind != Person {
			t.Logf("%s (%s): from %v, subject %q", v.Kind, v.Why, m.From, m.Subject)
		}
		if m.DateDoubt != "" {
			noDate++
		}
		if ids := answered(m); len(ids) > 0 {
			headers++
			for _, id := range ids {
				if byID[id] != nil {
					parents++
					break
				}
			}
		}
		base := strings.ToLower(BaseSubject(m.Subject))
		if ids := answered(m); len(ids) > 0 && byID[ids[0]] != nil && bySubject[base] != nil {
			replies++
			if strings.EqualFold(base, BaseSubject(byID[ids[0]].Subject)) {
				subjectRight++
			}
		}
		bySubject[base] = m
	}
	t.Logf("lists: %d messages, %d read, dates doubted %d; parent held for %d of %d with thread headers (%.3f); subject names the parent's thread for %d of %d (%.3f); kinds %v",
		len(raws), len(all), noDate, parents, headers, float64(parents)/float64(headers), subjectRight, replies, float64(subjectRight)/float64(replies), kinds)
	if kinds[Bounce] > 0 {
		t.Errorf("%d false bounces", kinds[Bounce])
	}
	if float64(parents) < .95*float64(headers) {
		t.Errorf("parents found for %d of %d", parents, headers)
	}
}

// TestListQuotes holds Fresh to quotes that a reader can see: in answers whose
// parent is held, nothing that is new may stand in the parent. What still does
// are mostly lines of program code, console output and single sentences that
// both wrote out on purpose.
func TestListQuotes(t *testing.T) {
	t.Parallel()
	byID := map[string]*Message{}
	var all []*Message
	for _, b := range listMails(t) {
		m, _ := Parse(b)
		all = append(all, m)
		byID[m.MessageID] = m
	}
	answers, clean, empty, leaked := 0, 0, 0, 0
	start := time.Now()
	for _, m := range all {
		ids := answered(m)
		if len(ids) == 0 || byID[ids[0]] == nil {
			continue
		}
		parent := byID[ids[0]]
		answers++
		p := Fresh(m, parent.Text)
		if p.New == "" {
			empty++
			if empty < 5 {
				t.Logf("nothing new in %q: %.300q", m.Subject, m.Text)
			}
		}
		known := newShingles(Fresh(parent, "").New)
		n := 0
		for line := range strings.SplitSeq(p.New, "\n") {
			if len(strings.Fields(line)) >= 6 && known.line(line) == matchYes {
				n++
			}
		}
		if n == 0 {
			clean++
		} else if leaked += n; answers-clean < 6 {
			t.Logf("parent's words are taken for new in %q", m.Subject)
		}
	}
	t.Logf("quotes: %d answers in %v, %d without a line of the parent in the new text, %d lines in the others, %d with nothing new", answers, time.Since(start).Round(time.Millisecond), clean, leaked, empty)
	if clean < answers*98/100 || empty > answers*3/100 {
		t.Error("quotes are not told from new text well enough")
	}
}

func BenchmarkParse(b *testing.B) {
	raws := listMails(b)
	files, _ := filepath.Glob("testdata/bounces/*.eml")
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		raws = append(raws, raw)
	}
	n := 0
	for _, r := range raws {
		n += len(r)
	}
	run := func(name string, f func(*Message)) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(n))
			b.ReportAllocs()
			for b.Loop() {
				for _, r := range raws {
					m, _ := Parse(r)
					f(m)
				}
			}
		})
	}
	run("parse", func(*Message) {})
	run("parse+classify+fresh", func(m *Message) { Classify(m); Fresh(m, "") })
}
