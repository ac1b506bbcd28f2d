package mail

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How mail programs introduce a quote, by language.
var (
	attributionStart = regexp.MustCompile(`(?i)^[>\s*-]*(on|am|le|el|il( giorno)?|em|op|w dniu|dnia|den|dne|dňa|в|on|le|la|pe|în|στις|tarihinde|在|於|于|vào|pada|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|пн|вт|ср|чт|пт|сб|вс|ma|ti|ke|to|pe|la|su|20\d\d|\d{1,2}[./ -])([^\pL]|$|\d)`)

	someDate  = regexp.MustCompile(`(?i)\d{1,2}[:.h]\d{2}|\b\d{4}[-/.年]\s?\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b\d{1,2}\.?\s+(de )?\pL{3,}\.?,?\s+(de )?\d{4}|\pL{3,}\.?\s+\d{1,2},?\s+\d{4}`)
	someAddr  = regexp.MustCompile(`[^\s<>"]@[^\s<>"]`)
	original  = regexp.MustCompile(`(?i)^[>\s]*[-_*=]{2,}\s*(original message|original-nachricht|originalnachricht|urspr(ü|ue)ngliche nachricht|message (d'origine|d’origine|original|initial)|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|wiadomość oryginalna|oryginalna wiadomość|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|исходное сообщение|původní zpráva|pôvodná správa|eredeti üzenet|mesaj original|özgün ileti|orijinal mesaj|reply message|antwort|原始邮件|原始郵件|原邮件|元のメッセージ|원본 메시지)\s*[-_*=]*\s*$`)
	forwarded = regexp.MustCompile(`(?i)^[>\s]*([-_*=]{2,}\s*(forwarded (message|by).*|weitergeleitete nachricht|message transféré|message transmis|mensaje reenviado|mensagem (encaminhada|reencaminhada)|messaggio inoltrato|doorgestuurd bericht|wiadomość przekazana dalej|vidarebefordrat meddelande|videresendt (meddelelse|melding)|välitetty viesti|пересылаемое сообщение|пересланное сообщение|yönlendirilmiş (ileti|mesaj)|转发邮件|轉寄郵件|転送メッセージ|forwarded message)\s*[-_*=]*|begin forwarded message:|anfang der weitergeleiteten (nachricht|e-mail):|début du message (réexpédié|transféré)\s?:|inicio del mensaje reenviado:|inizio messaggio inoltrato:)\s*$`)
)

// wroteVerbs are "wrote" by language; those of scripts without blanks may stand
// inside a word.
var wroteVerbs = strings.Fields(`wrote writes said schrieb schreibt geschrieben écrit escribió escribio escreveu scritto scrive schreef geschreven napisał
	napisała pisze napsal napsala napísal napísala skrev kirjoitti написал написала пишет писал писала пише написав написала yazdı yazmış írta scris έγραψε
	כתב כתבה كتب viết menulis`)

var wroteInside = []string{"寫道", "写道", "写到", "さんは書", "さんが書", "のメール", "のメッセージ", "작성"}

