package paper

import (
	"math"

	"dottedline/paper/internal/pdf"
)

const (
	columnGap = 16.0 // points between two columns
	rowPad    = 4.4  // above and below a row's text
)

// cell is set text; it may go on on the next page.
type cell struct {
	para
	align Align
	elem  *pdf.Elem
}

// row is a table's row, with how much of it has been drawn.
type row struct {
	cells []cell
	lead  float64
	size  float64
	head  bool
	total bool
}

func (t *typesetter) table(b Table, x, width float64) {
	n := max(len(b.Head), len(b.Align))
	for _, r := range b.Rows {
		n = max(n, len(r))
	}
	if n == 0 {
		return
	}
	n = min(n, maxColumns)
	cols := t.columns(b, n, width)
	t.y += 2
	head := t.row(b, b.Head, cols, true, false)
	rows := make([]row, len(b.Rows))
	total := t.rowHeight(head)
	for i, r := range b.Rows {
		rows[i] = t.row(b, r, cols, false, b.Total && i == len(b.Rows)-1)
		total += t.rowHeight(rows[i])
	}
	// A short table stands on one page; of a long one at least the head and two rows.
	if total < (t.bottom-t.top)/3 {
		t.need(total)
	} else {
		first := t.rowHeight(head)
		for _, r := range rows[:min(2, len(rows))] {
			first += t.rowHeight(r)
		}
		t.need(min(first, (t.bottom-t.top)/2))
	}
	t.out.Open("Table", nil)
	if len(b.Head) > 0 {
		t.out.Open("THead", nil)
		t.drawRow(b, head, cols, x, width, nil)
		t.out.Close()
	}
	// On a new page the head is drawn again for the eye; the tree has it once.
	again := func() {
		t.newPage()
		if len(b.Head) > 0 {

			t.out.Outside(func() { t.drawHeadAgain(head, cols, x, width) })

		}
	}
	t.out.Open("TBody", nil)
	for i, r := range rows {
		last := b.Total && i == len(rows)-1
		keep := t.rowHeight(r)
		if b.Total && i == len(rows)-2 { // a sum does not stand alone on a page
			keep += t.rowHeight(rows[i+1])
		}
		if t.y+keep > t.bottom && t.y > t.top && keep < (t.bottom-t.top)/2 {
			again()
		}
		if last {
			t.out.Rule(x, t.y, x+width, t.y, 0.9, 0, ink)
		}
		t.drawRow(b, r, cols, x, width, again)
	}
	t.out.Close()
	t.out.Close()
	t.y += t.lead * 0.6
}

// row sets the cells of a row; their width is that of their columns.
func (t *typesetter) row(b Table, cells [][]Span, cols []float64, head, total bool) row {
	r := row{lead: t.tabLead, size: t.cellSize, head: head, total: total}
	if head {
		r.size, r.lead = t.cellSize*0.9, t.tabLead*0.92
	}
	for i := range cols {
		var spans []Span
		if i < len(cells) {
			spans = cells[i]
		}
		c := cell{para: t.set(spans, t.cellLook(b, i, head), r.size, cols[i])}
		if i < len(b.Align) {
			c.align = b.Align[i]
		}
		if t.doc.lang.rightToLeft && c.align != Center {
			c.align = Right - c.align
		}
		r.cells = append(r.cells, c)
	}
	return r
}

func (t *typesetter) cellLook(b Table, i int, head bool) look {
	switch {
	case head:
		return sansLook.boldly()
	case b.RowHeads && i == 0:
		return t.look().boldly()
	}
	return t.look().tabularly()
}

func (t *typesetter) rowHeight(r row) float64 {
	var h float64
	for _, c := range r.cells {
		var sum float64
		for _, l := range c.lines {
			lh, _ := height(l, r.size, r.lead)
			sum += lh
		}
		h = max(h, sum)
	}
	if h == 0 {
		return 0
	}
	return h + 2*rowPad
}

