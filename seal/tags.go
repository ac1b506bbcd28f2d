package seal

import (
	"cmp"
	"slices"
)

// tags is a structure tree (14.7) on its way into a new file.
type tags struct {
	root    ref
	kids    array         // top elements
	parents map[int64]any // parent tree: key → element or array of elements
	next    int64
	roles   dict
	classes any
}

// tags copies the structure tree; its elements will hang under root.
func (im *importer) tags(root ref) (*tags, error) {
	t := &tags{root: root, parents: map[int64]any{}}
	v := im.r.root().get("StructTreeRoot")
	if p, ok := v.(ref); ok {
		im.num[p.num] = root // the elements' P
	}
	old := im.r.dict(v)
	switch k := im.r.get(old.get("K")).(type) {
	case array:
		t.kids, _ = im.copy(k).(array)
	case dict:
		if p, ok := im.copy(old.get("K")).(ref); ok {
			t.kids = array{p}
		}
	}
	t.roles, _ = im.copy(im.r.dict(old.get("RoleMap"))).(dict)
	t.classes = im.copy(old.get("ClassMap"))
	err := im.r.numberTree(old.get("ParentTree"), 0, map[int]bool{}, func(n int64, v any) {
		if a, ok := im.r.get(v).(array); ok {
			v = a
		}
		t.parents[n+im.structOffset] = im.copy(v)
		t.next = max(t.next, n+im.structOffset+1)
	})
	if err != nil {
		return nil, err
	}
	for _, p := range im.pages { // a page may name a key that the tree lacks
		if n, ok := im.b.dict(p.ref).get("StructParents").(int64); ok {
			t.next = max(t.next, n+1)
		}
	}
	return t, im.drain()
}

// numberTree visits the pairs of a number tree (7.9.7).
func (r *reader) numberTree(v any, depth int, seen map[int]bool, visit func(int64, any)) error {
	if p, ok := v.(ref); ok {
		if seen[p.num] {
			return fileErr("damaged PDF: malformed number tree")
		}
		seen[p.num] = true
	}
	d := r.dict(v)
	if depth > maxDepth {
		return fileErr("damaged PDF: malformed number tree")
	}
	nums := r.array(d.get("Nums"))
	for i := 0; i+1 < len(nums); i += 2 {
		n, ok := r.get(nums[i]).(int64)
		if !ok || n < 0 || n > 1<<40 {
			return fileErr("damaged PDF: malformed number tree")
		}
		if err := r.bud.alloc(64); err != nil {
			return err
		}
		visit(n, nums[i+1])
	}
	for _, k := range r.array(d.get("Kids")) {
		if err := r.numberTree(k, depth+1, seen, visit); err != nil {
			return err
		}
	}
	return nil
}

// merge adds the elements of another file whose keys start at t.next.
func (t *tags) merge(o *tags) {
	t.kids = append(t.kids, o.kids...)
	for n, v := range o.parents {
		t.parents[n] = v
	}
	t.next = max(t.next, o.next)
	for _, e := range o.roles {
		if !t.roles.has(e.key) {
			t.roles = append(t.roles, e)
		}
	}
}

// figure adds a figure with an alternative text to a page and returns its
// marked-content number there.
func (t *tags) figure(b *builder, page ref, alt string) int64 {
	d := b.dict(page)
	key, ok := d.get("StructParents").(int64)
	if !ok {
		key = t.next
		t.next++
		b.set(page, d.with("StructParents", key))
	}
	list, _ := t.parents[key].(array)
	id := int64(len(list))
	up := t.root
	if len(t.kids) > 0 {
		if p, ok := t.kids[0].(ref); ok && b.dict(p) != nil {
			up = p
		}
	}
	fig := b.add(dict{{"Type", name("StructElem")}, {"S", name("Figure")}, {"P", up}, {"Pg", page}, {"K", id}, {"Alt", text(alt)}})
	t.parents[key] = append(slices.Clone(list), fig)
	if up == t.root {
		t.kids = append(t.kids, fig)
		return id
	}
	d = b.dict(up)
	switch k := d.get("K").(type) {
	case array:
		b.set(up, d.with("K", append(slices.Clone(k), fig)))
	case nil:
		b.set(up, d.with("K", array{fig}))
	default:
		b.set(up, d.with("K", array{k, fig}))
	}
	return id
}

// dict writes the structure tree root.
func (t *tags) dict(b *builder) dict {
	keys := make([]int64, 0, len(t.parents))
	for n := range t.parents {
		keys = append(keys, n)
	}
	slices.SortFunc(keys, cmp.Compare[int64])
	nums := array{}
	for _, n := range keys {
		v := t.parents[n]
		if a, ok := v.(array); ok {
			v = b.add(a)
		}
		nums = append(nums, n, v)
	}
	d := dict{{"Type", name("StructTreeRoot")}, {"K", t.kids}, {"ParentTree", b.add(dict{{"Nums", nums}})}, {"ParentTreeNextKey", t.next}}
	if len(t.roles) > 0 {
		d = append(d, entry{"RoleMap", t.roles})
	}
	if t.classes != nil {
		d = append(d, entry{"ClassMap", t.classes})
	}
	return d
}
