package transcript

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const shared = "../../shared/data"

// open reads a set that is not part of the project, or skips loudly.
func open(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(shared, name))
	if err != nil {
		t.Skipf("../shared/data/%s is not here: %v", name, err)
	}
	return b
}

func sources(t testing.TB) Sources {
	t.Helper()
	mail, err := ReadMail(bytes.NewReader(open(t, "mail/email_ask_train.txt")))
	if err != nil {
		t.Fatal(err)
	}
	giving, err := ReadGiving(bytes.NewReader(open(t, "talks/persuasion.jsonl")))
	if err != nil {
		t.Fatal(err)
	}
	return Sources{mail, giving}
}

// heldOut says whether a talk is one of the fifth that the measured weights
// never saw: sha256(id) mod 5 = 0.
func heldOut(id string) bool {
	h := sha256.Sum256([]byte(id))
	return new(big.Int).Mod(new(big.Int).SetBytes(h[:]), big.NewInt(5)).Sign() == 0
}

// mrdaLine is an utterance of an ICSI meeting; an ask is a command or suggestion.
type mrdaLine struct {
	split, meeting, speaker, tags, text string
	start, end                          float64
	ask                                 bool
}

func mrda(t testing.TB) (out []mrdaLine) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(open(t, "talks/mrda.tsv.gz")))
	if err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<20)
	s.Scan()
	for s.Scan() {
		c := strings.Split(s.Text(), "\t")
		l := mrdaLine{split: c[0], meeting: c[1], speaker: c[4], tags: c[5], text: c[7]}
		fmt.Sscan(c[2], &l.start)
		fmt.Sscan(c[3], &l.end)
		for _, tag := range strings.FieldsFunc(l.tags, func(r rune) bool { return strings.ContainsRune("^:.|", r) }) {
			l.ask = l.ask || tag == "co" || tag == "cs"
		}
		out = append(out, l)
	}
	return out
}

