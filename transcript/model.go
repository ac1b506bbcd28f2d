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
// speaker, in talk or in mail.
func Score(sentence string, kind Kind) float64 {
	if kind == Mail {
		return withMemory().scoreMail(sentence)
	}
	return theModels().scoreTalk(sentence)
}

// models are the heads of the classifier.
type models struct {
	mail    *memory
	meeting *Model // requests and proposals in meetings
	giving  *Model // requests in talks that raise funds
	written *Model // the same, by how they are worded and written as in mail
	which   *Model // which of these knows such a sentence
	answer  []*Model
	talk    map[string][3]float64 // the three heads of talk side by side: one look-up a feature
}

// The heads are fitted on as many requests as other sentences; talk and mail
// hold fewer, by these logits.
const (
	mailPrior    = -0.3
	meetingPrior = -4
)

func (m *models) scoreMail(text string) float64 {
	return sigmoid(m.mail.logit(text) + mailPrior)
}

// What the heads for giving say is averaged, moved a little by what the head for
// meetings hears above the usual, and mixed with that by the log of the odds.
func (m *models) scoreTalk(text string) float64 {
	meeting, giving, which := m.meeting.weight[biasName], m.giving.weight[biasName], m.which.weight[biasName]
	for _, f := range talkFeatures(text) {
		if w, ok := m.talk[f.name]; ok {
			meeting += w[0] * f.v
			giving += w[1] * f.v
			which += w[2] * f.v
		}
	}
	giving = (giving+m.written.logit(mailFeatures(text)))/2 + 0.15*(meeting+2)
	g := sigmoid(which)
	return sigmoid(g*giving + (1-g)*(meeting+meetingPrior))
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

// sideBySide lays the heads of talk out for scoreTalk.
func (m *models) sideBySide() {
	m.talk = make(map[string][3]float64, len(m.which.weight))
	for i, head := range []*Model{m.meeting, m.giving, m.which} {
		for n, v := range head.weight {
			w := m.talk[n]
			w[i] = v
			m.talk[n] = w
		}
	}
}

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
	f, err := weightFiles.Open("weights/" + memoryFile)
	if err == nil {
		m.mail, err = readMemory(f, m.mailFeatures)
	}
	if err != nil {
		panic(err) // as above
	}
	return &m
})

const memoryFile = "mail.txt"

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
	return m, nil
}

// files names the file of each head but the memory.
func (m *models) files() map[string]**Model {
	f := map[string]**Model{"talk_meeting": &m.meeting, "talk_giving": &m.giving, "talk_written": &m.written, "talk_which": &m.which}
	for i, a := range answers {
		f["answer_"+string(a)] = &m.answer[i]
	}
	return f
}
