package seal

import "bytes"

// maxAdded revisions may follow a signature.
const maxAdded = 64

// accountFor reads what follows a signature byte by byte: only proper
// revisions, made of objects that their own cross-reference lists, then
// cross-reference, trailer and end. Readers that repair files would find
// anything else.
func (v *verifier) accountFor(from int64) error {
	before, err := open(v.b[:from], v.bud)
	if err != nil {
		return err
	}
	pos := from
	for n := 0; ; n++ {
		pos = v.spaces(pos)
		if pos == int64(len(v.b)) {
			if n == 0 { // spaces alone are no revision
				return fileErr("they belong to no revision")
			}
			return nil
		}
		if n >= maxAdded {
			return errTooMuch
		}
		var now *reader
		if pos, now, err = v.revision(pos, before.sections[0].off); err != nil {
			return err
		}
		before = now
	}
}

func (v *verifier) spaces(pos int64) int64 {
	l := &lexer{b: v.b, pos: int(pos)}
	l.skipSpaces()
	return int64(l.pos)
}

// revision reads one incremental update (7.5.6) and returns its end.
func (v *verifier) revision(start, prev int64) (int64, *reader, error) {
	type at struct {
		num int64
		off int64
	}
	var objects []at
	stray := func(pos int64) error { return fileErr("the bytes at %d belong to no object", pos) }
	pos := start
	for {
		pos = v.spaces(pos)
		l := &lexer{b: v.b, pos: int(pos), bud: v.bud}
		num, ok := l.uint()
		if !ok {
			break
		}
		_, end, err := v.r.indirect(pos, -1, nil)
		if err != nil {
			return 0, nil, stray(pos)
		}
		objects = append(objects, at{num, pos})
		pos = int64(end)
	}
	section := pos
	l := &lexer{b: v.b, pos: int(pos), bud: v.bud}
	if bytes.HasPrefix(v.b[pos:], []byte("xref")) {
		l.pos += len("xref")
		scratch := &reader{b: v.b, bud: v.bud, places: map[int]place{}, gone: map[int]bool{}, cache: map[int]any{}, packed: map[int]*objectStream{}}
		if _, err := scratch.xrefTable(l); err != nil {
			return 0, nil, err
		}
	} else if len(objects) > 0 { // a cross-reference stream is the last object
		section = objects[len(objects)-1].off
		objects = objects[:len(objects)-1]
	}
	l.pos = int(v.spaces(int64(l.pos)))
	if !bytes.HasPrefix(v.b[l.pos:], []byte("startxref")) {
		return 0, nil, stray(int64(l.pos))
	}
	l.pos += len("startxref")
	l.pos = int(v.spaces(int64(l.pos)))
	if off, ok := l.uint(); !ok || off != section {
		return 0, nil, fileErr("startxref does not point to the cross-reference before it")
	}
	l.pos = int(v.spaces(int64(l.pos)))
	if !bytes.HasPrefix(v.b[l.pos:], []byte("%%EOF")) {
		return 0, nil, stray(int64(l.pos))
	}
	end := int64(l.pos + len("%%EOF"))
	now, err := open(v.b[:end], v.bud)
	if err != nil {
		return 0, nil, err
	}
	if now.sections[0].hybrid {
		return 0, nil, fileErr("it has two cross-references that can say different things")
	}
	if len(now.sections) < 2 || now.sections[1].off != prev {
		return 0, nil, fileErr("its cross-reference does not continue the one that was signed")
	}
	for _, o := range objects {
		if p := now.places[int(o.num)]; p.off != o.off || p.in > 0 {
			return 0, nil, fileErr("object %d at byte %d is not in the cross-reference: some readers would show it", o.num, o.off)
		}
	}
	return end, now, nil
}
