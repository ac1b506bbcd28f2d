package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// reply is a sample and what of it was newly written: its first and last line,
// and the first line of the signature.
type reply struct{ file, first, last, signature string }

var replies = []reply{
	{"email_reply_parser/correct_sig.txt", "this is an email with a correct -- signature.", "", "--"},
	{"email_reply_parser/email_1_1.txt", "Hi folks", "I am currently using the Java HTTP API.", "-Abhishek Kona"},
	{"email_reply_parser/email_1_2.txt", "Hi,", "the keys in a bucket, you’ll need to delete them all individually.\"", "_______________________________________________"},
	{"email_reply_parser/email_1_3.txt", "Oh thanks.", "Having the function would be great.", "-Abhishek Kona"},
	{"email_reply_parser/email_1_4.txt", "Awesome! I haven't had another problem with it.", "", ""},
	{"email_reply_parser/email_1_5.txt", "One: Here's what I've got.", "for a while.", ""},
	{"email_reply_parser/email_1_6.txt", "I get proper rendering as well.", "", "Sent from a magnificent torch of pixels"},
	{"email_reply_parser/email_1_7.txt", ":+1:", "", ""},
	{"email_reply_parser/email_1_8.txt", "I will reply under this one", "and under this.", "--"},
	{"email_reply_parser/email_2_1.txt", "Outlook with a reply", "", ""},
	{"email_reply_parser/email_2_2.txt", "Outlook with a reply directly above line", "", ""},
	{"email_reply_parser/email_2_3.txt", "Outlook with a reply directly above line", "", ""},
	{"email_reply_parser/email_BlackBerry.txt", "Here is another email", "", "Sent from my BlackBerry"},
	{"email_reply_parser/email_bullets.txt", "test 2 this should list second", "   - and another", "--"},
	{"email_reply_parser/email_iPhone.txt", "Here is another email", "", "Sent from my iPhone"},
	{"email_reply_parser/email_multi_word_sent_from_my_mobile_device.txt", "Here is another email", "", "Sent from my Verizon Wireless BlackBerry"},
	{"email_reply_parser/email_one_is_not_on.txt", "Thank, this is really helpful.", "Locally (on development), when I run...", ""},
	{"email_reply_parser/email_sent_from_my_not_signature.txt", "Here is another email", "Sent from my desk, is much easier then my mobile phone.", ""},
	{"email_reply_parser/email_sig_delimiter_in_middle_of_line.txt", "Hi there!", "kthxbai", ""},
	{"email_reply_parser/greedy_on.txt", "On your remote host you can run:", "fails, the tunnel is not working.", ""},
	{"email_reply_parser/pathological.txt", "I think you're onto something. I will try to fix the problem as soon as I", "get back to a computer.", ""},
	{"talon/OLK_SRC_BODY_SECTION.html", "Reply", "", ""},
	{"talon/reply-separated-by-hr.html", "Hi", "Bob", ""},
	{"talon/reply-quotations-share-block.eml", "Hi Katharine.  Sounds great.  Are there and dietry restrictions or things your husband does/doesn't like to eat?  Would you like to do a few hors d oeuvres and then a 3 or 4 course dinner?  Let me know what you think will work best and I will start working on a menu and proposal.  Thanks so much and look forward to hearing from you soon.", "", "Joe XXX"},
	{"talon/html_replies/gmail.html", "Hi. I am fine.", "", "Thanks,"},
	{"talon/html_replies/hotmail.html", "Hi. I am fine.", "", "Thanks,"},
	{"talon/html_replies/mail_ru.html", "Hi. I am fine.", "", "Thanks,"},
	{"talon/html_replies/ms_outlook_2003.html", "Hi. I am fine.", "", "Thanks,"},
	{"talon/html_replies/ms_outlook_2007.html", "Hi. I am fine.", "", "Thanks,"},
	{"talon/html_replies/ms_outlook_2010.html", "Hi. I am fine.", "", "Thanks,"},
	{"talon/html_replies/thunderbird.html", "Hi. I am fine.", "", "Thanks,"},
	{"talon/html_replies/windows_mail.html", "Hi. I am fine.", "", "Thanks,"},
	{"talon/html_replies/yandex_ru.html", "Hi. I am fine.", "", "Thanks,"},
	{"talon/standard_replies/android.eml", "Hello", "", ""},
	{"talon/standard_replies/aol.eml", "Hello", "", ""},
	{"talon/standard_replies/apple_mail.eml", "Hello", "", ""},
	{"talon/standard_replies/apple_mail_2.eml", "Hello", "", ""},
	{"talon/standard_replies/comcast.eml", "Hello", "", ""},
	{"talon/standard_replies/gmail.eml", "Hello", "", ""},
	{"talon/standard_replies/hotmail.eml", "Hello", "", ""},
	{"talon/standard_replies/iphone.eml", "Hello", "", "Sent from my iPhone"},
	{"talon/standard_replies/outlook.eml", "Hello", "", ""},
	{"talon/standard_replies/sparrow.eml", "Hello", "", "--"},
	{"talon/standard_replies/thunderbird.eml", "Hello", "", ""},
	{"talon/standard_replies/yahoo.eml", "Hello", "", ""},
	{"talon/signature/camel_case_body", "Martin, can we get:", "That'd be awesome! Really cool shirts!", ""},
	{"talon/signature/jeff_body", "Thanks Sasha, I can't go any higher and is why I limited it to the", "homepage.", "Stavros Xxxxxx"},
	{"talon/signature/johndoeexamplecom_body", "(Please accept our apologies if you've already completed the Survey. Send a reply with \"Did it\" in the subject line to avoid future reminder messages.)", "drawing!", "John E. Doe, Ph.D."},
	{"talon/signature/long_body", "Lorem ipsum dolor sit amet, consectetur adipiscing elit. Fusce nec est enim. Vestibulum vel enim urna, sed facilisis augue. Vestibulum dui nibh, pulvinar id adipiscing id, congue id turpis.", "*", "Gina Xxxxxxxxx"},
	{"talon/signature/short_url_body", "Simone,", "It is 'example.com'. Please let me know what you see.", "Thank you,"},
	{"talon/signature/sparse_body", "Lorem ipsum dolor sit amet, consectetur adipiscing elit. Fusce nec est enim. Vestibulum vel enim urna, sed facilisis augue. Vestibulum dui nibh, pulvinar id adipiscing id, congue id turpis.", "*", "----------------"},
}

