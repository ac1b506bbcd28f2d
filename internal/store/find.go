package store

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dottedline"
)

// Words cuts text into what is searched for: letters and digits without marks
// and case, each word once; Han, Kana and Hangul by the letter.
func Words(text string) []string {
	var out []string
	seen := map[string]bool{}
	word := make([]rune, 0, 32)
	end := func() {
		if len(word) > 0 && len(word) <= 64 {
			if w := string(word); !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
		word = word[:0]
	}
	add := func(r rune) {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			end()
			word = append(word, r)
			end()
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = append(word, unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r):
		default:
			end()
		}
	}
	if ascii(text) {
		for i := range len(text) {
			add(rune(text[i]))
		}
	} else {
		for _, r := range norm.NFKD.String(text) {
			if s, ok := plainLetters[unicode.ToLower(r)]; ok {
				for _, r := range s {
					add(r)
				}
				continue
			}
			add(r)
		}
	}
	end()
	return out
}

// plainLetters are letters that Unicode takes for whole ones and that people
// type without the stroke.
var plainLetters = map[rune]string{'ł': "l", 'ø': "o", 'đ': "d", 'ħ': "h", 'ŧ': "t", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ð': "d", 'þ': "th"}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// What a found thing is. The engines keep it as one more word.
const (
	FindMail    = "mail"
	FindPerson  = "person"
	FindCompany = "company"
	FindDeal    = "deal"
)

// mark is a word that no text can hold: Words leaves no such sign.
func mark(kind string, ws dottedline.WorkspaceID) string {
	return "¤" + kind + "¤" + strconv.FormatInt(int64(ws), 36)
}

// Index makes a thing findable by words, as Words cuts them, in place of what it
// was found by.
func (t *Tx) Index(kind string, id int64, words []string) error {
	ws := append(slices.Clip(words), mark(kind, t.ws))
	if t.db.queue == nil {
		return t.do(`INSERT INTO find (ws, id, words) VALUES ($1, $2, array_to_tsvector($3::text[]))
			ON CONFLICT (ws, id) DO UPDATE SET words = excluded.words`, id, ws)
	}
	if kind != FindMail { // mails are written once; only names change
		if _, err := t.q.ExecContext(t.ctx, `DELETE FROM find WHERE rowid = $1`, id); err != nil {
			return err
		}
	}
	_, err := t.q.ExecContext(t.ctx, `INSERT INTO find (rowid, words) VALUES ($1, $2)`, id, strings.Join(ws, " "))
	return err
}

// Find gives the IDs of the things of a kind that hold all words of the query,
// the last one as a beginning, newest first.
func (t *Tx) Find(kind, query string, n int) ([]int64, error) {
	ws := Words(query)
	if len(ws) == 0 {
		return nil, nil
	}
	quoted := []string{`"` + mark(kind, t.ws) + `"`}
	for i, w := range ws {
		switch {
		case i < len(ws)-1:
			quoted = append(quoted, `"`+w+`"`)
		case t.db.queue == nil:
			quoted = append(quoted, `"`+w+`":*`)
		default:
			quoted = append(quoted, `"`+w+`"*`)
		}
	}
	if t.db.queue == nil {
		q := strings.ReplaceAll(strings.Join(quoted, " & "), `"`, `'`)
		return vals[int64](t, `SELECT id FROM find WHERE ws = $1 AND words @@ $2::tsquery ORDER BY id DESC LIMIT $3`, q, n)
	}
	return rows(t.ctx, t.q, func(v *int64) []any { return []any{v} },
		`SELECT rowid FROM find WHERE find MATCH $1 ORDER BY rowid DESC LIMIT $2`, strings.Join(quoted, " AND "), n)
}

// Unindex makes a thing unfindable.
func (t *Tx) Unindex(id int64) error {
	if t.db.queue == nil {
		return t.do(`DELETE FROM find WHERE ws = $1 AND id = $2`, id)
	}
	_, err := t.q.ExecContext(t.ctx, `DELETE FROM find WHERE rowid = $1`, id)
	return err
}
