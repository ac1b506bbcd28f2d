package mail

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	sentFrom = regexp.MustCompile(`(?i)^\W{0,3}(sent (from|with|via|using) (my |the )?[^,.;:]{2,60}|(get|download) outlook for .{2,30}|sent from .{2,20} for .{2,20}|von meinem .{2,40} gesendet|gesendet (von|mit) .{2,40}|envoyé (de|depuis|avec) .{2,40}|enviado (desde|do|con|de) .{2,40}|inviato (da|con) .{2,40}|verzonden (vanaf|met) .{2,40}|skickat från .{2,40}|sendt fra .{2,40}|lähetetty .{2,40}|wysłane? z .{2,40}|отправлено (с|из) .{2,40}|odesláno z .{2,40}|发自我的.{2,30}|從我的.{2,30}|从我的.{2,30}|.{2,20}から送信)\s*(\(https?://\S+\)|<https?://\S+>)?$`)
	signOff  = regexp.MustCompile(`(?i)^(many |warm |kind |best |with |all )*(thanks|thank you|thx|cheers|regards|rgds|br|kr|sincerely|yours|best|wishes|cordially|respectfully)( again| a lot| so much| very much| and regards| in advance| you| truly| sincerely| faithfully| wishes)*\s*[,.!–-]*$|^(mit )?(freundlichen? |vielen |herzlichen? |beste[nr]? |liebe[nr]? |viele |schöne )+(grüßen?|grüssen?|gruß|gruss|dank)\b.{0,25}$|^(mfg|vg|lg|bg)\s*,?$|^(bien )?(cordialement|amicalement|bien à vous|sincères salutations|meilleures salutations)\b.{0,20}$|^(un )?(saludos?|atentamente|cordialmente|un abrazo|un cordial saludo)\b.{0,20}$|^(cordiali |distinti )?saluti\b.{0,20}$|^(atenciosamente|cumprimentos|abraços?|obrigad[oa])\b.{0,15}$|^(met )?(vriendelijke |hartelijke )groet(en)?\b.{0,15}$|^(z poważaniem|pozdrawiam|med vänliga? hälsning(ar)?|vänliga? hälsning(ar)?|hälsningar|mvh|med venlig hilsen|venlig hilsen|med vennlig hilsen|vennlig hilsen|hilsen|ystävällisin terveisin|terveisin|с уважением|saygılarımla|saygılar|iyi çalışmalar)\b.{0,15}$|^с уважением.{0,20}$|^(敬具|此致|敬礼|以上|よろしくお願い(いた)?します)。?$`)
	dashName = regexp.MustCompile(`^[-–—]{1,2} ?\p{Lu}[\p{L}.'-]*( \p{Lu}?[\p{L}.'-]*){0,2}$`)
	listFoot = regexp.MustCompile(`(?i)(mailing list|mailman|listinfo|to unsubscribe|google groups|yahoo! groups)`)
)

// signatures marks signature blocks: after "-- " (RFC 3676 §4.3), what a phone
// adds, the footer of a list, and at the end of the new text a closing line or
// the sender's name followed by nothing but short lines.
func (f *separator) signatures(from Address) {
	for i := 0; i < len(f.lines); i++ {
		if f.kind[i] != lineNew {
			continue
		}
		l := strings.TrimSpace(f.lines[i])
		switch {
		case l == "--" || l == "—" || len(l) >= 8 && strings.Trim(l, "_") == "" && f.footer(i), len(l) >= 4 && strings.Trim(l, "-_") == "" && f.shortToEnd(i+1, 20):
			for ; i < len(f.lines) && f.kind[i] == lineNew; i++ {
				f.kind[i] = lineSignature
			}
		case len(l) < 120 && maybeSentFrom(l) && len(strings.Fields(l)) <= 9 && sentFrom.MatchString(l):
			f.kind[i] = lineSignature
		}
	}
	f.closing(from)
}

// maybeSentFrom is a cheap look before the pattern.
func maybeSentFrom(l string) bool {
	low := strings.ToLower(l)
	for _, w := range []string{"sent", "outlook", "gesend", "envoy", "envia", "invia", "verzond", "skickat", "lähet", "wysł", "отправ", "odesl", "发自", "的", "送信"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

func (f *separator) footer(i int) bool {
	for j := i + 1; j < len(f.lines) && j <= i+3; j++ {
		if listFoot.MatchString(f.lines[j]) {
			return true
		}
	}
	return false
}

// shortToEnd says whether nothing but up to most short lines stands between i
// and the end of the new text, at least one of them.
func (f *separator) shortToEnd(i, most int) bool {
	n := 0
	for ; i < len(f.lines) && f.kind[i] == lineNew; i++ {
		l := strings.TrimSpace(f.lines[i])
		if l == "" {
			continue
		}
		if n++; n > most || len([]rune(l)) > 65 {
			return false
		}
	}
	return n > 0
}

// closing looks at the last new lines for the place where the signature
// begins. Something new always stays above it.
func (f *separator) closing(from Address) {
	var at []int // the non-empty new lines
	for i, l := range f.lines {
		if f.kind[i] == lineNew && strings.TrimSpace(l) != "" {
			at = append(at, i)
		}
	}
	start := -1
	for n := len(at) - 1; n >= 1 && n >= len(at)-10; n-- {
		l := strings.TrimSpace(f.lines[at[n]])
		if len([]rune(l)) > 65 {
			break
		}
		below := len(at) - 1 - n
		// a question below a name is a text, not a signature
		if strings.HasSuffix(l, "?") {
			break
		}
		if below <= 9 && len(l) <= 60 && strings.Count(l, " ") <= 5 && signOff.MatchString(l) || isName(l, from) || below == 0 && dashName.MatchString(l) {
			start = n
		}
	}
	if start < 0 {
		return
	}
	for i := at[start]; i <= at[len(at)-1]; i++ {
		if f.kind[i] == lineNew {
			f.kind[i] = lineSignature
		}
	}
}

// isName says whether a line is the sender's name, or begins with it and a
// title.
func isName(l string, from Address) bool {
	words := strings.FieldsFunc(l, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '-' })
	if len(words) == 0 || len(words) > 6 || !unicode.IsUpper([]rune(words[0])[0]) {
		return false
	}
	// dates and sentences are no names
	if strings.ContainsAny(l, "?!:;") {
		return false
	}
	for _, w := range words {
		if r := []rune(w)[0]; unicode.IsLower(r) && len(w) > 3 {
			return false
		}
	}
	names := strings.FieldsFunc(strings.ToLower(from.Name), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '-' })
	if len(names) == 0 {
		local, _, _ := strings.Cut(strings.ToLower(from.Addr), "@")
		names = strings.FieldsFunc(local, func(r rune) bool { return !unicode.IsLetter(r) })
	}
	lower := strings.ToLower(words[0])
	for i, n := range names {
		if len(n) < 3 || n != lower {
			continue
		}
		// the first name may stand alone; else one more word must fit or be capital
		if len(words) == 1 && (i == 0 || len(names) <= 2) {
			return true
		}
		if len(words) > 1 && unicode.IsUpper([]rune(words[1])[0]) {
			return true
		}
	}
	return false
}