// readReply opens a sample as what its name says it is.
func readReply(t *testing.T, file string) *Message {
	b, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	switch filepath.Ext(file) {
	case ".eml":
		m, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		return m
	case ".html":
		return &Message{Text: HTMLToText(string(b))}
	}
	m := &Message{Text: strings.ReplaceAll(normalLines(string(b)), "#sig#", "")} // #sig# marks the truth
	if sender, err := os.ReadFile(filepath.Join("testdata", strings.TrimSuffix(file, "_body")+"_sender")); err == nil {
		m.From = addresses(string(sender))
	}
	return m
}

func TestReplySamples(t *testing.T) {
	t.Parallel()
	sets := map[string][2]int{}
	for _, r := range replies {
		set, _, _ := strings.Cut(r.file, "/")
		n := sets[set]
		n[1]++
		p := Fresh(readReply(t, r.file), "")
		lines := strings.Split(strings.ReplaceAll(p.New, "\u00a0", " "), "\n")
		sig, _, _ := strings.Cut(p.Signature, "\n")
		last := r.last
		if last == "" {
			last = r.first
		}
		if lines[0] != r.first || last != "*" && lines[len(lines)-1] != last || sig != r.signature || r.last == "" && len(lines) != 1 {
			t.Errorf("WRONG %s:\nnew %q\nsignature %q", r.file, p.New, p.Signature)
		} else {
			n[0]++
		}
		sets[set] = n
	}
	for set, n := range sets {
		t.Logf("%s: %d of %d right", set, n[0], n[1])
	}
}

