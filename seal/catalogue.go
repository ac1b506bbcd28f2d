package seal

// catalogue takes over the entries of the catalogue that describe or show.
func (im *importer) catalogue(cat dict) (dict, error) {
	root := im.r.root()
	for _, k := range []name{"Lang", "MarkInfo", "PageLabels", "PageLayout", "OutputIntents"} {
		if v := root.get(k); v != nil {
			cat = append(cat, entry{k, im.copy(v)})
		}
	}
	if show, ok := im.r.get(im.r.dict(root.get("ViewerPreferences")).get("DisplayDocTitle")).(bool); ok {
		cat = append(cat, entry{"ViewerPreferences", dict{{"DisplayDocTitle", show}}})
	}
	if v := im.outlines(root.get("Outlines")); v != nil {
		cat = append(cat, entry{"Outlines", v})
	}
	return cat, im.drain()
}

// outlines keeps the bookmarks that go to a page.
func (im *importer) outlines(v any) any {
	top, ok := v.(ref)
	if !ok || im.r.dict(top) == nil {
		return nil
	}
	seen := map[int]bool{}
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		for depth < maxDepth {
			p, ok := v.(ref)
			d := im.r.dict(v)
			if !ok || d == nil || seen[p.num] {
				return
			}
			seen[p.num] = true
			var out dict
			for _, k := range []name{"Title", "Parent", "Prev", "Next", "First", "Last", "Count", "F", "C"} {
				if e := d.get(k); e != nil {
					out = append(out, entry{k, e})
				}
			}
			dest := d.get("Dest")
			if a := im.r.dict(d.get("A")); im.r.get(a.get("S")) == name("GoTo") {
				dest = a.get("D")
			}
			if to := im.destination(dest); to != nil {
				out = append(out, entry{"Dest", to})
			}
			im.clean[p.num] = out
			walk(d.get("First"), depth+1)
			v = d.get("Next")
		}
	}
	walk(top, 0)
	return im.ref(top.num)
}

// info copies plain entries of the document information dictionary (14.3.3).
func (im *importer) info(keys ...name) dict {
	d := im.r.dict(im.r.trailer().get("Info"))
	var out dict
	for _, k := range keys {
		if s, ok := im.r.get(d.get(k)).(str); ok {
			out = append(out, entry{k, s})
		}
	}
	return out
}
