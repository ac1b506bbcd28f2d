package dottedline

import "dottedline/transcript"

// ReplyReading is how a mail of theirs reads as an answer. It only ever proposes.
type ReplyReading struct {
	Answer     transcript.Answer
	Confidence float64
	Words      []transcript.Range // in the text that was read
}

// sureReading is the confidence from which a reading is shown.
const sureReading = 0.5

// ReadReply reads what they newly wrote as yes, no, not now or a question. ok is
// false where it is none of these or not sure enough to be shown.
func ReadReply(text string) (r ReplyReading, ok bool) {
	if len(text) > 20_000 {
		return r, false // nobody answers in so many words
	}
	x := transcript.ReadReply(text)
	switch x.Answer {
	case transcript.Yes, transcript.No, transcript.NotNow, transcript.Question:
		return ReplyReading{x.Answer, x.Confidence, x.Words}, x.Confidence >= sureReading
	}
	return r, false
}