// introductionLines are how programs introduce a quote in many languages.
var introductionLines = []string{
	"On Mon, Jan 8, 2024 at 10:12 AM Ann Lee <ann@example.com> wrote:",
	"On 8 Jan 2024, at 10:12, Ann Lee wrote:",
	"On Mon, Jan 8, 2024 at 10:12 AM Ann Lee With A Very Long Name\n<ann.lee.with.a.long.name@mail.example.com>\nwrote:",
	"On 2024-01-08 10:12, Ann Lee wrote:",
	"Am 08.01.2024 um 10:12 schrieb Ann Lee:",
	"Am Mo., 8. Jan. 2024 um 10:12 Uhr schrieb Ann Lee <ann@example.com>:",
	"Ann Lee <ann@example.com> schrieb am Mo., 8. Jan. 2024, 10:12:",
	"Le lun. 8 janv. 2024 à 10:12, Ann Lee <ann@example.com> a écrit :",
	"Le 08/01/2024 à 10:12, Ann Lee a écrit\u00a0:",
	"El lun, 8 ene 2024 a las 10:12, Ann Lee (<ann@example.com>) escribió:",
	"Il giorno lun 8 gen 2024 alle ore 10:12 Ann Lee <ann@example.com> ha scritto:",
	"Em seg., 8 de jan. de 2024 às 10:12, Ann Lee <ann@example.com> escreveu:",
	"Op ma 8 jan 2024 om 10:12 schreef Ann Lee <ann@example.com>:",
	"pon., 8 sty 2024 o 10:12 Ann Lee <ann@example.com> napisał(a):",
	"W dniu 8.01.2024 o 10:12, Ann Lee pisze:",
	"Den mån 8 jan. 2024 kl 10:12 skrev Ann Lee <ann@example.com>:",
	"Den man. 8. jan. 2024 kl. 10.12 skrev Ann Lee <ann@example.com>:",
	"man. 8. jan. 2024 kl. 10:12 skrev Ann Lee <ann@example.com>:",
	"ma 8. tammik. 2024 klo 10.12 Ann Lee (ann@example.com) kirjoitti:",
	"пн, 8 янв. 2024 г. в 10:12, Ann Lee <ann@example.com>:",
	"08.01.2024 10:12, Ann Lee пишет:",
	"Ann Lee <ann@example.com>, 8 Oca 2024 Pzt, 10:12 tarihinde şunu yazdı:",
	"2024年1月8日(月) 10:12 Ann Lee <ann@example.com>:",
	"Ann Lee <ann@example.com> 于2024年1月8日周一 10:12写道：",
	"Ann Lee <ann@example.com> 於 2024年1月8日 週一 上午10:12寫道：",
	"2024년 1월 8일 (월) 오전 10:12, Ann Lee <ann@example.com>님이 작성:",
	"po 8. 1. 2024 v 10:12 odesílatel Ann Lee <ann@example.com> napsal:",
	"Ann Lee <ann@example.com> ezt írta (időpont: 2024. jan. 8., H, 10:12):",
	"În lun., 8 ian. 2024 la 10:12, Ann Lee <ann@example.com> a scris:",
	"Στις Δευ 8 Ιαν 2024 στις 10:12 π.μ., ο χρήστης Ann Lee <ann@example.com> έγραψε:",
	"-----Original Message-----",
	"-----Ursprüngliche Nachricht-----",
	"-------- Message d'origine --------",
	"----- Mensaje original -----",
	"From: Ann Lee <ann@example.com>\nSent: Monday, January 8, 2024 10:12 AM\nTo: Bob <bob@example.com>\nSubject: Offer",
	"Von: Ann Lee <ann@example.com>\nGesendet: Montag, 8. Januar 2024 10:12\nAn: Bob <bob@example.com>\nBetreff: Angebot",
	"De : Ann Lee <ann@example.com>\nEnvoyé : lundi 8 janvier 2024 10:12\nÀ : Bob <bob@example.com>\nObjet : Offre",
	"De: Ann Lee <ann@example.com>\nEnviado el: lunes, 8 de enero de 2024 10:12\nPara: Bob <bob@example.com>\nAsunto: Oferta",
	"Da: Ann Lee <ann@example.com>\nInviato: lunedì 8 gennaio 2024 10:12\nA: Bob <bob@example.com>\nOggetto: Offerta",
	"Van: Ann Lee <ann@example.com>\nVerzonden: maandag 8 januari 2024 10:12\nAan: Bob <bob@example.com>\nOnderwerp: Offerte",
	"Från: Ann Lee <ann@example.com>\nSkickat: den 8 januari 2024 10:12\nTill: Bob <bob@example.com>\nÄmne: Offert",
	"Fra: Ann Lee <ann@example.com>\nSendt: 8. januar 2024 10:12\nTil: Bob <bob@example.com>\nEmne: Tilbud",
	"Lähettäjä: Ann Lee <ann@example.com>\nLähetetty: maanantai 8. tammikuuta 2024 10.12\nVastaanottaja: Bob <bob@example.com>\nAihe: Tarjous",
	"Od: Ann Lee <ann@example.com>\nWysłano: poniedziałek, 8 stycznia 2024 10:12\nDo: Bob <bob@example.com>\nTemat: Oferta",
	"От: Ann Lee <ann@example.com>\nОтправлено: 8 января 2024 г. 10:12\nКому: Bob <bob@example.com>\nТема: Предложение",
	"Kimden: Ann Lee <ann@example.com>\nGönderildi: 8 Ocak 2024 10:12\nKime: Bob <bob@example.com>\nKonu: Teklif",
	"差出人: Ann Lee <ann@example.com>\n送信日時: 2024年1月8日 10:12\n宛先: Bob <bob@example.com>\n件名: 提案",
	"发件人: Ann Lee <ann@example.com>\n发送时间: 2024年1月8日 10:12\n收件人: Bob <bob@example.com>\n主题: 报价",
}