func talkModels(t testing.TB, s Sources) *models {
	t.Helper()
	m := &models{}
	train := Sources{Mail: s.Mail}
	for _, g := range s.Giving {
		if !heldOut(g.ID) {
			train.Giving = append(train.Giving, g)
		}
	}
	if err := m.trainTalk(train); err != nil {
		t.Fatal(err)
	}
	if err := m.trainAnswers(train, func(_ Answer, n int) bool { return true }); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMeasureMail prints the table of doc/ask.md for mail: ten folds.
func TestMeasureMail(t *testing.T) {
	if testing.Short() {
		t.Skip("ten trainings; run without -short")
	}
	s := sources(t)
	m := &models{}
	if err := m.trainTalk(s); err != nil {
		t.Fatal(err)
	}
	known := map[string][]feature{}
	for _, e := range append(masked(s.Mail), s.Mail...) {
		known[e.Text] = m.mailFeatures(e.Text)
	}
	features := func(text string) []feature { return known[text] }
	var all []scored
	for k := range 10 {
		var train []Example
		for i, e := range s.Mail {
			if i%10 != k {
				train = append(train, e)
			}
		}
		m.mail = remember(masked(train), features, flatMail)
		for i, e := range s.Mail {
			if i%10 == k {
				all = append(all, scored{m.scoreMail(e.Text), e.Yes})
			}
		}
	}
	got := measure(all)
	t.Logf("request in mail, ten folds            %v", got)
	if got.auc < 0.935 || got.f1 < 0.82 {
		t.Errorf("worse than what doc/ask.md says: %v", got)
	}
}

func texts(list []Example) (out []string) {
	for _, e := range list {
		out = append(out, e.Text)
	}
	return out
}

// TestMeasureTalk prints the tables for talk, on weights that never saw it.
func TestMeasureTalk(t *testing.T) {
	if testing.Short() {
		t.Skip("trains the classifier; run without -short")
	}
	s := sources(t)
	m := talkModels(t, s)
	var all, asker, alone []scored
	var talks [][]scored
	for _, g := range s.Giving {
		if !heldOut(g.ID) {
			continue
		}
		asks := g.asks()
		var talk []scored
		for i, p := range m.scoreTalk(texts(asks)) {
			x := scored{p, asks[i].Yes}
			talk = append(talk, x)
			if g.Sentences[i].Role == "asker" {
				asker = append(asker, x)
			}
			alone = append(alone, scored{m.scoreTalk([]string{asks[i].Text})[0], asks[i].Yes})
		}
		talks, all = append(talks, talk), append(all, talk...)
	}
	low, high := apBetween(talks)
	t.Logf("fundraising talks, both speakers      %v; AP of talks drawn anew %.3f to %.3f (90 %%)", measure(all), low, high)
	t.Logf("fundraising talks, each sentence alone %v", measure(alone))
	t.Logf("fundraising talks, the asker's        %v", measure(asker))
	if got := measure(all); got.ap < 0.825 {
		t.Errorf("worse than what doc/ask.md says: %v", got)
	}
	var val []scored
	byMeeting := map[string][]Example{}
	for _, l := range mrda(t) {
		if l.split == "val" && l.tags != "z" && l.tags != "" {
			byMeeting[l.meeting] = append(byMeeting[l.meeting], Example{l.text, l.ask, 1})
		}
	}
	for _, said := range byMeeting {
		for i, p := range m.scoreTalk(texts(said)) {
			val = append(val, scored{p, said[i].Yes})
		}
	}
	got := measure(val)
	t.Logf("meetings (MRDA val), trained on none  %v", got)
	if got.auc < 0.9 {
		t.Errorf("worse than what doc/ask.md says: %v", got)
	}
}

// TestMeasureAnswers prints precision and recall by answer.
func TestMeasureAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("trains the classifier; run without -short")
	}
	s := sources(t)
	m := talkModels(t, s)
	var said []answerPair
	for _, g := range s.Giving {
		if heldOut(g.ID) {
			r := g.replies()
			for _, a := range answers {
				for _, text := range r[a] {
					said = append(said, answerPair{a, m.read(text).Answer})
				}
			}
		}
	}
	t.Logf("answers in fundraising talks, held out\n%s", confusion(said))
	said = nil
	for k := range 5 {
		f := &models{}
		if err := f.trainAnswers(Sources{Giving: nil}, func(_ Answer, n int) bool { return n%5 != k }); err != nil {
			t.Fatal(err)
		}
		own, err := writtenAnswers(answersText)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range answers {
			for n, text := range own[a] {
				if n%5 == k {
					said = append(said, answerPair{a, f.read(text).Answer})
				}
			}
		}
	}
	t.Logf("answers written for the project, five folds, trained on the others only\n%s", confusion(said))
}

type answerPair struct{ want, got Answer }

func confusion(l []answerPair) string {
	var b strings.Builder
	for _, a := range append(slices.Clone(answers), OutOfOffice) {
		tp, fp, fn := 0, 0, 0
		for _, x := range l {
			switch {
			case x.want == a && x.got == a:
				tp++
			case x.want == a:
				fn++
			case x.got == a:
				fp++
			}
		}
		if tp+fp+fn == 0 {
			continue
		}
		fmt.Fprintf(&b, "    %-13s n %4d  P %.3f  R %.3f  F1 %.3f\n", a, tp+fn, ratio(tp, tp+fp), ratio(tp, tp+fn), ratio(2*tp, 2*tp+fp+fn))
	}
	return b.String()
}

// TestWeightsAreReproducible trains again and compares every byte.
func TestWeightsAreReproducible(t *testing.T) {
	if testing.Short() {
		t.Skip("trains the classifier; run without -short")
	}
	files, err := Train(sources(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, trained := range files {
		f, err := weightFiles.Open("weights/" + name)
		if err != nil {
			t.Fatal(err)
		}
		shipped, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(shipped, trained) {
			t.Errorf("weights/%s is not what training gives: run go run ./cmd/asktrain", name)
		}
	}
}
