package dottedline

import (
	"slices"
	"time"
)

// AgreementState is how far a paper is.
type AgreementState string

// The states. Signed, Declined, Void and Expired are ends.
const (
	Draft    AgreementState = "draft"    // being edited
	Going    AgreementState = "going"    // sent, and its mail is still in the outbox
	Out      AgreementState = "out"      // with them
	Sealing  AgreementState = "sealing"  // everybody has signed, and the seal is being made
	Sealed   AgreementState = "signed"   // signed by all and sealed
	Declined AgreementState = "declined" // by one who should have signed
	Void     AgreementState = "void"     // taken back by us, or replaced by a new version
	Expired  AgreementState = "expired"
)

// Open says whether it can still be signed.
func (s AgreementState) Open() bool { return s == Going || s == Out }

// Ended says whether nothing more will happen to it.
func (s AgreementState) Ended() bool {
	return s == Sealed || s == Declined || s == Void || s == Expired
}

// Agreement is one paper of a deal.
type Agreement struct {
	ID      AgreementID
	Deal    DealID
	Member  MemberID // who made it
	State   AgreementState
	Number  string // in the foot of each page
	Title   string
	Version int         // 1, 2, … within the deal
	Before  AgreementID // the version that it replaces; 0 if none
	Made    time.Time
	Sent    time.Time // when the mail that carries it was accepted
	Ends    time.Time // it can't be signed from then on
	Ended   time.Time
	Reason  string // why it was declined or taken back
	SHA256  string // of the PDF as presented, hexadecimal; "" while a draft
	Final   string // SHA-256 of the sealed PDF; "" before
	Pages   int
}

// Signer is one who has to sign an agreement.
type Signer struct {
	ID        SignerID
	Agreement AgreementID
	Side      Side
	Order     int // who has the lower order signs first; the same order means in parallel
	Name      string
	Title     string // what they are in their company
	Company   string
	Address   Address
	Member    MemberID // of ours
	Person    PersonID // of theirs
	Signed    time.Time
	PassedTo  SignerID  // who signs in their place; 0 if nobody
	Opened    time.Time // the room, for the first time
	Seen      time.Time // the last time they did anything there
	Read      time.Time // to the end
	Quiet     bool      // asked not to be reminded
}

// Counts says whether the signer is one whose signature is needed.
func (s Signer) Counts() bool { return s.PassedTo == 0 }

// Turn gives the signers whose turn it is: those of the lowest order who have
// not signed. None means that everybody has.
func Turn(signers []Signer) []Signer {
	var out []Signer
	for _, s := range signers {
		if !s.Counts() || !s.Signed.IsZero() {
			continue
		}
		if len(out) > 0 && s.Order < out[0].Order {
			out = out[:0]
		}
		if len(out) == 0 || s.Order == out[0].Order {
			out = append(out, s)
		}
	}
	return out
}

// MaySign says whether it is a signer's turn.
func MaySign(signers []Signer, id SignerID) bool {
	return slices.ContainsFunc(Turn(signers), func(s Signer) bool { return s.ID == id })
}

// PaperTemplate is a template of agreements of the workspace's own: Markdown
// with front matter, as package paper reads it. Every version is kept.
type PaperTemplate struct {
	ID      PaperID
	Name    string
	Version int
	Source  string
	Made    time.Time
}

// SealKey is a key with which agreements are sealed.
type SealKey struct {
	ID      SealKeyID
	Kind    string // "seal" made here, "own" uploaded, "root" the workspace's authority
	Subject string
	Issuer  string
	SHA256  string // of the certificate, hexadecimal
	Until   time.Time
}
