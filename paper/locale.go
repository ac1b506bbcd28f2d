package paper

import (
	"fmt"
	"strings"
	"time"
)

// quantity writes thousandths without trailing zeros.
func quantity(q int64, l locale) string {
	sign, u := "", uint64(q)
	if q < 0 {
		sign, u = "−", -u
	}
	s := sign + group(fmt.Sprint(u/1000), l.group)
	if f := strings.TrimRight(fmt.Sprintf("%03d", u%1000), "0"); f != "" {
		s += l.decimal + f
	}
	return s
}

// locale is how numbers, days and the few words of the layout are written.
type locale struct {
	tag            string
	group, decimal string
	symbolFirst    bool
	rightToLeft    bool
}

func (l locale) base() string {
	b, _, _ := strings.Cut(l.tag, "-")
	return strings.ToLower(b)
}

func languageOf(tag string) (locale, error) {
	if tag == "" {
		tag = "en"
	}
	if len(tag) > 35 || strings.Trim(tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
		return locale{}, fmt.Errorf("%q is not a language tag such as en or pt-BR", tag)
	}
	l := locale{tag: tag, group: ",", decimal: ".", symbolFirst: true}
	switch l.base() {
	case "de", "nl", "da", "it", "es", "pt", "id", "tr", "el", "ro", "hr", "sl", "sr", "vi":
		l.group, l.decimal, l.symbolFirst = ".", ",", false
	case "fr", "pl", "cs", "sk", "uk", "ru", "bg", "sv", "nb", "nn", "no", "fi", "hu", "et", "lv", "lt":
		l.group, l.decimal, l.symbolFirst = "\u00a0", ",", false
	case "ar", "he", "fa", "ur", "yi":
		l.rightToLeft, l.symbolFirst = true, false
	}
	return l, nil
}

// day writes a day: in words in English, by ISO 8601 elsewhere.
func (l locale) day(t time.Time) string {
	if l.base() == "en" {
		return t.Format("2\u00a0January 2006")
	}
	return t.Format(time.DateOnly)
}

// words are the few that the layout itself puts on the paper.
type words struct {
	item, quantity, unitPrice, amount, total string
	on                                       string // for whom somebody signs
	date, page                               string
}

var wordsOf = map[string]words{
	"en": {"Item", "Quantity", "Unit price", "Amount", "Total, before tax", "For", "Date", "%d of %d"},
	"de": {"Leistung", "Menge", "Einzelpreis", "Betrag", "Summe, netto", "Für", "Datum", "%d von %d"},
	"fr": {"Prestation", "Quantité", "Prix unitaire", "Montant", "Total hors taxes", "Pour", "Date", "%d sur %d"},
	"es": {"Concepto", "Cantidad", "Precio unitario", "Importe", "Total sin impuestos", "Por", "Fecha", "%d de %d"},
	"it": {"Voce", "Quantità", "Prezzo unitario", "Importo", "Totale, imposte escluse", "Per", "Data", "%d di %d"},
	"pt": {"Item", "Quantidade", "Preço unitário", "Valor", "Total sem impostos", "Por", "Data", "%d de %d"},
	"nl": {"Omschrijving", "Aantal", "Prijs per stuk", "Bedrag", "Totaal, exclusief btw", "Voor", "Datum", "%d van %d"},
	"pl": {"Pozycja", "Ilość", "Cena jednostkowa", "Kwota", "Razem netto", "W imieniu", "Data", "%d z %d"},
}

// words are English where we have no others.
func (l locale) words() words {
	if w, ok := wordsOf[l.base()]; ok {
		return w
	}
	return wordsOf["en"]
}
