package transcript

import "testing"

// saidOtherwise are plans, each with an ask for it in quite other words.
var saidOtherwise = [][2]string{

	{"Sign the two-year contract for 60 seats by 15 January", "so what i would like today is your signature on the two year agreement that's sixty seats and we'd need it by the fifteenth of january"},
	{"Ask Maria to invest 250k in the seed round before Christmas", "maria i want to ask you directly would you put two hundred fifty thousand into the seed"},
	{"Get Peter to introduce us to the CFO of Example Bank", "peter could you connect us with the chief financial officer at example bank"},
	{"Start the paid pilot with 10 users on Monday", "how about we kick off the paid trial on monday with ten people"},
	{"Give me feedback on my portfolio within two weeks", "would you mind looking over my portfolio and telling me what you think in the next two weeks"},
	{"Offer me the job at a salary of 85,000", "i'd like you to make me an offer at eighty five thousand"},
	{"Donate 500 dollars to the shelter this month", "can i count on you for five hundred dollars for the shelter this month"},
	{"Move the whole support team to our tool in Q2", "would you be ready to switch all of your support people over to our tool in the second quarter"},
	{"Extend our credit line to one million", "we're asking the bank to raise our credit line to a million"},
	{"Let us use your logo on the website", "may we put your logo on our website"},
	{"Be the mentor for our startup, one hour a month", "would you mentor us like an hour every month"},
	{"Order 200 units for the spring season", "can we write you down for two hundred units for spring"},
	{"Allow remote work three days a week", "i'd like to work from home three days a week is that something you would allow"},
	{"Review the grant proposal by Wednesday noon", "please go over the grant proposal until wednesday at noon"},
	{"Pay the open invoice of 3,200 euros this week", "could you settle the open invoice over three thousand two hundred euros this week"},
	{"Become a distribution partner for Spain", "i want you to be our distribution partner in spain"},
	{"Record a testimonial video", "would you be up for recording a short video testimonial for us"},
	{"Commit to a decision by the end of the month", "can you promise me a decision before the end of the month"},
}

// saidBeside are plans, each with a sentence on the same matter that asks for
// nothing, or for something else.
var saidBeside = [][2]string{

	{"Sign the two-year contract for 60 seats by 15 January", "we signed a contract for sixty seats two years ago"},
	{"Ask Maria to invest 250k in the seed round before Christmas", "in our last round three funds invested two hundred fifty thousand each"},
	{"Start the paid pilot with 10 users on Monday", "the pilot had ten users and it started on a monday"},
	{"Offer me the job at a salary of 85,000", "my last job paid eighty five thousand"},
	{"Donate 500 dollars to the shelter this month", "last month we donated five hundred dollars to another shelter"},
	{"Pay the open invoice of 3,200 euros this week", "you paid the invoice last week thank you"},
	{"Order 200 units for the spring season", "last spring you ordered two hundred units"},
	{"Commit to a decision by the end of the month", "could you send me the slides by the end of the month"},
	{"Review the grant proposal by Wednesday noon", "can we meet wednesday at noon"},
	{"Become a distribution partner for Spain", "do you have a partner in france"},
}

// TestAsksInOtherWords sets each sentence into a meeting of the val part.
func TestAsksInOtherWords(t *testing.T) {
	list := meetings(t, "val")
	heard := func(i int, plan, said string) Finding {
		m := list[i%len(list)]
		at := 200 + i*17
		s := m.said[at]
		c := meeting{said: append([]said1{}, m.said[:at]...)}
		c.said = append(c.said, said1{s.who, s.start, s.start, said})
		c.said = append(c.said, m.said[at:]...)
		tr, _ := Parse(c.file())
		return Find(tr, plan, s.who).Ask
	}
	right, wrong := 0, 0
	for i, p := range saidOtherwise {
		if a := heard(i, p[0], p[1]); a.Made && a.Text == p[1] {
			right++
		} else {
			t.Logf("missed: %q said as %q", p[0], p[1])
		}
	}
	for i, p := range saidBeside {
		if a := heard(i, p[0], p[1]); a.Made {
			wrong++
			t.Logf("taken for the ask %q: %q", p[0], p[1])
		}
	}
	t.Logf("asks in other words: heard %d of %d; other sentences taken for the ask: %d of %d", right, len(saidOtherwise), wrong, len(saidBeside))
	if right < len(saidOtherwise)-1 || wrong > 1 {
		t.Error("worse than what doc/ask.md says")
	}
}
