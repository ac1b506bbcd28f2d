package mail

import (
	"regexp"
	"strings"
)

// awaySubject are how out-of-office answers are titled, by language.
var awaySubject = regexp.MustCompile(`(?i)\b(out of (the )?office|ooo\b|on (annual )?leave|away from (my|the) (mail|desk|office)|vacation (reply|notice|response|message)|on vacation|abwesen|nicht im (büro|buero|haus)|absence du bureau|absent du bureau|en vacances|congés?\b|fuera de (la )?oficina|ausencia|ausente|fuori (sede|ufficio)|assenza|fora d[oe] escrit|férias|afwezig|niet aanwezig|poza biurem|nieobecn|frånvaro|frånvarande|fravær|poissaolo|poissa|mimo kancelář|nepřítomn)|不在|外出|休假|休暇|вне офиса|отсутств|отпуск|ofis dışı`)

var autoSubject = regexp.MustCompile(`(?i)^\s*(re:\s*|aw:\s*)?(\[?auto(matic|matische|matica|mática|mated|matisk)?[- ]?(reply|response|respon[ds]\w*|antwort|svar|antwoord|svar)|auto(antwort|svar|reply|responder|respons\w*)\b|automatische (antwort|rückmeldung)|réponse automatique|respuesta automática|risposta automatica|resposta automática|automatisch antwoord|automatyczna odpowiedź|automatisk(t)? svar|autosvar|automaattinen vastaus|otomatik yanıt|автоматический ответ|автоответ|自动(答复|回复)|自動(回覆|返信|応答))`)

// awayText are the sentences with which away messages begin. Only looked for
// in answers that the header already marks as a machine's.
var awayText = regexp.MustCompile(`(?i)(out of (the )?office|on (annual |parental |maternity |sick )?leave|on (vacation|holiday)|away (from|until|on)|(back|return(ing)?) (in the office|to (the )?office|on)|limited access to (e-?mail|my)|abwesend|nicht im (büro|buero|haus)|nicht erreichbar|im urlaub|wieder (da|erreichbar|im)|absent|en congé|en vacances|de retour|fuera de la oficina|de vacaciones|fuori ufficio|in ferie|fora do escritório|de férias|afwezig|met vakantie|poza biurem|na urlopie|semester|på ferie|lomalla|не в офисе|в отпуске|不在|休假|休暇)`)

// autoReply finds answers made by machines (RFC 3834 §5 and what Exchange,
// Notes and the old vacation programs write instead).
func autoReply(m *Message) (Verdict, bool) {
	h := m.Header
	auto := strings.ToLower(h.Get("Auto-Submitted"))
	suppress := strings.ToLower(h.Get("X-Auto-Response-Suppress"))
	v := Verdict{Kind: AutoReply}
	away := func() bool { return awaySubject.MatchString(m.Subject) }
	switch {
	case strings.HasPrefix(auto, "auto-replied"):
		v.Why = "Auto-Submitted: auto-replied"
	case h.Has("X-Autoreply") && !strings.EqualFold(h.Get("X-Autoreply"), "no"), h.Has("X-Autorespond"), h.Has("X-Autoresponder"), h.Has("X-Mail-Autoreply"):
		v.Why = "an auto-responder's header field"
	case strings.HasPrefix(strings.ToLower(h.Get("Precedence")), "auto"):
		v.Why = "Precedence: " + h.Get("Precedence")
	case h.Has("X-MS-Exchange-Inbox-Rules-Loop"):
		v.Why = "answered by a rule of Exchange"
	case h.Has("Delivered-By-The-Graces-Of") || strings.EqualFold(h.Get("X-FC-MachineGenerated"), "true") || strings.Contains(strings.ToLower(h.Get("X-POST-MessageClass")), "autoresponder"):
		v.Why = "an auto-responder's header field"
	case autoSubject.MatchString(m.Subject):
		v.Why = "titled as an automatic answer"
	case (auto != "" && auto != "no" || suppress != "" || h.Get("Return-Path") == "<>" || len(m.InReplyTo) > 0 && strings.Contains(strings.ToLower(m.Subject), "out of")) && away():
		v.Why = "titled as an out-of-office answer"
	default:
		return v, false
	}
	if away() || awayText.MatchString(m.Text[:min(len(m.Text), 2000)]) {
		v.Kind = OutOfOffice
		v.Return = returnDate(m.Subject+"\n"+m.Text[:min(len(m.Text), 3000)], m.Date)
	}
	return v, true
}
