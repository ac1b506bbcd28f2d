package dottedline

import (
	"fmt"
	"strconv"
	"time"
)

// ID names one row of its kind within a workspace. The upper 42 bits are the
// Unix time in milliseconds at which it was made, so that IDs sort by age; the
// lower 21 tell those of one millisecond apart.
type ID[T any] int64

// The kinds of IDs.
type (
	WorkspaceID    = ID[Workspace]
	MemberID       = ID[Member]
	PersonID       = ID[Person]
	CompanyID      = ID[Company]
	DealID         = ID[Deal]
	TouchID        = ID[Touch]
	ThreadID       = ID[Thread]
	MailID         = ID[Mail]
	MailboxID      = ID[Mailbox]
	OutgoingID     = ID[Outgoing]
	TemplateID     = ID[Template]
	PaperID        = ID[PaperTemplate]
	AgreementID    = ID[Agreement]
	SignerID       = ID[Signer]
	StepID         = ID[Step]
	QuestionID     = ID[RoomQuestion]
	SealKeyID      = ID[SealKey]
	MeetingID      = ID[Meeting]
	AskID          = ID[Ask]
	RecapID        = ID[Recap]
	CalendarID     = ID[Calendar]
	BookingID      = ID[Booking]
	BookPageID     = ID[BookingPage]
	GiftID         = ID[Gift]
	IntroductionID = ID[Introduction]
	NoticeID       = ID[Notice]
	WebhookID      = ID[Webhook]
	DeviceID       = ID[Device]
	DeliveryID     = ID[Delivery]
)

// NewID makes an ID from the time and 21 bits that tell it apart.
func NewID[T any](at time.Time, low uint32) ID[T] {
	return ID[T](at.UnixMilli()<<21 | int64(low&(1<<21-1)))
}

// String is the ID in base 36, as it stands in addresses of pages.
func (id ID[T]) String() string { return strconv.FormatInt(int64(id), 36) }

// MarshalText writes the ID as String does, so that JSON readers that hold
// numbers as 64-bit floats lose nothing.
func (id ID[T]) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (id *ID[T]) UnmarshalText(b []byte) error {
	v, err := ParseID[T](string(b))
	*id = v
	return err
}

// ParseID reads an ID in base 36.
func ParseID[T any](s string) (ID[T], error) {
	n, err := strconv.ParseInt(s, 36, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("not an id: %q", s)
	}
	return ID[T](n), nil
}

// Time is when the ID was made, to the millisecond.
func (id ID[T]) Time() time.Time { return time.UnixMilli(int64(id) >> 21).UTC() }
