package transcript

import "slices"

// ScoreTalk gives for each sentence of one talk, in the order in which they were
// said, the probability (0–1) that it is a request made by its speaker.
func ScoreTalk(sentences []string) []float64 { return theModels().scoreTalk(sentences) }

// hearing is what the heads of talk say of a sentence, as log-odds.
type hearing struct{ meeting, giving, which float64 }

// What a talk is about is heard from the sentences around: the mean of what the
// fourth head says of them, above what lies between meetings and talks that
// raise funds, counts so many times.
const (
	around  = 20 // sentences on either side
	silent  = 4  // and so many that say nothing, so that a few don't decide
	between = 1
	insist  = 4
)

const (
	meetingPrior = -4    // as mailPrior: fitted on as many requests as other sentences
	giftPrior    = 0.6   // an average of three is more careful than each
	unheard      = 0.005 // the share below which the heads for giving change nothing
	hopeless     = -4    // what they say of a sentence that need not be looked up
)

// scoreTalk moves what is said of a gift a little by what the head for meetings
// hears above the usual, and mixes it with that by the log of the odds, as far as
// the talk is one that raises funds.
func (m *models) scoreTalk(texts []string) []float64 {
	said := make([]hearing, len(texts))
	sum := make([]float64, len(texts)+1)
	for i, t := range texts {
		said[i] = m.hear(talkFeatures(t))
		sum[i+1] = sum[i] + said[i].which - between
	}
	out := make([]float64, len(texts))
	for i, v := range said {
		from, to := max(0, i-around), min(len(texts), i+around+1)
		others := sum[to] - sum[from] - (v.which - between)
		g := sigmoid(v.which + insist*others/float64(to-from-1+silent))
		z := (1 - g) * (v.meeting + meetingPrior)
		if g > unheard {
			z += g * (m.gift(texts[i], v.giving) + giftPrior + 0.1*(v.meeting+2))
		}
		out[i] = sigmoid(z)
	}
	return out
}

// gift averages what the two heads for giving say, and then that with what is
// remembered of such sentences, which takes ten times as long.
func (m *models) gift(text string, giving float64) float64 {
	z := (giving + m.written.logit(mailFeatures(text))) / 2
	if z > hopeless && remembers(text) {
		z = (z + m.gifts().logit(text)) / 2
	}
	return z
}

// remembers says whether a sentence can be an ask for a gift: it asks, speaks to
// somebody or of giving. Of all others nothing is remembered.
func remembers(text string) bool {
	ws := spoken(words(text))
	return aboutGiving(ws) || slices.ContainsFunc(ws, func(w word) bool { return w.s == "?" || w.s == "you" })
}

func (m *models) hear(fs []feature) hearing {
	v := hearing{m.meeting.weight[biasName], m.giving.weight[biasName], m.which.weight[biasName]}
	for _, f := range fs {
		if w, ok := m.talk[f.name]; ok {
			v.meeting += w[0] * f.v
			v.giving += w[1] * f.v
			v.which += w[2] * f.v
		}
	}
	return v
}

// sideBySide lays the heads of talk out for hear.
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
