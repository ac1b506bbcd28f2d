package seal

// destination resolves a place inside the file (12.3.2): an array that names
// the page, or a name that stands for one. It returns nil unless the page is
// taken over.
func (im *importer) destination(v any) array {
	switch d := im.r.get(v).(type) {
	case name:
		v = im.r.dict(im.r.root().get("Dests")).get(d)
	case str:
		if im.named == nil {
			im.named = map[string]any{}
			im.readNames(im.r.dict(im.r.root().get("Names")).get("Dests"), 0)
		}
		v = im.named[string(d)]
	}
	if d, ok := im.r.get(v).(dict); ok {
		v = d.get("D")
	}
	to, ok := im.r.get(v).(array)
	if !ok || len(to) == 0 {
		return nil
	}
	if p, ok := to[0].(ref); !ok || im.num[p.num] == (ref{}) {
		return nil
	}
	return to
}

// readNames collects a name tree (7.9.6).
func (im *importer) readNames(v any, depth int) {
	d := im.r.dict(v)
	if depth > 16 || im.r.bud.step(256) != nil {
		return
	}
	list := im.r.array(d.get("Names"))
	for i := 0; i+1 < len(list); i += 2 {
		if s, ok := im.r.get(list[i]).(str); ok && im.r.bud.alloc(64) == nil {
			im.named[string(s)] = list[i+1]
		}
	}
	for _, k := range im.r.array(d.get("Kids")) {
		im.readNames(k, depth+1)
	}
}
