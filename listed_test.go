package dottedline

import (
	"math"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPlacesInAddresses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := Rank{time.UnixMicro(rapid.Int64Range(1, 1<<52).Draw(t, "at")).UTC(), rapid.Float64().Draw(t, "cost"), DealID(rapid.Int64Range(1, math.MaxInt64).Draw(t, "deal"))}
		if got, err := ParseRank(want.String()); err != nil || got != want {
			t.Fatalf("%q gives %v, want %v: %v", want.String(), got, want, err)
		}
		place := Listed{want.At, want.Deal}
		if got, err := ParseListed(place.String()); err != nil || got != place {
			t.Fatalf("%q gives %v, want %v: %v", place.String(), got, place, err)
		}
		ParseRank(rapid.String().Draw(t, "anything"))
	})
	for _, s := range []string{"", "1.2", "1.2.3.4", "1.2.0", "x!.2.3", "1.-2.3", "1." + strconv.FormatUint(math.Float64bits(math.NaN()), 36) + ".3"} {
		if r, err := ParseRank(s); err == nil {
			t.Errorf("%q gives %v", s, r)
		}
	}
}
