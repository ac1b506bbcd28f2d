package seal

import "bytes"

// place says where an object lies: at an offset, or as a part of an object
// stream (in > 0, off is its index there).
type place struct {
	off int64
	gen int
	in  int
}

// section is one cross-reference section (7.5.4, 7.5.8).
type section struct {
	off     int64
	trailer dict
	hybrid  bool // also has a stream for newer readers (7.5.8.4)
}

// reader finds and parses objects when they are asked for.
type reader struct {
	b        []byte
	bud      *budget
	places   map[int]place
	gone     map[int]bool // free in the newest section that names it
	sections []section    // newest first
	cache    map[int]any
	packed   map[int]*objectStream
	depth    int
	damage   []string
}

// open reads the cross-reference sections from the last startxref back.
func open(b []byte, bud *budget) (*reader, error) {
	if len(b) > MaxFile {
		return nil, fileErr("the PDF is larger than %d MB", MaxFile>>20)
	}
	if !bytes.HasPrefix(b, []byte("%PDF-")) {
		return nil, fileErr("this is not a PDF: it does not start with %%PDF-")
	}
	tail := max(0, len(b)-2048)
	i := bytes.LastIndex(b[tail:], []byte("startxref"))
	if i < 0 {
		return nil, fileErr("damaged PDF: it has no end (startxref)")
	}
	l := &lexer{b: b, pos: tail + i + len("startxref"), bud: bud}
	off, ok := l.uint()
	if !ok {
		return nil, fileErr("damaged PDF: startxref names no place")
	}
	if l.skipSpaces(); !bytes.HasPrefix(b[l.pos:], []byte("%%EOF")) {
		return nil, fileErr("damaged PDF: it was cut off, its end (%%%%EOF) is missing")
	}
	return openAt(b, off, bud)
}

// openAt reads the file as it was when the section at off was its newest.
func openAt(b []byte, off int64, bud *budget) (*reader, error) {
	r := &reader{b: b, bud: bud, places: map[int]place{}, gone: map[int]bool{}, cache: map[int]any{}, packed: map[int]*objectStream{}}
	if err := r.readSections(off); err != nil {
		return nil, err
	}
	if r.trailer().has("Encrypt") {
		return nil, fileErr("the PDF is encrypted (protected by a password or by restrictions): save a copy without protection")
	}
	root, ok := r.trailer().get("Root").(ref)
	if !ok {
		return nil, fileErr("damaged PDF: it has no catalogue")
	}
	if _, ok := r.get(root).(dict); !ok {
		if r.bud.spent() {
			return nil, errTooMuch
		}
		return nil, fileErr("damaged PDF: its catalogue cannot be read%s", r.firstDamage())
	}
	return r, nil
}

func (r *reader) trailer() dict { return r.sections[0].trailer }

func (r *reader) root() dict { return r.dict(r.trailer().get("Root")) }

func (r *reader) firstDamage() string {
	if len(r.damage) == 0 {
		return ""
	}
	return ": " + r.damage[0]
}

// get follows references; what does not exist is null.
func (r *reader) get(v any) any {
	for range 16 {
		p, ok := v.(ref)
		if !ok {
			return v
		}
		v = r.object(p.num)
	}
	return nil
}

func (r *reader) dict(v any) dict {
	switch v := r.get(v).(type) {
	case dict:
		return v
	case stream:
		return v.dict
	}
	return nil
}

func (r *reader) array(v any) array { a, _ := r.get(v).(array); return a }

// object parses object n once; a damaged one is null and noted.
func (r *reader) object(n int) any {
	if v, ok := r.cache[n]; ok {
		return v
	}
	p, ok := r.places[n]
	// Lengths and object streams may refer to further objects; a few steps
	// are normal, a chain of thousands is an attack on the stack.
	if !ok || r.depth > 8 || r.bud.spent() {
		return nil
	}
	r.cache[n] = nil // a loop reads as null
	r.depth++
	defer func() { r.depth-- }()
	var v any
	var err error
	if p.in > 0 {
		v, err = r.fromStream(p.in, n, int(p.off))
	} else {
		v, _, err = r.indirect(p.off, n, nil)
	}
	if err != nil {
		if len(r.damage) < 16 {
			r.damage = append(r.damage, "object "+itoa(n)+": "+err.Error())
		}
		return nil
	}
	if r.bud.alloc(64) == nil {
		r.cache[n] = v
	}
	return v
}

// indirect parses "n g obj … endobj" at off (7.3.10) and returns where it
// ends. want < 0 takes any number.
func (r *reader) indirect(off int64, want int, spans map[name][2]int) (any, int, error) {
	if off < 0 || off >= int64(len(r.b)) {
		return nil, 0, fileErr("its place %d is outside the file", off)
	}
	l := &lexer{b: r.b, pos: int(off), bud: r.bud, spans: spans}
	start := l.pos
	charged := start
	charge := func() error {
		n := l.pos - charged
		charged = l.pos
		return r.bud.step(n + 16)
	}
	n, ok1 := l.uint()
	_, ok2 := l.uint()
	if err := charge(); err != nil {
		return nil, 0, err
	}
	if !ok1 || !ok2 || !l.accept("obj") {
		return nil, 0, fileErr("there is no object at byte %d", start)
	}
	if want >= 0 && n != int64(want) {
		return nil, 0, fileErr("object %d lies at byte %d instead of object %d", n, start, want)
	}
	v, err := l.value(0)
	if e := charge(); e != nil {
		return nil, 0, e
	}
	if err != nil {
		return nil, 0, err
	}
	if k, ok := v.(keyword); ok {
		if k == "endobj" { // "n g obj endobj" is null
			return nil, l.pos, nil
		}
		return nil, 0, fileErr("unknown word at byte %d", start)
	}
	if d, ok := v.(dict); ok && l.accept("stream") {
		raw, err := r.streamBytes(l, d)
		if err != nil {
			return nil, 0, err
		}
		v = stream{d, raw}
	}
	l.accept("endobj") // some writers forget it
	return v, l.pos, nil
}

func (r *reader) streamBytes(l *lexer, d dict) ([]byte, error) {
	if l.at(0) == '\r' {
		l.pos++
	}
	if l.at(0) == '\n' {
		l.pos++
	}
	n, ok := r.get(d.get("Length")).(int64)
	if !ok || n < 0 || n > int64(len(l.b)-l.pos) {
		return nil, l.fail("stream without its true length")
	}
	raw := l.b[l.pos : l.pos+int(n) : l.pos+int(n)]
	l.pos += int(n)
	if !l.accept("endstream") {
		return nil, l.fail("stream without its true length")
	}
	return raw, nil
}
