package demo

import "dottedline"

// Alias is an address of the demo that makes deals by itself.
const Alias = "sales@dottedline.example.com"

// said is one mail of the past.
type said struct {
	days float64 // ago
	us   bool
	text string
}

// prospect is one simulated person.
type prospect struct {
	name, address string
	subject       string
	kind          dottedline.Kind
	value         string // "" leaves the thread an offer
	past          []said
	asked, yes    float64 // days ago, 0 for not
	yesWords      string
	writes        float64  // seconds after the start at which the first of lines comes by itself; 0 never
	lines         []string // what they say next, one for each answer
	answers       float64  // seconds that an answer takes them
	alias         bool     // writes to Alias
}

// prospects are a dozen, with different speeds, moods and languages.
var prospects = []prospect{
	{name: "Maya Okafor", address: "maya@northwind-labs.example.com", subject: "Forty seats", kind: dottedline.Sale, value: "28,800", asked: 1.2, yes: 0.8,
		yesWords: "Yes, let's do it. Send me whatever I need to sign.", answers: 20,
		past: []said{{12, true, "Maya, it was good to meet you. You wanted forty people to see the same picture; here is how others did that."},
			{11.96, false, "Thank you, that is what I meant. What would forty seats cost, from the first of December?"},
			{8, true, "$2,400 a month, everything in it. Will you sign for forty seats, starting the first of December?"},
			{0.8, false, "Yes, let's do it. Send me whatever I need to sign, and I'll get it past Dana this week."}},
		lines: []string{"Got it. Reading now.", "Signed on our side as soon as Dana is back at two."}},
	{name: "Tomás Herrera", address: "tomas.herrera@harbor-pine.example.com", subject: "Security answers", kind: dottedline.Sale, value: "54k", asked: 6, answers: 12, writes: 3,
		past: []said{{9, false, "We like what we saw. Before we go on, our security people have twelve questions."},
			{8.9, true, "Send them over, you get the answers the same day."},
			{0.3, true, "All twelve are answered in the attachment. Shall we go ahead with the pilot in January?"}},
		lines: []string{"Thanks, that was quick. One is still open: where are the backups kept, and who can read them?", "Perfect. I am taking it to the board on Thursday.", "The board said yes. What do you need from me?"}},
	{name: "Priya Raman", address: "priya@brightwell-clinics.example.com", subject: "Pilot in two clinics", kind: dottedline.Sale, value: "19,500", answers: 25, writes: 22,
		past:  []said{{5, false, "Could we try it in two clinics first?"}, {4.95, true, "Of course. Two clinics, six weeks, and you pay when it worked."}, {1.1, false, "That sounds fair. Who trains our people?"}, {1.08, true, "I do, on site, half a day each. Which two clinics?"}},
		lines: []string{"Leiden and Utrecht. Can you be there on the 9th?", "Then let us do it."}},
	{name: "Ingrid Dahl", address: "ingrid.dahl@fernhill-foods.example.com", subject: "Avtale for våren", kind: dottedline.Partnership, value: "160000 NOK", asked: 3, answers: 30,
		past:  []said{{10, true, "Hei Ingrid, takk for praten. Her er forslaget til samarbeid for våren."}, {9.7, false, "Takk! Dette ser bra ut. Jeg må snakke med Lars."}, {9.4, true, "Fint. Passer det å bestemme seg innen fredag?"}, {9.2, false, "Ja, det går fint."}, {3, true, "Hei Ingrid, er dere klare til å gå videre?"}},
		lines: []string{"Beklager, det har vært hektisk. Kan vi ta en prat i morgen?", "Ja, vi er med."}},
	{name: "Kwame Mensah", address: "kwame@atlas-rowing.example.com", subject: "Sponsoring the spring regatta", kind: dottedline.Partnership, value: "12,000", answers: 15,
		past:  []said{{4, true, "Kwame, would you carry our name at the spring regatta?"}, {3.95, false, "Depends. What do our rowers get?"}, {3.9, true, "New boats, and the story told well."}, {3.85, false, "I like boats."}, {0.9999, true, "Then let us put it on paper. Is $12,000 right?"}},
		lines: []string{"Sorry, I was on the water. Yes, $12,000 is right.", "Good. Send the paper."}},
	{name: "田中 愛子", address: "aiko.tanaka@lumen-schools.example.com", subject: "学校向けプラン", kind: dottedline.Sale, value: "900000 JPY", answers: 18, writes: 7,
		past:  []said{{3, false, "はじめまして。ルーメン学園の田中です。学校向けの料金を教えていただけますか。"}, {2.9, true, "田中様、お問い合わせありがとうございます。料金表をお送りします。"}},
		lines: []string{"ありがとうございます。自社のサーバーで動かすことはできますか？", "よくわかりました。校長に相談します。"}},
	{name: "Lena Fischer", address: "lena.fischer@freemail.example.com", subject: "Stelle als Werkstudentin", kind: dottedline.Job, value: "", answers: 10,
		past:  []said{{1.4, false, "Guten Tag, ich habe Ihre Anzeige gesehen. Ist die Stelle noch frei?"}, {1.3, true, "Ja, sie ist noch frei. Wann könnten Sie anfangen?"}, {0.2, false, "Ab Januar. Soll ich meine Unterlagen schicken?"}},
		lines: []string{"Vielen Dank, ich schicke sie gleich.", "Ich freue mich auf das Gespräch!"}},
	{name: "Émile Girard", address: "emile.girard@quillon.example.com", subject: "Une note pour notre comité", kind: dottedline.Funding, value: "250k EUR", asked: 14, answers: 40,
		past:  []said{{20, true, "Bonjour Émile, voici la présentation que vous avez demandée. Investirez-vous 250 000 euros dans ce tour ?"}, {16, false, "Bonjour, merci. Le comité se réunit à la fin du mois."}, {15.9, true, "Très bien. De quoi le comité a-t-il besoin ?"}, {15, false, "D'une page sur les chiffres."}, {14, true, "La voici, en pièce jointe."}},
		lines: []string{"Le comité est d'accord sur le principe. Pouvez-vous passer lundi ?"}},
	{name: "Rosa Delgado", address: "rosa@delgado-abogados.example.com", subject: "Contratos sin papel", kind: dottedline.Sale, value: "8,400 EUR", answers: 14, writes: 45,
		past:  []said{{6, false, "Hola, ¿funciona también para un despacho pequeño?"}, {5.98, true, "Sí, para dos personas o para doscientas. ¿Cuántas son ustedes?"}},
		lines: []string{"Somos seis. ¿Cuánto tarda en estar listo?", "Estupendo, lo comento con mi socia."}},
	{name: "Ben Whitaker", address: "ben@copperfield.example.com", subject: "Twenty minutes of advice", kind: dottedline.Advice, value: "", answers: 20,
		past:  []said{{2.2, true, "Ben, would you give me twenty minutes on pricing? I have read your book twice."}, {1.9, false, "Happy to. What is the one thing you want to know?"}},
		lines: []string{"Good question. Call me tomorrow at four."}},
	{name: "Hanna Virtanen", address: "hanna.virtanen@aurora-yachts.example.com", subject: "Asking for a price", kind: dottedline.Sale, answers: 16, writes: 12, alias: true,
		lines: []string{"Hello, I found you through a friend. What does it cost for a team of nine?", "That is within our budget. Can we start on Monday?", "Great, I am telling the team."}},
	{name: "Olu Adeyemi", address: "olu@greenfold.example.com", subject: "Not this year", kind: dottedline.Sale, value: "15,000", answers: 0,
		past: []said{{40, true, "Olu, shall we look at it together next week?"}, {38, false, "Maybe. It is a busy time."}, {30, true, "How does it look now?"}, {25, false, "Still busy, sorry."}, {21, true, "I understand. Shall I ask again in the new year?"}}},
}
