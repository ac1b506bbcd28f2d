package sysfonts

import (
	"log/slog"
	"testing"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"

	"dottedline/paper"
)

func TestNothingOnTheMachineIsNoFailure(t *testing.T) {
	s := &system{log: slog.Default()}
	s.prints = nothing
	if f, ok := s.find(paper.Want{Letter: '木'}); ok {
		t.Errorf("found %s", f.ID)
	}
}

// Every script that a customer may write in can be signed with.
func TestMarksInTheScriptsOfTheSystem(t *testing.T) {
	fonts := New(t.TempDir(), slog.Default())
	for _, name := range []string{"محمد بن عبد الله", "יוסף כהן", "王小明", "김민준", "田中太郎さん", "क्षितिज श्रीवास्तव", "สมชาย ใจดี"} {
		p, err := paper.TypedMark(name, fonts)
		if err != nil {
			t.Skipf("no font for %s: install fonts-noto-core and fonts-noto-cjk: %v", name, err)
		}
		if n := len(p.SVG(name)); n < 1000 {
			t.Errorf("%s is drawn in %d bytes", name, n)
		}
	}
}

func nothing() []fontscan.Footprint { return nil }

func TestFitness(t *testing.T) {
	print := func(family string, weight font.Weight) *fontscan.Footprint {
		return &fontscan.Footprint{Family: family, Aspect: font.Aspect{Weight: weight}}
	}
	for _, c := range []struct {
		want          paper.Want
		better, worse *fontscan.Footprint
	}{
		{paper.Want{Serif: true}, print("notoserifhebrew", 400), print("notosanshebrew", 400)},
		{paper.Want{}, print("notosanshebrew", 400), print("notoserifhebrew", 400)},
		{paper.Want{Serif: true, Bold: true}, print("notonaskharabic", 700), print("notonaskharabic", 400)},
		{paper.Want{Serif: true}, print("notonaskharabic", 400), print("notokufiarabic", 400)},
		{paper.Want{Serif: true, Language: "ja"}, print("notoserifcjkjp", 400), print("notoserifcjksc", 400)},
		{paper.Want{Serif: true, Language: "zh-Hant"}, print("notoserifcjktc", 400), print("notoserifcjkjp", 400)},
	} {
		if a, b := fitness(c.better, c.want), fitness(c.worse, c.want); a <= b {
			t.Errorf("%s has %d, %s %d", c.better.Family, a, c.worse.Family, b)
		}
	}
}
