package dottedline

import (
	"slices"
	"time"
)

// Event is the kind of thing that members and webhooks are told of at once.
type Event string

// The events. TestEvent is what the test of a webhook or a device sends.
const (
	ReplyEvent    Event = "reply"        // they wrote
	YesEvent      Event = "yes"          // they said yes
	OpenedEvent   Event = "opened"       // they opened the room or a gift
	QuestionEvent Event = "question"     // they asked in the room, or proposed a change
	SignedEvent   Event = "signed"       // one of them, or everybody, has signed
	MeetingEvent  Event = "meeting"      // they declined to meet, or proposed another time
	IntroEvent    Event = "introduction" // one of two answered whether they would like to be introduced, or wrote to the other
	LateEvent     Event = "late"         // the promised time to answer is nearly over
	TestEvent     Event = "test"
)

// Events are those that one can choose, in the order in which they are shown.
var Events = []Event{ReplyEvent, YesEvent, QuestionEvent, SignedEvent, MeetingEvent, OpenedEvent, IntroEvent, LateEvent}

// KnownEvents keeps of a choice what can be chosen, each once, in their order.
func KnownEvents(chosen []Event) (out []Event) {
	for _, e := range Events {
		if slices.Contains(chosen, e) {
			out = append(out, e)
		}
	}
	return out
}

// Notice is one event of one deal, as it is told.
type Notice struct {
	ID     NoticeID
	Event  Event
	Deal   DealID
	Person PersonID // of theirs; 0 where it is nobody's act
	Member MemberID // who holds the deal; 0 where that is not known
	By     MemberID // of ours, whose own act it was; 0 if none: nobody is told of what they did
	At     time.Time
	Name   string    // of the deal
	Title  string    // "Maya Okafor replied"
	Text   string    // the gist, in their words where there are any
	Due    time.Time // of a LateEvent: when the promise would be broken
}

// Lasts says whether the notice asks for something only while the ball lies with
// us, so that it is moot once somebody has answered.
func (n Notice) Lasts() bool {
	return n.Event == ReplyEvent || n.Event == QuestionEvent || n.Event == LateEvent
}

// Urgent says whether a device should be woken for it.
func (n Notice) Urgent() bool { return n.Event != OpenedEvent && n.Event != IntroEvent }

// Event is the event that a touch is; false where nobody is told of it. Mails
// are told of by who receives them, because history is read too.
func (t Touch) Event() (Event, bool) {
	switch t.Kind {
	case YesTouch, SaidYesTouch:
		return YesEvent, true
	case VisitTouch:
		return OpenedEvent, t.By == Them && (t.Text == string(VisitOpened) || t.Text == string(VisitNew))
	case GiftTouch:
		return OpenedEvent, t.By == Them
	case IntroYesTouch, IntroNoTouch, IntroTookTouch:
		return IntroEvent, true
	case QuestionTouch, ProposalTouch:
		return QuestionEvent, t.By == Them
	case BookTouch:
		return MeetingEvent, t.declines()
	case OtherTimeTouch:
		return MeetingEvent, t.By == Them
	case SaidLaterTouch, SaidNoTouch, MistakenTouch, DeclineTouch:
		return ReplyEvent, t.By == Them
	case SignTouch:
		return SignedEvent, t.By == Them
	case SignedTouch:
		return SignedEvent, true
	}
	return "", false
}

// declines says whether the touch is that they declined to meet.
func (t Touch) declines() bool { return t.Kind == BookTouch && t.By == Them && t.Ball == Us }

// Says is what the event is in words, after the name of who did it.
func (t Touch) Says() string {
	switch t.Kind {
	case YesTouch, SaidYesTouch:
		return "said yes"
	case VisitTouch:
		return "opened the agreement"
	case GiftTouch:
		return "opened your gift"
	case IntroYesTouch:
		return "would like to be introduced"
	case IntroNoTouch:
		return "would rather not be introduced"
	case IntroTookTouch:
		return "has answered your introduction"
	case QuestionTouch:
		return "asked in the room"
	case ProposalTouch:
		return "proposed a change"
	case SaidLaterTouch:
		return "said not now"
	case SaidNoTouch:
		return "said no"
	case MistakenTouch:
		return "understood something else"
	case DeclineTouch:
		return "declined to sign"
	case BookTouch:
		return "declined the meeting"
	case OtherTimeTouch:
		return "proposed another time"
	case SignTouch:
		return "signed"
	}
	return "replied"
}

// Webhook is an address that is told of events.
type Webhook struct {
	ID     WebhookID
	URL    string
	Events []Event
	Paused bool
	Failed time.Time // since when every try fails; zero while they arrive
	Next   time.Time // while they fail: not tried again before
	Off    time.Time // when it was given up; zero if not
	Why    string    // what went wrong last
	Made   time.Time
}

// Live says whether it is told of new events.
func (w Webhook) Live() bool { return !w.Paused && w.Off.IsZero() }

// Device is a browser that asked to be pushed to.
type Device struct {
	ID     DeviceID
	Member MemberID
	Name   string // "Chrome on Android"
	Made   time.Time
	Last   time.Time // the last push that its service took
	Error  string    // of the last try, "" if it arrived
}

// DeliveryState is how far the telling of one notice to one receiver is.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryWaiting DeliveryState = "waiting"
	DeliveryDone    DeliveryState = "delivered"
	DeliveryFailed  DeliveryState = "failed" // given up
	DeliveryMoot    DeliveryState = "moot"   // answered, paused or removed before it went out
)

// Delivery is one notice on its way to one webhook or device.
type Delivery struct {
	ID      DeliveryID
	Notice  NoticeID
	Webhook WebhookID // or
	Device  DeviceID
	State   DeliveryState
	Due     time.Time // not before
	Tries   int
	Status  int           // of the last answer; 0 where none came
	Answer  string        // its first kilobyte
	Took    time.Duration // until the answer
	Tried   time.Time
	Made    time.Time
	Error   string // in plain words
}

// RetryIn is how long to wait before the next try of what has failed for so long:
// half of that, five seconds at least, six hours at most.
func RetryIn(failing time.Duration) time.Duration {
	return min(max(failing/2, 5*time.Second), 6*time.Hour)
}

// DeliverFor is how long one notice is tried, and a webhook may fail, before it
// is given up.
const DeliverFor = 4 * 24 * time.Hour
