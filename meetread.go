package dottedline

import "regexp"

// meeting is a sentence that asks for a time to talk: by its words for talking,
// and by those that make it a wish or a question of ours both.
var meeting = regexp.MustCompile(`(?i)\b(can|could|shall|should|may|might|would) (we|i) (please |maybe |perhaps |possibly |all |both |be able to |have time to |like to |have time for |have |do |set up |schedule |arrange |find (a )?time (to|for) |jump on |hop on |get on )*(a |an |another |some )?(short |quick |brief |\d+[- ]minutes? )?(talk|speak|meet|chat|call|meeting|time|catch up|connect|zoom|video call|phone call|demo)\b` +
	`|\b(let'?s|let’s|let us) (please |maybe |perhaps )?(talk|speak|meet|chat|have a (talk|call|chat|meeting)|set up|schedule|arrange|find a time|get on|jump on|hop on|catch up|do a call)\b` +
	`|\b(happy|glad|free|open|available|keen|like|love|want|wanted|able) to (talk|speak|meet|chat|have a (talk|call|chat|meeting)|set up a|schedule a|arrange a|jump on a|hop on a|get on a|catch up)\b` +
	`|\b(can|could|would) you (please )?(call|phone|ring|meet|join|talk to|speak to|speak with) (me|us)\b` +
	`|\b(when|what time|which (day|time)s?|what (day|time)s?) (would|do|does|are|is|could|can|will|works?|suits?)\b.{0,30}\b(suits? you|works? for you|you free|you available|you have time|talk|meet|speak|a call)\b` +
	`|\b(when|what|which) (day |time )?(would|will|does|could)? ?(suits?|works for) you\b` +
	`|\b(do|will|would) you have (any |some )?(time|availability|a (moment|minute|slot)|\d+ minutes|half an hour|an hour)\b` +
	`|\b(are|will) you (be )?(free|available|around)\b` +
	`|\b(send|share|propose|suggest|offer|give) (me |us )?(a |some |a few |your |any )?(times?|slots?|dates?|availability|time slots?)\b` +
	`|\b(book|schedule|arrange|set up|organi[sz]e|fix) (a |an |another |some )?(short |quick |brief )?(time|call|meeting|talk|demo|chat|slot)\b` +
	`|\b(name|pick|find) a (time|day|date|slot)\b` +
	`|\b(can|could|shall|may|might) (we|i) (please |maybe |perhaps )?(grab|get|have|take|borrow|use) (a few|five|ten|fifteen|twenty|thirty|\d+|half an hour|an hour|some|a little)( of your)?( time| minutes| mins)?\b` +
	`|\b(can|could|may|might) (we|i) (get|put|find) .{0,25}\b(on|in|into) (your|the|our) (calendar|diary)\b|\b(perhaps|maybe) (we|i) (can|could) (talk|speak|meet|chat|catch up)\b` +
	`|\b(be|are you) (up|open|free|available) for (a |an |another )?(short |quick |brief )?(call|chat|talk|coffee|lunch|meeting|demo)\b|\bhow about (a |an |another )?(short |quick |brief )?(call|chat|talk|coffee|lunch|meeting|` + weekday + `)\b` +
	`|\b(would|might) be (good|great|nice|helpful|useful|best|easier) (for us )?to (talk|speak|meet|chat|catch up|have a (call|chat|talk|meeting))\b|\bwe should (really |probably )?(talk|speak|meet|chat|catch up)\b` +
	`|\bgive (me|us) a (ring|call|shout)\b|\b(good|best|convenient|suitable) (time|day|moment) (for you )?(to|for) (a )?(call|talk|speak|meet|meeting|chat|ring)\b` +
	`|\b(can|could|would) you .{3,60} (on|over|in) a (short |quick |brief )?(call|video call|meeting)\b|\b(can|could) you (do|make) (it )?(on )?` + weekday + `\b` +
	`|\b(would|does|do|how does) ` + weekday + `.{0,25}\b(work|suit|look|fit|sound)s?\b|\bwhat does your (week|` + weekday + `)\b.{0,20}\blook\b|\bdoes either (of (them|these|those) )?(work|suit)\b` +
	`|\b(know|tell me|say) (when|what times?|which days?) (you are|you're|you’re|you would be|works|suits|would)\b|\bis there (a|any) (time|day|slot|moment)\b`)

const weekday = `(next week|this week|tomorrow|today|(this |next |on )?(mon|tues|wednes|thurs|fri|satur|sun)day)`

// noMeeting is what takes that back.
var noMeeting = regexp.MustCompile(`(?i)\b(no|not|never|don'?t|don’t|can'?t|can’t|cannot|won'?t|won’t|wouldn'?t|wouldn’t|unable|without|rather than|instead of)\b|\bmeet (the|our|your|a|an|all|these|those|this|their) ?\w* ?(deadline|need|target|goal|requirement|demand|criteria|standard|budget|condition|expectation)|\b(speak|talk) (your|my|their) mind\b|\b(was|were|thanks? for|thank you for|after our|before our|as we)\b`)

// AsksToMeet says whether what somebody wrote asks for a time to talk or to
// meet. It reads English only, and rather misses one than sees one that is none.
func AsksToMeet(text string) bool {
	if len(text) > 20_000 {
		return false
	}
	for s := range sentences(text) {
		if len(s) < 600 && meeting.MatchString(s) && !noMeeting.MatchString(s) {
			return true
		}
	}
	return false
}
