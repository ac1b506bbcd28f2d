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

// HoldsAsk says whether a mail of ours holds an ask as it was planned, by its
// meaning-bearing words, amounts and dates, and in which words.
func HoldsAsk(mail, ask string) (words string, ok bool) {
	if ask == "" || len(mail) > 20_000 {
		return "", false
	}
	t := transcript.Transcript{}
	for s := range sentences(mail) {
		t.Utterances = append(t.Utterances, transcript.Utterance{Speaker: "me", Start: -1, End: -1, Text: s})
	}
	f := transcript.Find(t, ask, "me").Ask
	return f.Text, f.Made
}