func TestIntroductions(t *testing.T) {
	t.Parallel()
	right := 0
	for _, intro := range introductionLines {
		const old = "Could you send the offer by Friday?\n\nAnn"
		ok := true
		texts := []string{"Yes, I will.\n\n" + intro + "\n\n" + old}
		if !headerLine(intro) {
			texts = append(texts, "Yes, I will.\n\n"+intro+"\n> Could you send the offer by Friday?\n>\n> Ann\n")
		}
		for _, text := range texts {
			if p := Fresh(&Message{Text: text}, ""); p.New != "Yes, I will." {
				t.Errorf("WRONG %q:\nnew %q", text, p.New)
				ok = false
			}
		}
		if ok {
			right++
		}
	}
	t.Logf("introductions of quotes: %d of %d right", right, len(introductionLines))
}

func TestFresh(t *testing.T) {
	t.Parallel()
	const parent = "Hi Bob,\n\nwe would need the contract signed before the end of this quarter.\nIs the price of 12,000 still the one that we talked about?\nAnd who takes care of the migration on your side?\n\nBest regards,\nAnn"
	for _, c := range []struct{ name, text, parent, want string }{
		{"between marked quotes", "> Is the price still right?\nYes, it is.\n> Who migrates?\nOur own people.", "", "Yes, it is.\n\nOur own people."},
		{"unmarked copy of the parent below", "All fine with me.\n\n" + parent, parent, "All fine with me."},
		{"between unmarked lines below a header", "See below.\n\nFrom: Ann <ann@example.com>\nSent: Monday, 8 January 2024 10:12\nTo: Bob <bob@example.com>\nSubject: Contract\n\nwe would need the contract signed before the end of this quarter.\nThat will work for us.\nIs the price of 12,000 still the one that we talked about?\nYes, unchanged since then.\nAnd who takes care of the migration on your side?\n", parent, "See below.\n\nThat will work for us.\n\nYes, unchanged since then."},
		{"one line in common is no quote", "I agree: we would need it soon.\nLet us talk about it on Friday.", parent, "I agree: we would need it soon.\nLet us talk about it on Friday."},
		{"wrapped quote", "> This is a very long line of the old message that the program has\nbroken\n> in the middle of it all\nI agree.", "", "I agree."},
		{"a sentence that ends in wrote:", "As the manual of 2023 wrote:\nkeep it simple.", "", "As the manual of 2023 wrote:\nkeep it simple."},
		{"initials before the quote", "AL> Is the price\nAL> still right?\n\nYes.\n\nSQL> select", "", "Yes.\n\nSQL> select"},
		{"nothing but a quote", "> hello", "", ""},
		{"empty", "", "", ""},
		{"German closing", "Passt so.\n\nMit freundlichen Grüßen\nAnn Lee\nGeschäftsführerin\n+49 89 1234", "", "Passt so."},
		{"thanks as an answer is no signature", "Thanks", "", "Thanks"},
		{"thanks in the middle", "Thanks,\nthat is what we needed. When would you like to talk about the rest of it, and with whom?", "", "Thanks,\nthat is what we needed. When would you like to talk about the rest of it, and with whom?"},
	} {
		if p := Fresh(&Message{Text: c.text}, c.parent); p.New != c.want {
			t.Errorf("%s: new %q, want %q", c.name, p.New, c.want)
		}
	}
	fwd := Fresh(&Message{Text: "FYI\n\n---------- Forwarded message ---------\nFrom: Ann <ann@example.com>\nDate: Mon, 8 Jan 2024\nSubject: Offer\nTo: Bob\n\nHello"}, "")
	if fwd.New != "FYI" || !fwd.Forward {
		t.Errorf("forward: %+v", fwd)
	}
}

// TestFreshIsLinear gives texts that make a careless pattern run for minutes.
func TestFreshIsLinear(t *testing.T) {
	t.Parallel()
	for _, s := range map[string]string{
		"one long quote mark": "Hi\n" + strings.Repeat(">", 700_000) + "\nasdf",
		"On without wrote":    strings.Repeat("On Monday 8 Jan 2024 at 10:12 ", 30_000) + ":",
		"lines with a colon":  strings.Repeat("On 8 Jan 2024 10:12 ann@example.com:\n", 20_000),
		"labels":              strings.Repeat("From: a\n", 60_000),
		"dashes":              strings.Repeat("--\n", 200_000),
		"rules":               strings.Repeat("-----\n\n", 100_000),
	} {
		Fresh(&Message{Text: s}, s)
	}
}