// drawRow draws a row, and goes on on a new page when it does not fit on one.
func (t *typesetter) drawRow(b Table, r row, cols []float64, x, width float64, again func()) {
	t.out.Open("TR", nil)
	tr := t.out.Current()
	done := make([]int, len(cols))
	for {
		y, lowest, left := t.y, t.y, false
		cx := x
		for i := range cols {
			c := &r.cells[i]
			if c.elem == nil {
				c.elem = t.out.Open(cellTag(b, i, r))
			} else {
				t.out.Enter(c.elem)
			}
			at := cx
			if t.doc.lang.rightToLeft {
				at = x + width - (cx - x) - cols[i]
			}
			ly := y + rowPad
			for done[i] < len(c.lines) {
				l := c.lines[done[i]]
				h, above := height(l, r.size, r.lead)
				if again != nil && ly+h+rowPad > t.bottom && ly > t.top+t.lead*4 {
					left = true
					break
				}
				t.draw(l, at, cols[i], ly+above, r.size, c.align, cellInk(r.head))
				ly += h
				done[i]++
			}
			lowest = max(lowest, ly)
			t.out.Close()
			cx += cols[i] + columnGap
		}
		t.y = lowest + rowPad
		if !left || t.tooLong {
			break
		}
		t.out.Enter(tr)
		again()
		t.out.Enter(tr)
	}
	t.out.Enter(tr)
	t.rule(r, x, width)
	t.out.Close()
}

func (t *typesetter) drawHeadAgain(r row, cols []float64, x, width float64) {
	cx := x
	for i := range cols {
		at, ly := cx, t.y+rowPad
		if t.doc.lang.rightToLeft {
			at = x + width - (cx - x) - cols[i]
		}
		for _, l := range r.cells[i].lines {
			h, above := height(l, r.size, r.lead)
			t.draw(l, at, cols[i], ly+above, r.size, r.cells[i].align, cellInk(true))
			ly += h
		}
		cx += cols[i] + columnGap
	}
	t.y += t.rowHeight(r)
	t.rule(r, x, width)
}

func (t *typesetter) rule(r row, x, width float64) {
	if r.head {
		t.out.Rule(x, t.y, x+width, t.y, 0.7, 0, soft)
	} else {
		t.out.Rule(x, t.y, x+width, t.y, 0.4, 0, hair)
	}
}

func cellInk(head bool) pdf.Color {
	if head {
		return soft
	}
	return ink
}

func cellTag(b Table, i int, r row) (pdf.Name, pdf.Dict) {
	scope := pdf.Name("Column")
	switch {
	case r.head:
	case (b.RowHeads || r.total) && i == 0:
		scope = "Row"
	default:
		return "TD", nil
	}
	return "TH", pdf.Dict{"A": pdf.Dict{"O": pdf.Name("Table"), "Scope": scope}}
}

// columns gives each column what it wants; when the room is short, each gets
// its longest word and then a share of the rest by what it still wants.
func (t *typesetter) columns(b Table, n int, width float64) []float64 {
	least, want := make([]float64, n), make([]float64, n)
	measure := func(cells [][]Span, head bool) {
		size := t.cellSize
		if head {
			size *= 0.9
		}
		for i := range cells[:min(len(cells), n)] {
			words, _ := t.shaper.breakWords(cells[i], t.cellLook(b, i, head), false)
			var sum float64
			for _, w := range words {
				sum += w.width * size
				least[i] = max(least[i], w.width*size)
				want[i] = max(want[i], sum)
				if sum += w.space * size; w.forced {
					sum = 0
				}
			}
		}
	}
	measure(b.Head, true)
	for _, r := range b.Rows {
		measure(r, false)
	}
	room := width - columnGap*float64(n-1)
	var sumLeast, sumWant float64
	for i := range n {
		least[i] = min(least[i], room*0.5)
		want[i] = max(want[i], least[i]) + 0.5
		sumLeast, sumWant = sumLeast+least[i], sumWant+want[i]
	}
	switch {
	case sumWant <= room: // the column with most text takes what is left
		most := 0
		for i := range n {
			if want[i] > want[most] {
				most = i
			}
		}
		if b.RowHeads && n > 1 {
			most = n - 1
		}
		want[most] += room - sumWant
	case sumLeast <= room:
		share := (room - sumLeast) / math.Max(sumWant-sumLeast, 1e-9)
		for i := range n {
			want[i] = least[i] + (want[i]-least[i])*share
		}
	default: // words must be cut
		for i := range n {
			want[i] = room * least[i] / sumLeast
		}
	}
	return want
}
