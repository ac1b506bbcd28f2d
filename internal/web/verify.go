package web

import (
	"errors"
	"net/http"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func verifyPage(v *visit) error {
	return v.render(http.StatusOK, html.VerifyPage(html.Verify{Assets: v.assets.Prefix()}))
}

// verify says of a PDF by whom it was sealed and whether it is whole. The file
// is not kept.
func verify(v *visit) error {
	out := html.Verify{Assets: v.assets.Prefix()}
	code := http.StatusOK
	b, name, err := v.file("pdf")
	var r desk.Verified
	if err == nil {
		r, err = v.desk.VerifyPDF(v.Context(), b)
	}
	var p *dottedline.Problem
	switch {
	case errors.As(err, &p):
		out.Problem, code = problemOf(p), status(p.Kind)
	case err != nil:
		return err
	default:
		out.Result = verdict(r, name)
	}
	return v.render(code, html.VerifyPage(out))
}

func verdict(r desk.Verified, name string) *html.Verified {
	out := &html.Verified{Name: name, Whole: r.Valid, Problems: r.Problems, SHA256: r.SHA256}
	switch {
	case r.Valid:
		out.Lead, out.Sub = "Whole and unchanged.", "Not a byte has changed since it was sealed."
	case len(r.Signatures) == 0:
		out.Lead, out.Sub = "There is no seal in this file.", "Nothing says by whom it is or whether it was changed."
	default:
		out.Lead, out.Sub = "Don’t trust this file as it is.", "Ask for the one that was mailed when it was signed."
	}
	for _, s := range r.Signatures {
		x := html.Sealed{By: s.Signer, Level: s.Level}
		if s.Time != nil {
			x.When = s.Time.UTC().Format("2 January 2006, 15:04 UTC") + map[string]string{"time stamp": " (time stamp)", "claimed": " (by its own clock)"}[s.TimeSource]
		} else {
			x.When = "No time is said"
		}
		if !s.Trusted {
			x.Note = "Its certificate is not known here; who it is from has to be checked by other means."
		}
		out.Seals = append(out.Seals, x)
	}
	if r.Here {
		out.Known = "This very file was sealed here."
	} else if r.Valid {
		out.Known = "This very file was not sealed here. A file cut off after an older seal can look whole, so compare the SHA-256 with the one in the mail."
	}
	return out
}
