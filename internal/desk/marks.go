package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dottedline/internal/store"
	"dottedline/paper"
	"dottedline/seal"
)

// marks draws each signature and its day where it belongs.
func (d *Desk) marks(s sheet) (out []seal.Mark, err error) {
	h := s.maker.Hours
	if l, err := h.Local(); err == nil {
		h = l
	}
	for _, y := range s.signers {
		if !y.Counts() {
			continue
		}
		var g signature
		if err := json.Unmarshal([]byte(y.Mark), &g); err != nil {
			return nil, fmt.Errorf("signature of %s: %w", y.Name, err)
		}
		path, err := paper.TypedMark(g.Name, d.fonts())
		if err == nil && g.Method == "drawn" {
			path, err = paper.DrawnMark(g.Strokes)
		}
		if err != nil {
			return nil, fmt.Errorf("signature of %s: %w", y.Name, err)
		}
		when, err := paper.TypedMark(y.Signed.In(h.Location()).Format(time.DateOnly), d.fonts())
		if err != nil {
			return nil, err
		}
		for _, p := range s.Places {
			if p.Signer != y.ID {
				continue
			}
			out = append(out, markAt(p.Page, p.Mark, path, fmt.Sprintf("Signature of %s, %s", g.Name, g.Method)))
			if p.Date[2] > 0 && p.Date[3] > 0 {
				out = append(out, markAt(p.Page, p.Date, when, "Signed on "+y.Signed.Format(time.DateOnly)))
			}
			if text := inPlace(s.signers, y); text != "" && p.Below[2] > 0 {
				line, err := paper.PrintedMark(text, d.fonts())
				if err != nil {
					return nil, err
				}
				out = append(out, markAt(p.Page, p.Below, line, text))
			}
		}
	}
	return out, nil
}

func markAt(page int, r [4]float64, p paper.Path, alt string) seal.Mark {
	return seal.Mark{Page: page, X: r[0], Y: r[1], W: r[2], H: r[3], Paths: p.PDF(paper.Rect{W: r[2], H: r[3]}), Alt: alt}
}

// inPlace says who signs where somebody else is printed: the pages stay as they
// were presented, since others may have signed them so. "" where the printed
// name is the signer's.
func inPlace(signers []store.Signer, y store.Signer) string {
	for _, x := range signers {
		if x.PassedTo == y.ID {
			return "Signed by " + strings.Join(nonEmpty(y.Name, y.Title), ", ") + ", in place of the above"
		}
	}
	return ""
}

func nonEmpty(in ...string) []string {
	return slices.DeleteFunc(in, func(s string) bool { return s == "" })
}
