package transcript

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// TestTalkIsHeardWhole: what is said around tells an ask for a gift from a
// question of a meeting, and a sentence alone is judged alone.
func TestTalkIsHeardWhole(t *testing.T) {
	t.Parallel()
	const ask = "Can the kids count on you?"
	funds := []string{"Our charity feeds children.", "Every dollar of a donation goes to them.", "It is sad how they live.", "You can donate a part of your payment.", "Thank you for your kind heart."}
	meeting := []string{"The recogniser runs on the new set.", "So we have two thirds of the transcripts.", "The first column is the baseline.", "That was the old microphone.", "I looked at the numbers yesterday."}
	in := func(around []string) float64 {
		talk := slices.Concat(around, around, []string{ask}, around, around)
		return ScoreTalk(talk)[2*len(around)]
	}
	alone := Score(ask, Talk)
	if f, m := in(funds), in(meeting); f <= alone || m >= alone {
		t.Errorf("%q: %.3f in a talk that raises funds, %.3f alone, %.3f in a meeting: want them in this order", ask, f, alone, m)
	}
}

func TestTalkOfAnyLength(t *testing.T) {
	t.Parallel()
	if got := ScoreTalk(nil); len(got) != 0 {
		t.Errorf("no sentence: %v", got)
	}
	for i, p := range ScoreTalk([]string{"", "\xff\x00", "?", strings.Repeat("would you donate ", 4000)}) {
		if math.IsNaN(p) || p < 0 || p > 1 {
			t.Errorf("sentence %d: %v is no probability", i, p)
		}
	}
}
