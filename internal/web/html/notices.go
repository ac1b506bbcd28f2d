package html

// NoticeSettings are how a member is told of things.
type NoticeSettings struct {
	Shell
	Devices  []DeviceRow
	Renew    bool // a subscription of theirs is under an older key
	Events   []Choice
	Quiet    bool
	From, To string // of the quiet hours, "21:00"
	DaysOff  bool
	Digest   bool
	DigestAt string
	AwayFrom string // "2026-12-24"
	AwayTo   string
	AwayNote string
	AwayNow  string // "You are away until Monday 4 January." or ""
	Stand    []Choice
	Owner    bool
	Promise  string // hours
	Answers  string // what was measured: "In fact: about 40 minutes." or ""
	Problem  *Problem
}

// DeviceRow is one device that is pushed to.
type DeviceRow struct{ ID, Name, Note, Error string }

// WebhookSettings are the addresses that are told of events.
type WebhookSettings struct {
	Shell
	Owner    bool
	Webhooks []WebhookForm
	Fresh    WebhookForm
	Secret   string // of one that was just made, shown once
	Problem  *Problem
}

// WebhookForm changes a webhook; ID is empty for a new one.
type WebhookForm struct {
	ID, URL, State string
	Events         []Choice
	Paused         bool
	Off            *Problem // why it was turned off
	Open           bool
}

func (w WebhookForm) action() string {
	if w.ID == "" {
		return "/settings/webhooks"
	}
	return "/settings/webhooks/" + w.ID
}

// WebhookLog is the log of a webhook's deliveries.
type WebhookLog struct {
	Shell
	URL  string
	Rows []DeliveryRow
}

// DeliveryRow is one of them. State as its words, When the last try.
type DeliveryRow struct {
	ID, What, State, When, Tries, Took string
	Answer                             string
	Failed, Waiting                    bool
}
