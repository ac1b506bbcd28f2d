package transcript

import (
	"bytes"
	"fmt"
	"slices"
)

// Sources is what the classifier learns from besides the sentences written for
// the project.
type Sources struct {
	Mail   []Example
	Giving []GivingTalk
}

// Train fits every head and gives the files of its weights by name. The same
// sources give the same bytes.
func Train(s Sources) (map[string][]byte, error) {
	m, err := trainAll(s)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for name, memory := range map[string]*memory{mailFile: m.mail, giftsFile: m.gifts()} {
		var b bytes.Buffer
		if _, err := memory.WriteTo(&b); err != nil {
			return nil, fmt.Errorf("write what is remembered in %s: %w", name, err)
		}
		out[name] = b.Bytes()
	}
	for name, head := range m.files() {
		var b bytes.Buffer
		if _, err := (*head).WriteTo(&b); err != nil {
			return nil, fmt.Errorf("write weights %s: %w", name, err)
		}
		out[name+".txt"] = b.Bytes()
	}
	return out, nil
}

func trainAll(s Sources) (*models, error) {
	m := &models{}
	if err := m.trainTalk(s); err != nil {
		return nil, err
	}
	m.trainMail(s.Mail)
	return m, m.trainAnswers(s, func(Answer, int) bool { return true })
}

// trainMail needs the heads for talk, which have learned no request from mail.
func (m *models) trainMail(mail []Example) { m.mail = remember(masked(mail), m.mailFeatures, flatMail) }

func (m *models) trainTalk(s Sources) error {
	own, err := writtenAsks(asksText)
	if err != nil {
		return err
	}
	var giving []Example
	for _, t := range s.Giving {
		giving = append(giving, t.asks()...)
	}
	m.meeting = trainHead(own.Meeting, talkFeatures, 3, 0.015)
	gifts := append(weighed(own.Giving, 2), giving...)
	m.giving = trainHead(gifts, talkFeatures, 3, 0.015)
	m.written = trainHead(gifts, mailFeatures, 3, 0.015)
	known := remember(slices.DeleteFunc(masked(gifts), func(e Example) bool { return !remembers(e.Text) }), talkFeatures, flatGift)
	m.gifts = func() *memory { return known }
	var which []Example
	which = append(which, labelled(giving, true, 0.5)...)
	which = append(which, labelled(own.Giving, true, 0.5)...)
	which = append(which, labelled(own.Meeting, false, 1)...)
	which = append(which, labelled(s.Mail, false, 0.2)...)
	m.which = trainHead(which, talkFeatures, 3, 0.015)
	m.sideBySide()
	return nil
}

// trainAnswers fits one head per answer; keep says which of the written answers
// to use, so that a measurement can hold some out.
func (m *models) trainAnswers(s Sources, keep func(a Answer, n int) bool) error {
	own, err := writtenAnswers(answersText)
	if err != nil {
		return err
	}
	said := map[Answer][]Example{}
	for _, a := range answers {
		for n, t := range own[a] {
			if keep(a, n) {
				said[a] = append(said[a], Example{Text: t, Weight: 1})
			}
		}
	}
	for _, t := range s.Giving {
		r := t.replies()
		for _, a := range answers {
			for _, text := range r[a] {
				said[a] = append(said[a], Example{Text: text, Weight: answerWeight(a)})
			}
		}
	}
	m.answer = nil
	for _, a := range answers {
		var all []Example
		for _, b := range answers {
			all = append(all, labelled(said[b], a == b, 0)...)
		}
		m.answer = append(m.answer, trainHead(all, answerFeatures, 0.5, 0.015))
	}
	return nil
}

// answerWeight keeps the many sentences beside the point from drowning the few
// that answer.
func answerWeight(a Answer) float64 {
	if a == Other || a == Question {
		return 0.3
	}
	return 0.7
}

// labelled gives the examples a label and, unless it is 0, times the weight.
func labelled(list []Example, yes bool, weight float64) []Example {
	out := make([]Example, len(list))
	for i, e := range list {
		out[i] = Example{e.Text, yes, e.Weight}
		if weight != 0 {
			out[i].Weight *= weight
		}
	}
	return out
}

func weighed(list []Example, weight float64) []Example {
	out := make([]Example, len(list))
	for i, e := range list {
		out[i] = e
		out[i].Weight *= weight
	}
	return out
}
