package paper

import "dottedline/paper/internal/pdf"

// Measures of a signature, in points.
const (
	signatureHeight = 110.0 // of one row
	signatureGap    = 40.0  // between two signers side by side
	signatureRoom   = 50.0  // above the line
	belowRoom       = 9.0   // under the printed name, within what stands between rows
	dateShare       = 0.3   // of the width
)

// signatures sets two signers side by side. The line is dotted: not yet.
func (t *typesetter) signatures(all []Signer, x, width float64) {
	w := min((width-signatureGap)/2, 260)
	for i := 0; i < len(all); i += 2 {
		t.need(signatureHeight)
		y, lowest := t.y, t.y
		for j, s := range all[i:min(i+2, len(all))] {
			at := x + float64(j)*(w+signatureGap)
			if t.doc.lang.rightToLeft {
				at = x + width - (at - x) - w
			}
			t.y = y
			t.signature(s, at, w)
			lowest = max(lowest, t.y)
		}
		t.y = lowest + 12
	}
}

func (t *typesetter) signature(s Signer, x, w float64) {
	words := t.doc.lang.words()
	t.out.Open("Sect", nil)
	t.y += 8
	if s.Company != "" {
		t.say(words.on+" "+isolate(clean(s.Company)), serifLook.boldly(), t.cellSize, t.tabLead, x, w, ink)
	}
	t.y += signatureRoom
	signW, dateW := w*(1-dateShare)-12, w*dateShare
	signX, dateX := x, x+w-dateW
	if t.doc.lang.rightToLeft {
		signX, dateX = x+w-signW, x
	}
	t.out.Rule(signX, t.y, signX+signW, t.y, 1.1, 3.4, soft)
	t.out.Rule(dateX, t.y, dateX+dateW, t.y, 1.1, 3.4, soft)
	t.lines = append(t.lines, SignatureLine{Signer: s.ID, Page: t.pages,
		Mark: Rect{signX, t.pageH - t.y + 1, signW, signatureRoom - 4}, Date: Rect{dateX, t.pageH - t.y + 1, dateW, 16}})
	t.y += 3
	y := t.y
	t.say(words.date, sansLook, t.small, t.tabLead, dateX, dateW, faint)
	t.y = y
	t.say(isolate(clean(s.Name)), serifLook, t.cellSize, t.tabLead, signX, signW, ink)
	if s.Title != "" {
		t.say(isolate(clean(s.Title)), sansLook, t.small, t.small*1.4, signX, signW, faint)
	}
	t.lines[len(t.lines)-1].Below = Rect{x, t.pageH - t.y - belowRoom - 2, w, belowRoom}
	t.out.Close()
}

// say sets a short text of at most three lines.
func (t *typesetter) say(text string, l look, size, lead, x, w float64, c pdf.Color) {
	align := Left
	if t.doc.lang.rightToLeft {
		align = Right
	}
	p := t.set([]Span{{Text: text}}, l, size, w)
	t.out.Open("P", nil)
	for _, line := range p.lines[:min(len(p.lines), 3)] {
		h, above := height(line, size, lead)
		t.draw(line, x, w, t.y+above, size, align, c)
		t.y += h
	}
	t.out.Close()
}
