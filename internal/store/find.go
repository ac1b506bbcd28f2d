package store

import (
	"bytes"
	"hash/maphash"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dottedline"
)

// Words cuts text into what is searched for: letters and digits without marks
// and case, each word once with a blank after the one before; Han, Kana and
// Hangul by the letter.
func Words(text string) string {
	c := cutter{text: make([]byte, 0, len(text)/2+16)}
	for i := 0; i < len(text); {
		if n := c.run(text[i:]); n > 0 {
			i += n
			continue
		}
		if text[i] < utf8.RuneSelf {
			c.end()
			i++
			continue
		}
		// ASCII letters take no part in decomposition: what stands between them
		// can be decomposed alone
		from := i
		for i < len(text) && text[i] >= utf8.RuneSelf {
			i++
		}
		for _, r := range norm.NFKD.String(text[from:i]) {
			if s, ok := plainLetters[unicode.ToLower(r)]; ok {
				c.run(s)
				continue
			}
			c.letter(r)
		}
	}
	c.end()
	return string(bytes.TrimSuffix(c.text, []byte(" ")))
}

// cutter collects the words of a text, each known by its hash.
type cutter struct {
	seen  hashes
	text  []byte // of all words, with a blank after each
	from  int    // where the one begins that is being read
	runes int    // of that one
}

var wordSeed = maphash.MakeSeed()

func (c *cutter) end() {
	if c.runes == 0 {
		return
	}
	if c.runes <= 64 && c.seen.add(maphash.Bytes(wordSeed, c.text[c.from:])) {
		c.text = append(c.text, ' ')
		c.from = len(c.text)
	} else {
		c.text = c.text[:c.from]
	}
	c.runes = 0
}

// asciiWord has the letters and digits of ASCII in lower case, and 0 for what
// is between words.
var asciiWord = func() (t [256]byte) {
	for b := range byte(utf8.RuneSelf) {
		switch {
		case 'a' <= b && b <= 'z', '0' <= b && b <= '9':
			t[b] = b
		case 'A' <= b && b <= 'Z':
			t[b] = b | 0x20
		}
	}
	return t
}()

// run takes the letters and digits of ASCII that a text begins with.
func (c *cutter) run(text string) (n int) {
	to := c.text
	for ; n < len(text) && asciiWord[text[n]] != 0; n++ {
		to = append(to, asciiWord[text[n]])
	}
	c.text, c.runes = to, c.runes+n
	return n
}

// hashes is a set of hashes in one slice, a power of two long and at most half
// full: a map takes several times as long.
type hashes struct {
	slots []uint64 // 0 is free
	n     int
}

// add says whether h is new.
func (s *hashes) add(h uint64) bool {
	if h == 0 {
		h = 1
	}
	if s.n*2 >= len(s.slots) {
		old := s.slots
		s.slots, s.n = make([]uint64, max(64, 4*len(old))), 0
		for _, o := range old {
			if o != 0 {
				s.add(o)
			}
		}
	}
	for i := h; ; i++ {
		switch at := &s.slots[i&uint64(len(s.slots)-1)]; *at {
		case h:
			return false
		case 0:
			*at = h
			s.n++
			return true
		}
	}
}

func (c *cutter) letter(r rune) {
	switch {
	case r < utf8.RuneSelf:
		if c.run(string(r)) == 0 {
			c.end()
		}
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		c.end()
		c.text, c.runes = utf8.AppendRune(c.text, r), 1
		c.end()
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		c.text = utf8.AppendRune(c.text, unicode.ToLower(r))
		c.runes++
	case unicode.Is(unicode.Mn, r):
	default:
		c.end()
	}
}

// plainLetters are letters that Unicode takes for whole ones and that people
// type without the stroke.
var plainLetters = map[rune]string{'ł': "l", 'ø': "o", 'đ': "d", 'ħ': "h", 'ŧ': "t", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ð': "d", 'þ': "th"}

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

// found is what a thing is to be found by.
type found struct {
	kind, words string
}

// Index makes a thing findable by words, as Words cuts them, in place of what it
// was found by; from the end of the transaction on.
func (t *Tx) Index(kind string, id int64, words string) {
	if t.index == nil {
		t.index = map[int64]found{}
	}
	t.index[id] = found{kind, words}
}

// writeIndex writes what Index was told, by rising ID: FTS5 begins a new segment
// at each step back.
func (t *Tx) writeIndex() error {
	for _, id := range slices.Sorted(maps.Keys(t.index)) {
		f := t.index[id]
		words := strings.TrimSpace(f.words + " " + mark(f.kind, t.ws))
		if t.db.queue == nil {
			if err := t.do(`INSERT INTO find (ws, id, words) VALUES ($1, $2, array_to_tsvector(string_to_array($3, ' ')))
				ON CONFLICT (ws, id) DO UPDATE SET words = excluded.words`, id, words); err != nil {
				return err
			}
			continue
		}
		if f.kind != FindMail { // mails are written once; only names change
			if _, err := t.q.ExecContext(t.ctx, `DELETE FROM find WHERE rowid = $1`, id); err != nil {
				return err
			}
		}
		if _, err := t.q.ExecContext(t.ctx, `INSERT INTO find (rowid, words) VALUES ($1, $2)`, id, words); err != nil {
			return err
		}
	}
	return nil
}

// Find gives the IDs of the things of a kind that hold all words of the query,
// the last one as a beginning, newest first.
func (t *Tx) Find(kind, query string, n int) ([]int64, error) {
	ws := strings.Fields(Words(query))
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
	delete(t.index, id)
	if t.db.queue == nil {
		return t.do(`DELETE FROM find WHERE ws = $1 AND id = $2`, id)
	}
	_, err := t.q.ExecContext(t.ctx, `DELETE FROM find WHERE rowid = $1`, id)
	return err
}
