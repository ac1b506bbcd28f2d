package web

import (
	"maps"
	"net/url"
	"strconv"

	"dottedline/internal/web/html"
)

// part is what the address says of the part of a list that is shown: after which
// row it begins, how many it holds, and what else is named.
func (v *visit) part(names ...string) url.Values {
	q, out := v.URL.Query(), url.Values{}
	for _, k := range append(names, "after", "rows") {
		if s := q.Get(k); s != "" {
			out.Set(k, s)
		}
	}
	return out
}

// pageAt is a page with what its address says, some of it changed: keys and values.
func pageAt(path string, q url.Values, set ...string) string {
	q = maps.Clone(q)
	for i := 0; i < len(set); i += 2 {
		q.Set(set[i], set[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// more leads on from a list that shows `have` rows to the next few: below them
// while the page holds no more than most, else to a page that begins there.
// Without a script the page opens at the row where the reading had come to.
func more(path string, here url.Values, have, few, most int, next, row string) html.More {
	m := html.More{Label: "Show " + strconv.Itoa(few) + " more"}
	if have+few <= most {
		m.Get = pageAt(path, here, "rows", strconv.Itoa(have+few))
		m.Href = m.Get + "#" + row
		return m
	}
	here = maps.Clone(here)
	here.Del("rows")
	m.Get = pageAt(path, here, "after", next)
	m.Href = m.Get
	return m
}
