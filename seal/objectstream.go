package seal

// objectStream is a decoded object stream (7.5.7).
type objectStream struct {
	data []byte
	num  []int
	at   []int
}

func (r *reader) fromStream(in, n, index int) (any, error) {
	s, err := r.objectStream(in)
	if err != nil {
		return nil, err
	}
	if index >= len(s.num) || s.num[index] != n {
		return nil, fileErr("it is not in object stream %d", in)
	}
	l := &lexer{b: s.data, pos: s.at[index], bud: r.bud}
	v, err := l.value(0)
	if e := r.bud.step(l.pos - s.at[index] + 16); e != nil {
		return nil, e
	}
	if _, ok := v.(keyword); ok {
		return nil, fileErr("unknown word in object stream %d", in)
	}
	return v, err
}

func (r *reader) objectStream(in int) (*objectStream, error) {
	if s, ok := r.packed[in]; ok {
		if s == nil {
			return nil, fileErr("object stream %d is damaged", in)
		}
		return s, nil
	}
	r.packed[in] = nil
	if r.places[in].in > 0 {
		return nil, fileErr("object stream %d lies in another one", in)
	}
	st, ok := r.object(in).(stream)
	if !ok || st.dict.get("Type") != name("ObjStm") {
		return nil, fileErr("object %d is not an object stream", in)
	}
	data, err := r.decode(st)
	if err != nil {
		return nil, err
	}
	count, _ := r.get(st.dict.get("N")).(int64)
	first, _ := r.get(st.dict.get("First")).(int64)
	if count < 0 || first < 0 || first > int64(len(data)) || count > first {
		return nil, fileErr("object stream %d is damaged", in)
	}
	s := &objectStream{data: data}
	l := &lexer{b: data[:first], bud: r.bud}
	if err := r.bud.alloc(16 * int(count)); err != nil {
		return nil, err
	}
	for range count {
		n, ok1 := l.uint()
		at, ok2 := l.uint()
		if !ok1 || !ok2 || n > maxObject || at > int64(len(data))-first {
			return nil, fileErr("object stream %d is damaged", in)
		}
		s.num, s.at = append(s.num, int(n)), append(s.at, int(first+at))
	}
	r.packed[in] = s
	return s, r.bud.step(int(first))
}
