package seal

import (
	"slices"
	"strings"
	"time"
)

// attach embeds files so that every reader lists them (7.11.4) and says how
// they belong to the document (PDF/A-3).
func attach(b *builder, cat dict, now time.Time, files []Attachment) dict {
	files = slices.Clone(files)
	slices.SortFunc(files, func(x, y Attachment) int { return strings.Compare(x.Name, y.Name) }) // a name tree is sorted
	var specs, names array
	for _, a := range files {
		params := dict{{"Size", int64(len(a.Data))}, {"ModDate", date(now)}}
		data := b.add(flate(dict{{"Type", name("EmbeddedFile")}, {"Subtype", name(a.MIME)}, {"Params", params}}, a.Data))
		spec := b.add(dict{{"Type", name("Filespec")}, {"F", text(a.Name)}, {"UF", text(a.Name)}, {"Desc", text(a.Description)},
			{"AFRelationship", name(a.Relation)}, {"EF", dict{{"F", data}, {"UF", data}}}})
		specs = append(specs, spec)
		names = append(names, text(a.Name), spec)
	}
	return append(cat, entry{"AF", specs}, entry{"Names", dict{{"EmbeddedFiles", dict{{"Names", names}}}}})
}

// Attached takes a file out of a PDF by its name; nil when there is none.
func Attached(pdf []byte, file string) ([]byte, error) {
	r, err := open(pdf, newBudget())
	if err != nil {
		return nil, err
	}
	return r.attached(file)
}

func (r *reader) attached(file string) ([]byte, error) {
	tree := r.dict(r.dict(r.root().get("Names")).get("EmbeddedFiles"))
	names := r.array(tree.get("Names"))
	for i := 0; i+1 < len(names); i += 2 {
		if plain(r.get(names[i])) != file {
			continue
		}
		s, ok := r.get(r.dict(r.dict(names[i+1]).get("EF")).get("F")).(stream)
		if !ok {
			return nil, fileErr("the attachment %s cannot be read", file)
		}
		return r.decode(s)
	}
	return nil, nil
}
