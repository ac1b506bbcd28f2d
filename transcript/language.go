package transcript

import (
	"strings"
	"unicode"
)

// Unreadable is said instead of a finding in a language that is not English.
const Unreadable = "can't read this language yet"

var english = set(`the a an of to and in is it you that he was for on are with as i his they be at this have from or one had by but not what all were we when your can
 said there each which she do how their if will up other about out many then them these so some her would like him into has more go no way could my than been who its now did get
 yeah yes okay well just know think going right mean really because want should don't it's that's i'm um uh me us our does here where why very too any also n't 's 'm 're 'll 'd 've`)

// foreign are the commonest words of neighbours that English does not have.
var foreign = set(`der die das und ist nicht ich wir sie ein eine mit auf für auch dass den dem haben wird werden aber oder wenn wie noch nur sind sich zu von im es
 le la les des une est et vous nous je ne pas que qui dans pour avec sur c'est mais ou sont été du au ce cette il elle
 el los las una y en por para con es no se lo como más pero su al del muy está que
 il lo gli che di è non per con sono una della del nel questo anche ma più
 o os as um uma é não com para por mais como mas
 de het een en van ik dat niet is zijn je maar ook met voor op
 och att det som en jag är på inte vi för med av till
 i w na nie się z do to jest że jak co ale`)

// isEnglish judges by the small words that every English text has. Few words
// are given the benefit of the doubt unless they are plainly something else.
func isEnglish(ws []word) bool {
	n, en, other, far := 0, 0, 0, 0
	for _, w := range ws {
		r := []rune(w.s)[0]
		if !unicode.IsLetter(r) && r != '\'' {
			continue
		}
		n++
		if r > unicode.MaxLatin1 && !unicode.Is(unicode.Latin, r) {
			far++
			continue
		}
		switch {
		case english[w.s]:
			en++
		case foreign[w.s] || strings.ContainsAny(w.s, "äöüßéèçñãõåøłęą"):
			other++
		}
	}
	switch {
	case n == 0:
		return true
	case far*2 > n:
		return false
	case n < 12:
		return other <= en || other < 3 && en > 0
	}
	return en*100 >= 14*n && other < en
}
