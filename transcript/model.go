package transcript

import (
	"bufio"
	"embed"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// Kind says where a sentence comes from: the two are weighed by different heads.
type Kind int

// Talk is something said, Mail something written.
const (
	Talk Kind = iota
	Mail
)

// Score is the probability (0–1) that a sentence is a request made by its
// speaker, in talk or in mail. ScoreTalk hears what is said around it too.
func Score(sentence string, kind Kind) float64 {
	if kind == Mail {
		return withMemory().scoreMail(sentence)
	}
	return ScoreTalk([]string{sentence})[0]
}

// models are the heads of the classifier.
type models struct {
	mail    *memory
	meeting *Model         // requests and proposals in meetings
	giving  *Model         // requests in talks that raise funds
	written *Model         // the same, by how they are worded and written as in mail
	gifts   func() *memory // the sentences of such talks that ask or may seem to
	which   *Model         // which of these knows such a sentence
	answer  []*Model
	talk    map[string][3]float64 // the three heads of talk side by side: one look-up a feature
}

// mailPrior is by how much, in log-odds, mail holds fewer requests than what was
// remembered of it.
const mailPrior = -0.3

func (m *models) scoreMail(text string) float64 {
	return sigmoid(m.mail.logit(text) + mailPrior)
}

// mailFeatures are how the sentence and each of its clauses are worded and how
// the heads for talk hear it.
func (m *models) mailFeatures(text string) []feature {
	asWritten, asTalk := mailFeatures(text), talkFeatures(text)
	z := m.meeting.logit(asTalk)
	out := append(asWritten, m.clauseFeatures(text)...)
	return append(out, feature{heard, z / 3}, feature{heard + " softly", math.Tanh(z / 2)},
		feature{heard + " giving", math.Tanh(m.giving.logit(asTalk)/2 + 1)}, feature{heard + " written", math.Tanh(m.written.logit(asWritten)/2 + 1)})
}

// heard names the features that are another head's say; they are not scaled.
const heard = "heard"

// Model is a logistic regression whose weights can be read: one line per
// feature, its name, a tab and its weight.
type Model struct {
	weight map[string]float64
}

const biasName = "(bias)"

func (m *Model) logit(fs []feature) float64 {
	z := m.weight[biasName]
	for _, f := range fs {
		z += m.weight[f.name] * f.v
	}
	return z
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// WriteTo writes the weights in the order of their names, three decimals each.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	names := make([]string, 0, len(m.weight))
	for n := range m.weight {
		names = append(names, n)
	}
	sort.Strings(names)
	var total int64
	for _, n := range names {
		k, err := fmt.Fprintf(w, "%s\t%s\n", n, strconv.FormatFloat(m.weight[n], 'f', -1, 64))
		total += int64(k)
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// readModel reads what WriteTo wrote; an error names the line.
func readModel(r io.Reader) (*Model, error) {
	m := &Model{weight: map[string]float64{}}
	s := bufio.NewScanner(r)
	for line := 1; s.Scan(); line++ {
		name, num, ok := strings.Cut(s.Text(), "\t")
		v, err := strconv.ParseFloat(num, 64)
		if !ok || err != nil {
			return nil, fmt.Errorf("read weights: line %d is not a name, a tab and a number: %q", line, s.Text())
		}
		m.weight[name] = v
	}
	return m, s.Err()
}

//go:embed weights/*.txt
var weightFiles embed.FS

// theModels are the heads that ship with the program.
var theModels = sync.OnceValue(func() *models {
	m, err := readModels(func(name string) (io.Reader, error) { return weightFiles.Open("weights/" + name + ".txt") })
	if err != nil {
		panic(err) // the files are embedded: a test reads them before they ship
	}
	return m
})

// withMemory are the heads that ship and what they remember of mail, which takes
// a moment to read and is only needed for mail.
var withMemory = sync.OnceValue(func() *models {
	m := *theModels()
	m.mail = shippedMemory(mailFile, m.mailFeatures)
	return &m
})

const (
	mailFile  = "mail.txt"
	giftsFile = "gifts.txt"
)

func shippedMemory(name string, features func(string) []feature) *memory {
	f, err := weightFiles.Open("weights/" + name)
	if err != nil {
		panic(err) // as above
	}
	m, err := readMemory(f, features)
	if err != nil {
		panic(fmt.Errorf("%s: %w", name, err))
	}
	return m
}

func readModels(open func(name string) (io.Reader, error)) (*models, error) {
	m := &models{answer: make([]*Model, len(answers))}
	for name, at := range m.files() {
		r, err := open(name)
		if err != nil {
			return nil, fmt.Errorf("open weights %s: %w", name, err)
		}
		if *at, err = readModel(r); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	m.sideBySide()
	m.gifts = sync.OnceValue(func() *memory { return shippedMemory(giftsFile, talkFeatures) })
	return m, nil
}

// files names the file of each head but the memories.
func (m *models) files() map[string]**Model {
	f := map[string]**Model{"talk_meeting": &m.meeting, "talk_giving": &m.giving, "talk_written": &m.written, "talk_which": &m.which}
	for i, a := range answers {
		f["answer_"+string(a)] = &m.answer[i]
	}
	return f
}
