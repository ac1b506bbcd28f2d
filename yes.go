package dottedline

import "dottedline/transcript"

// YesReading is what in their words reads like a yes. It only ever proposes: a
// yes is recorded by a person's press.
type YesReading struct {
	Words      string // the sentence that it rests on
	Confidence float64
	Marks      []transcript.Range // in the text that was read
}

// sureYes is the confidence from which a reading is shown as a yes.
const sureYes = 0.5

// ReadYes reads what they newly wrote. ok is false where it is no yes.
func ReadYes(text string) (y YesReading, ok bool) {
	r := transcript.ReadReply(text)
	if r.Answer != transcript.Yes || r.Confidence < sureYes {
		return y, false
	}
	y = YesReading{Confidence: r.Confidence, Marks: r.Words}
	if len(r.Words) > 0 {
		for s := range sentences(text) {
			if containsFold(s, r.Words[0].Text) {
				y.Words = s
				break
			}
		}
		if y.Words == "" {
			y.Words = r.Words[0].Text
		}
	}
	if y.Words == "" {
		y.Words = Gist(text, 200)
	}
	return y, true
}
