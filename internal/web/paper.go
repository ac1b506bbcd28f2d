package web

import (
	"strings"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

// paperView is an agreement that has been sent: who has signed, and what was
// recorded.
func paperView(v *visit, a desk.AgreementPage) (out html.Paper, err error) {
	id := a.ID.String()
	if out.Shell, err = v.shell(a.Title, "deals", "/live?page=agreement&agreement="+id); err != nil {
		return out, err
	}
	out.ID, out.DealID, out.DealName, out.Title, out.Sub, out.HTML = id, a.Deal.ID.String(), a.Deal.Name, a.Title, v.paperWords(a), a.HTML
	out.Presented, out.Presented256, out.Sealed256 = "/agreements/"+id+"/presented.pdf", a.SHA256, a.Final
	if a.State == dottedline.Sealed {
		out.Sealed = "/agreements/" + id + "/sealed.pdf"
	}
	out.CanVoid, out.CanVersion = a.State.Open(), a.State != dottedline.Sealed && a.State != dottedline.Sealing
	live := map[dottedline.SignerID]bool{}
	for _, l := range a.Links {
		live[l.Signer] = live[l.Signer] || l.Revoked.IsZero() && l.Until.After(v.now)
	}
	for _, s := range a.Signers {
		waits := a.State.Open() && s.Member == 0 && s.Counts() && s.Signed.IsZero()
		out.Signers = append(out.Signers, html.SignerLine{SignerState: v.signerState(s.Signer, a.Turn), ID: s.ID.String(), Address: string(s.Address),
			CanRevoke: live[s.ID] && s.Side == dottedline.Them, CanResend: waits && s.Outgoing != 0})
	}
	for _, t := range a.Turn {
		if a.State.Open() && t.Member == v.actor.Member {
			out.Sign = &html.Signing{Name: t.Name, Intent: "By pressing Sign you sign “" + a.Title + "” electronically."}
			if out.Sign.Mark, err = v.markOf(t.Name); err != nil {
				return out, err
			}
		}
	}
	for _, e := range a.Evidence {
		out.Evidence = append(out.Evidence, html.Evidence{When: v.full(e.At), What: e.What, Who: e.Who, Where: e.IP, Hash: e.Hash})
	}
	return out, nil
}

func voidAgreement(v *visit) (string, error) {
	return onAgreement(v, func(id dottedline.AgreementID) error {
		return v.desk.VoidAgreement(v.Context(), v.actor, id, strings.TrimSpace(v.PostFormValue("reason")))
	})
}

func newVersion(v *visit) (string, error) {
	id, err := agreementID(v)
	if err != nil {
		return "", err
	}
	next, err := v.desk.NewVersion(v.Context(), v.actor, id)
	return "/agreements/" + next.String(), err
}

// link sends a signer a new link, or ends those that they have.
func link(v *visit) (string, error) {
	signer, err := dottedline.ParseID[dottedline.Signer](v.PathValue("signer"))
	if err != nil {
		return "", dottedline.Missing("signer")
	}
	return onAgreement(v, func(id dottedline.AgreementID) error {
		if v.PostFormValue("act") == "revoke" {
			return v.desk.RevokeLinks(v.Context(), v.actor, id, signer)
		}
		return v.desk.Resend(v.Context(), v.actor, signer, newPress())
	})
}

func countersign(v *visit) (string, error) {
	return onAgreement(v, func(id dottedline.AgreementID) error {
		return v.desk.Countersign(v.Context(), v.actor, id, desk.Signing{Name: v.PostFormValue("name"), Consent: true})
	})
}
