package dottedline

import "testing"

func TestAsksToMeet(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Could we talk next week?":                                               true,
		"Can we have a short call on this?":                                      true,
		"Hi Sam,\n\nthis looks good. Would you have time for a call on Tuesday?": true,
		"I would like to set up a meeting with our head of sales.":               true,
		"Let's talk.":                         true,
		"When would suit you?":                true,
		"Are you free on Thursday afternoon?": true,
		"Do you have half an hour this week?": true,
		"Please send me a few times.":         true,
		"Happy to jump on a call.":            true,
		"Can we schedule a 20-minute demo?":   true,

		"":                               false,
		"Does it run on our own server?": false,
		"Thank you for the call yesterday. What does it cost for forty seats?": false,
		"We can't meet this month.":              false,
		"I don't have time for a call.":          false,
		"The meeting was useful.":                false,
		"Can we have the price for forty seats?": false,
		"Could you call the function twice?":     false,
		"I met the team, and all like it.":       false,
		"When do you ship?":                      false,
		"Can you send the agreement today?":      false,
	} {
		if got := AsksToMeet(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
