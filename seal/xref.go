package seal

import (
	"bytes"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// readSections follows /Prev from the newest section; an older section never
// overrides a newer one.
func (r *reader) readSections(off int64) error {
	seen := map[int64]bool{}
	for {
		if seen[off] {
			return fileErr("damaged PDF: its cross-reference sections run in a circle")
		}
		if len(seen) >= maxSections {
			return errTooMuch
		}
		seen[off] = true
		t, err := r.readSection(off)
		if err != nil {
			return err
		}
		s := section{off: off, trailer: t}
		if h, ok := t.get("XRefStm").(int64); ok {
			s.hybrid = true
			if _, err := r.xrefStream(h); err != nil {
				return err
			}
		}
		r.sections = append(r.sections, s)
		prev, ok := t.get("Prev").(int64)
		if !ok {
			return nil
		}
		off = prev
	}
}

func (r *reader) readSection(off int64) (dict, error) {
	if off < 0 || off >= int64(len(r.b)) {
		return nil, fileErr("damaged PDF: a cross-reference section is outside the file")
	}
	l := &lexer{b: r.b, pos: int(off), bud: r.bud}
	l.skip()
	if err := r.bud.step(l.pos - int(off) + 16); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(r.b[l.pos:], []byte("xref")) {
		return r.xrefStream(off)
	}
	l.pos += len("xref")
	t, err := r.xrefTable(l)
	if e := r.bud.step(l.pos - int(off)); e != nil {
		return nil, e
	}
	if err != nil && err != error(errTooMuch) {
		err = fileErr("damaged PDF: %v", err)
	}
	return t, err
}

func (r *reader) put(n int64, p place, free bool) error {
	if n < 0 || n > maxObject {
		return fileErr("damaged PDF: object number %d", n)
	}
	k := int(n)
	if _, ok := r.places[k]; ok || r.gone[k] {
		return nil
	}
	if err := r.bud.alloc(64); err != nil {
		return err
	}
	if free {
		r.gone[k] = true
	} else {
		r.places[k] = p
	}
	return nil
}

// xrefTable reads the subsections and the trailer (7.5.4, 7.5.5).
func (r *reader) xrefTable(l *lexer) (dict, error) {
	bad := func() error { return l.fail("malformed cross-reference table") }
	for !l.accept("trailer") {
		first, ok1 := l.uint()
		count, ok2 := l.uint()
		// an entry takes 20 bytes: a count that the file cannot hold is a lie
		if !ok1 || !ok2 || first > maxObject || count > int64(len(l.b)-l.pos)/18+1 {
			return nil, bad()
		}
		for i := range count {
			off, ok1 := l.uint()
			gen, ok2 := l.uint()
			l.skip()
			kind := l.word()
			if !ok1 || !ok2 || len(kind) != 1 || kind[0] != 'n' && kind[0] != 'f' {
				return nil, bad()
			}
			if err := r.put(first+i, place{off: off, gen: int(gen)}, kind[0] == 'f'); err != nil {
				return nil, err
			}
		}
	}
	v, err := l.value(0)
	if err != nil {
		return nil, err
	}
	t, ok := v.(dict)
	if !ok {
		return nil, bad()
	}
	return t, nil
}

// xrefStream reads a cross-reference stream (7.5.8).
func (r *reader) xrefStream(off int64) (dict, error) {
	v, _, err := r.indirect(off, -1, nil)
	if err != nil {
		return nil, fileErr("damaged PDF: a cross-reference section cannot be read: %v", err)
	}
	s, ok := v.(stream)
	if !ok || s.dict.get("Type") != name("XRef") {
		return nil, fileErr("damaged PDF: there is no cross-reference section at byte %d", off)
	}
	data, err := r.decode(s)
	if err != nil {
		return nil, err
	}
	var w [3]int
	wide, _ := s.dict.get("W").(array)
	for i := range min(3, len(wide)) {
		n, ok := wide[i].(int64)
		if !ok || n < 0 || n > 7 {
			return nil, fileErr("damaged PDF: malformed cross-reference stream")
		}
		w[i] = int(n)
	}
	size, _ := s.dict.get("Size").(int64)
	index, ok := s.dict.get("Index").(array)
	if !ok {
		index = array{int64(0), size}
	}
	if len(wide) != 3 || w[1] == 0 || len(index)%2 != 0 {
		return nil, fileErr("damaged PDF: malformed cross-reference stream")
	}
	for i := 0; i < len(index); i += 2 {
		first, ok1 := index[i].(int64)
		count, ok2 := index[i+1].(int64)
		if !ok1 || !ok2 || first < 0 || count < 0 || first > maxObject {
			return nil, fileErr("damaged PDF: malformed cross-reference stream")
		}
		if data, err = r.xrefRows(data, w, first, count); err != nil {
			return nil, err
		}
	}
	return s.dict, nil
}

func (r *reader) xrefRows(data []byte, w [3]int, first, count int64) ([]byte, error) {
	row := w[0] + w[1] + w[2]
	for i := int64(0); i < count; i++ {
		if len(data) < row {
			return nil, fileErr("damaged PDF: cross-reference stream too short")
		}
		kind := int64(1)
		if w[0] > 0 {
			kind = bigEndian(data[:w[0]])
		}
		a, b := bigEndian(data[w[0]:w[0]+w[1]]), bigEndian(data[w[0]+w[1]:row])
		data = data[row:]
		p := place{off: a, gen: int(b)}
		if kind == 2 {
			if a < 1 || a > maxObject || b > maxObject {
				return nil, fileErr("damaged PDF: malformed cross-reference stream")
			}
			p = place{off: b, in: int(a)}
		}
		if kind > 2 { // 7.5.8.3: other types are null
			continue
		}
		if err := r.put(first+i, p, kind == 0); err != nil {
			return nil, err
		}
	}
	return data, r.bud.step(int(count) * row)
}

func bigEndian(b []byte) (v int64) {
	for _, c := range b {
		v = v<<8 | int64(c)
	}
	return v
}
