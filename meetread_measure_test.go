package dottedline

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// toMeet are sentences that the rules were completed with: "+" asks for a time to
// talk or to meet, "-" does not. The rules of before found 14 of the 30.
const toMeet = `
+ Could we grab fifteen minutes tomorrow morning?
+ Would you be up for a quick call on Wednesday?
+ I'd love to hop on a call and hear how it works.
+ Can I get on your calendar next week?
+ Let's find a slot after the holidays.
+ Shall we meet in Oslo on the 12th?
+ Are you around on Friday?
+ What does your Thursday look like?
+ Do you have a moment to talk this afternoon?
+ Please let me know when you are free.
+ Could you walk us through it on a call?
+ How about a coffee next Tuesday?
+ Can we set up a demo for the team?
+ It would be good to talk before the board meets.
+ I would like to schedule a call with you and Dana.
+ When can we speak?
+ Give me a ring when you have a minute.
+ Which day suits you best?
+ We should talk.
+ Can you do Thursday at three?
+ Would Monday at ten work for you?
+ Send me your availability and I will put something in the calendar.
+ Could you join us for half an hour on Monday?
+ Let me know a good time to call you.
+ Do you have time for a short chat this week?
+ Is there a time next week when you could show this to our head of IT?
+ I'm free Tuesday or Wednesday, does either work?
+ May I call you tomorrow?
+ Let us catch up next week.
+ Perhaps we can speak by phone?
- What does it cost for forty seats?
- Thanks for the call this morning, it was helpful.
- We met your colleague at the fair in Berlin.
- Does the export work with Excel?
- Can you send me the agreement by Friday?
- The call with our lawyers is on Monday, I will write after it.
- I can't make it on Thursday.
- Our board meets in March and decides then.
- Could you share the security report?
- When does the trial end?
- We talked about the price last week.
- Let's go with the yearly plan.
- Can we pay by invoice?
- Would you change the notice period to 60 days?
- How many people use it at the moment?
- Is there a free plan for schools?
- I will call you when I know more.
- Please send the times at which the server was down.
- Who would be our contact person?
- I am out of office until Monday.
- Let's not rush this.
- The meeting room booking does not work for us.
- Can I add a second administrator?
- Are the prices per month or per year?
- It was good to talk to you.
- Could we have it in German as well?
- Do you have references from other clinics?
- Would it be possible to get a discount?
- Our team meeting is on Wednesdays.
- What time zone is the report in?
- Can we meet the deadline with your help?
- When would the data be deleted?
- Do you have any experience with hospitals?
- Will you be able to ship it in May?
`

// toMeetAfter are sentences written when the rules were done, which nothing was
// changed for.
const toMeetAfter = `
+ Any chance you could spare twenty minutes on Monday?
+ Our CFO wants to hear this from you directly; can we get her on a call?
+ Please book us in for next Thursday if you still have room.
+ Would a video call on Friday be possible?
+ Happy to discuss in person when you are in Hamburg.
+ What times do you have on the 14th?
+ I think we should meet and go through the numbers.
+ Can you show us the product live?
+ Do you want to jump on Teams quickly?
+ Let me know if you can make it to our office next week.
+ Could you ring me after lunch?
+ When are you next in London?
+ I would welcome a conversation about this.
+ Are you able to meet on Tuesday at nine?
+ Shall I send an invite for Wednesday?
+ Can we talk it through tomorrow?
+ Do you have an hour for us next month?
+ It might be easier to speak on the phone.
+ Could you suggest a time?
+ My assistant will find a date, which week is good for you?
+ Let's do a call on Tuesday.
+ Would you have time to meet our director?
+ I'd like to talk to you about the contract.
+ Can we move forward with a meeting in person?
- Can we start with thirty seats and add more later?
- Would it work with our single sign-on?
- Could you confirm the delivery on Monday?
- We have a call with another provider on Tuesday.
- Does that work on a phone?
- Is there a way to export the contacts?
- I'd be happy to recommend you to others.
- Could you fix the number in the second table?
- Would next week be too late for the signature?
- Is there any discount for charities?
- How does the reminder work?
- Do you have a list of the fields?
- The phone number in your signature does not work.
- Can I have a copy for my records?
- Let me know when the contract is ready.
- What would the first week look like for our team?
- We would like to sign on Thursday.
- Could you send it on Friday?
- I was on a call, sorry for the delay.
- Would you be open to a lower price?
- Please call it "Annex B" in the paper.
- Tell me when you have sent it.
- Can you do it for 9,000?
- Are you available as a hosted service, too?
- How about 12 months instead of 24?
- Is there time to change the wording?
- Let's meet in the middle at 9,500.
- Could you do Monday's invoice again?
`

// TestAsksToMeetMeasured holds what the reading finds. Few false alarms come before
// all, since a wrong one puts times into an answer.
func TestAsksToMeetMeasured(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		text          string
		found, alarms int
	}{"before": {toMeet, 30, 0}, "after": {toMeetAfter, 11, 3}} {
		var found, asks, alarms, others int
		for line := range strings.Lines(x.text) {
			sign, text, ok := strings.Cut(strings.TrimSpace(line), " ")
			if !ok {
				continue
			}
			got := AsksToMeet(text)
			switch {
			case sign == "+" && got:
				found++
			case sign == "+":
				t.Logf("%s: missed: %s", name, text)
			case got:
				alarms++
				t.Logf("%s: false alarm: %s", name, text)
			}
			if sign == "+" {
				asks++
			} else {
				others++
			}
		}
		t.Logf("%s: %d of %d found, %d false alarms in %d", name, found, asks, alarms, others)
		if found < x.found || alarms > x.alarms {
			t.Errorf("%s: found %d, want %d; %d false alarms, want at most %d", name, found, x.found, alarms, x.alarms)
		}
	}
}

// TestAsksToMeetInRealMail counts how often it is seen in sentences of real mail.
func TestAsksToMeetInRealMail(t *testing.T) {
	const name = "../shared/data/mail/email_ask_train.txt"
	f, err := os.Open(name)
	if err != nil {
		t.Skipf("%s is not here: %v", name, err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	n := map[string]int{}
	all := map[string]int{}
	for in.Scan() {
		label, text, _ := strings.Cut(in.Text(), "\t")
		all[label]++
		if AsksToMeet(text) {
			n[label]++
		}
	}
	t.Logf("%v of %v", n, all)
	if n["Yes"] < 111 || n["No"] > 4 {
		t.Errorf("seen in %d sentences that hold a request and in %d that don't, want at least 111 and at most 4", n["Yes"], n["No"])
	}
}
