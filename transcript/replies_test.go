package transcript

import (
	"os"
	"strings"
	"testing"
)

type labelledReply struct {
	want Answer
	text string
}

// writtenReplies reads testdata/replies.txt: mail replies written for the
// project, which no weight has seen.
func writtenReplies(t *testing.T) (out []labelledReply) {
	t.Helper()
	b, err := os.ReadFile("testdata/replies.txt")
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(string(b), "\n== ") {
		if label, text, ok := strings.Cut(part, "\n"); ok && !strings.HasPrefix(part, "#") {
			out = append(out, labelledReply{Answer(label), strings.TrimSpace(text)})
		}
	}
	return out
}

// TestMeasureReplies prints the table of doc/ask.md for mail replies. Every
// second reply of each kind was looked at while the reader was made, and the
// others only counted.
func TestMeasureReplies(t *testing.T) {
	t.Parallel()
	seen := map[Answer]int{}
	var looked, counted []answerPair
	for _, r := range writtenReplies(t) {
		got := ReadReply(r.text)
		if got.Answer == Deflected {
			got.Answer = Other // in a mail the seller is shown neither
		}
		seen[r.want]++
		if seen[r.want]%2 == 1 {
			counted = append(counted, answerPair{r.want, got.Answer})
			continue
		}
		looked = append(looked, answerPair{r.want, got.Answer})
		if got.Answer != r.want {
			t.Logf("%s read as %s (%.2f): %q", r.want, got.Answer, got.Confidence, r.text)
		}
	}
	t.Logf("mail replies, looked at\n%s", confusion(looked))
	t.Logf("mail replies, only counted\n%s", confusion(counted))
	wrong := 0
	for _, x := range counted {
		if x.got != x.want {
			wrong++
		}
	}
	if wrong > len(counted)/6 {
		t.Errorf("%d of %d replies read wrongly: worse than what doc/ask.md says", wrong, len(counted))
	}
}
