package dottedline

import (
	"cmp"
	"slices"
	"time"
)

// Side is one of the two sides of a deal.
type Side string

// The sides. Nobody is a side as well: a machine's mail is from nobody.
const (
	Nobody Side = ""
	Us     Side = "us"
	Them   Side = "them"
)

// Other is the opposite side.
func (s Side) Other() Side {
	switch s {
	case Us:
		return Them
	case Them:
		return Us
	}
	return Nobody
}

// TouchKind says what happened.
type TouchKind string

// The kinds of touches.
const (
	MailTouch    TouchKind = "mail"    // a mail, from the side that wrote it
	MachineTouch TouchKind = "machine" // a mail that no person wrote: bounce, auto-reply, newsletter
	CallTouch    TouchKind = "call"
	NoteTouch    TouchKind = "note" // an internal note; they don't see it
	MeetingTouch TouchKind = "meeting"
	ValueTouch   TouchKind = "value"  // Amount is the deal's value from here on
	NameTouch    TouchKind = "name"   // Text is its name
	KindTouch    TouchKind = "kind"   // Text is its kind
	LaterTouch   TouchKind = "later"  // not before Until; zero Until takes it back
	DoneTouch    TouchKind = "done"   // nothing to answer: the ball is taken off us without a mail
	AskTouch     TouchKind = "ask"    // the ask was made, in the words of Text
	YesTouch     TouchKind = "yes"    // a verbal yes of Person, in the words of Text
	UnyesTouch   TouchKind = "unyes"  // it was no yes after all
	SentTouch    TouchKind = "sent"   // the agreement went out; it can be signed before Until
	SignedTouch  TouchKind = "signed" // everybody has signed
	NoTouch      TouchKind = "no"     // turned down
	QuietTouch   TouchKind = "quiet"  // gone quiet
	ReopenTouch  TouchKind = "reopen" // an end was taken back

	OfferedYesTouch TouchKind = "offered yes"       // something reads like a yes, in the words of Text; a person has to say whether it is one
	VisitTouch      TouchKind = "visit"             // they were in the room; Text says what for: a Visit
	QuestionTouch   TouchKind = "question"          // they asked in the room
	AnswerTouch     TouchKind = "answer"            // we answered there
	ProposalTouch   TouchKind = "proposal"          // they proposed a change of the agreement
	DeclineTouch    TouchKind = "decline"           // they will not sign it, for the reason in Text
	SignTouch       TouchKind = "sign"              // one of several has signed; Ball says whose turn it is
	VoidTouch       TouchKind = "void"              // the agreement that went out no longer stands
	ExtendTouch     TouchKind = "extend"            // they have until Until to sign it
	PlanTouch       TouchKind = "plan"              // the next step of ours is due at Until; zero: none is left
	StepTouch       TouchKind = "step"              // the step in Text was done, or what became of it is said there
	GiftTouch       TouchKind = "gift"              // we gave something; from them: they opened it. Text is its name
	IntroduceTouch  TouchKind = "introduce"         // we asked them and somebody else whether to introduce them; Text is the other's name
	IntroYesTouch   TouchKind = "introduction yes"  // one of the two, Text, would like it
	IntroNoTouch    TouchKind = "introduction no"   // one of the two, Text, would rather not
	IntroducedTouch TouchKind = "introduced"        // both said yes and were joined by a mail
	IntroTookTouch  TouchKind = "introduction took" // one of the two, Text, has written to the other
	BookTouch       TouchKind = "booking"           // they booked, moved, cancelled or answered a time; Text says which, and Ball is ours where they declined it
	OtherTimeTouch  TouchKind = "other time"        // they proposed another time for a meeting; Text says which
	RemindTouch     TouchKind = "remind"            // they were reminded; Text says why

	BriefTouch     TouchKind = "brief"         // the next meeting without an ask begins at Until; zero: there is none
	PlannedTouch   TouchKind = "ask planned"   // the ask of Text is to be made, in the meeting that ends at Until
	NoAskTouch     TouchKind = "no ask"        // nothing is to be asked in the meeting, by choice
	SettledTouch   TouchKind = "settled"       // after the meeting: no recap is needed
	RecapTouch     TouchKind = "recap"         // the recap went out; an answer is hoped for by Until
	SaidYesTouch   TouchKind = "said yes"      // their answer to a recap; Text is the line that they added
	SaidLaterTouch TouchKind = "said not now"  // the same
	SaidNoTouch    TouchKind = "said no"       // the same
	MistakenTouch  TouchKind = "misunderstood" // that's not what they understood
)

// Touch is one thing that happened between us and them. Touches are only ever
// added; all else about a deal is derived from them by Fold.
type Touch struct {
	ID     TouchID
	Deal   DealID
	At     time.Time
	Kind   TouchKind
	By     Side     // whose act it was
	Member MemberID // of ours; 0 when theirs or unknown
	Person PersonID // of theirs; 0 when ours
	Mail   MailID   // where the touch is a mail
	Ball   Side     // whose move it is after a call or a meeting; Nobody leaves it
	Text   string
	Amount Money     // of a ValueTouch
	Until  time.Time // of a LaterTouch, a PlanTouch, a SentTouch, an ExtendTouch, and those of an ask
}

// gives is the side that has the ball after the touch; Nobody where the touch
// does not move it. Only what the other side can see moves it: a person's mail,
// what is said in the room, a call or meeting of which somebody said so, or
// that they decline to meet.
func (t Touch) gives() Side {
	switch t.Kind {
	case MailTouch, QuestionTouch, AnswerTouch, ProposalTouch, DeclineTouch, SaidYesTouch, SaidLaterTouch, SaidNoTouch, MistakenTouch:
		return t.By.Other()
	case DoneTouch:
		return Them
	case CallTouch, MeetingTouch, SignTouch, BookTouch:
		return t.Ball
	case AskTouch, SentTouch, RecapTouch:
		return Them
	}
	return Nobody
}

// SortTouches puts touches in the order in which they happened. It is a total
// order, so that any order of arrival ends in the same one.
func SortTouches(ts []Touch) {
	slices.SortFunc(ts, func(a, b Touch) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
}