func hasWroteVerb(s string) bool {
	low := strings.ToLower(s)
	for _, v := range wroteInside {
		if strings.Contains(low, v) {
			return true
		}
	}
	for _, v := range wroteVerbs {
		i := strings.Index(low, v)
		if i < 0 {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(low[:i])
		after, _ := utf8.DecodeRuneInString(low[i+len(v):])
		// "wrote" often follows the address's bracket without a blank
		if !unicode.IsLetter(before) && !unicode.IsLetter(after) {
			return true
		}
	}
	return false
}

// isAttribution judges one introduction, its lines joined. With a quote right
// below, less is asked of it.
func isAttribution(s string, quoteBelow bool) bool {
	addr := strings.Contains(s, "@") && someAddr.MatchString(s)
	if quoteBelow && addr && len(s) < 120 {
		return true
	}
	// the patterns cost most of the time of a whole mail: ask for digits first
	date := strings.ContainsAny(s, "0123456789") && someDate.MatchString(s)
	if quoteBelow {
		return date && addr || hasWroteVerb(s)
	}
	return date && (addr && len(s) < 250 || hasWroteVerb(s))
}

// originalLine knows the lines between an answer and the whole old mail.
func originalLine(l string) (is, forward bool) {
	t := strings.TrimSpace(l)
	if len(l) > 200 || len(t) < 6 {
		return false, false
	}
	if !strings.ContainsRune("-_*=", rune(t[0])) || t[1] != t[0] || strings.Trim(t, "-_*= ") == "" {
		is = t[len(t)-1] == ':' && strings.ContainsAny(t[:1], "badiBADI") && forwarded.MatchString(l)
		return is, is
	}
	if forwarded.MatchString(l) {
		return true, true
	}
	return original.MatchString(l), false
}

// label is what a line of a quoted header names.
type label uint8

const (
	labelFrom label = 1 << iota
	labelDate
	labelTo
	labelSubject
	labelOther
)

var labels = func() map[string]label {
	m := map[string]label{}
	for l, words := range map[label]string{
		labelFrom:    "from|von|de|da|van|från|fra|lähettäjä|od|от|отправитель|від|kimden|gönderen|差出人|送信者|发件人|寄件者|寄件人|보낸 사람|feladó|de la|odesílatel|από|expéditeur|remitente|mittente|afzender|sender|absender",
		labelDate:    "date|sent|gesendet|datum|envoyé|envoyé le|enviado|enviado el|enviada em|enviado em|fecha|data|inviato|data invio|verzonden|skickat|sendt|dato|lähetetty|päivämäärä|päiväys|wysłano|wysłane|отправлено|дата|надіслано|gönderildi|gönderilme tarihi|tarih|送信日時|日付|日時|发送时间|发送日期|日期|寄件日期|傳送日期|보낸 날짜|날짜|elküldve|odesláno|trimis|στάλθηκε",
		labelTo:      "to|an|à|a|para|aan|till|til|vastaanottaja|do|komu|кому|получатель|kime|alıcı|宛先|收件人|收件者|받는 사람|címzett|către|προς|destinataire|destinatario|empfänger",
		labelSubject: "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|aihe|temat|тема|konu|件名|主题|主題|主旨|제목|tárgy|předmět|subiect|θέμα|betr|sujet",
		labelOther:   "cc|kopie|копия|抄送|副本|ccn|bcc|reply-to|antwort an|organization|importance|wichtigkeit|priority|kopia|kopi|kopio|bilgi|copie",
	} {
		for w := range strings.SplitSeq(words, "|") {
			m[w] = l
		}
	}
	return m
}()

// labelOf reads "*From:* Ann" or "发件人：Ann".
func labelOf(l string) label {
	l = strings.TrimLeft(l, " \t\u00a0*|")
	l = l[:min(len(l), 44)]
	i := strings.IndexByte(l, ':')
	if j := strings.Index(l, "："); j >= 0 && (i < 0 || j < i) {
		i = j
	}
	if i <= 0 || i > 40 {
		return 0
	}
	return labels[strings.ToLower(strings.Trim(l[:i], " \t\u00a0*"))]
}

func headerLine(l string) bool { return labelOf(l) != 0 }

// headerBlock says how many of the first lines are a quoted header, as Outlook
// and others put it above the whole old mail; 0 when they are none.
func headerBlock(lines []string) int {
	if labelOf(lines[0]) == 0 {
		return 0
	}
	seen, n, gap := label(0), 0, 0
	for i := 0; i < len(lines) && i < 14; i++ {
		l := labelOf(lines[i])
		switch {
		case l != 0:
			seen |= l
			n, gap = i+1, 0
		case strings.TrimSpace(lines[i]) == "" && gap > 0:
			i = len(lines)
		default:
			// long lists of addresses run over several lines
			if gap++; gap > 3 {
				i = len(lines)
			}
		}
	}
	kinds := 0
	for _, k := range []label{labelFrom, labelDate, labelTo, labelSubject} {
		if seen&k != 0 {
			kinds++
		}
	}
	if seen&labelFrom == 0 || seen&(labelDate|labelSubject) == 0 || kinds < 3 {
		return 0
	}
	return n
}
