package seal

import "time"

// Report says of a PDF by whom it was sealed and whether it is whole.
type Report struct {
	// Valid is true only when there is a signature, every one is intact, and
	// nothing was added after it but data to validate it later. Whether a
	// signer is trusted is said per signature.
	Valid      bool        `json:"valid"`
	Problems   []string    `json:"problems"` // never nil; one sentence each
	Signatures []Signature `json:"signatures"`
	SHA256     string      `json:"sha256"` // of the whole file, hexadecimal
	Bytes      int         `json:"bytes"`
}

// Signature is one signature or document time stamp of a PDF.
type Signature struct {
	Signer string `json:"signer"` // the certificate's common name
	// Time is from the time stamp if there is one, else what the signer
	// claims; nil when it says nothing.
	Time *time.Time `json:"time"`
	// Level is B-B, B-T, B-LT or B-LTA (EN 319 142-1), "PKCS#7" for older
	// signatures, "time stamp" for a document time stamp, "" when unreadable.
	Level       string `json:"level"`
	CoversWhole bool   `json:"covers_whole_document"`
	Intact      bool   `json:"intact"`

	TimeSource string `json:"time_source"` // "time stamp", "claimed" or ""
	StampedBy  string `json:"stamped_by,omitempty"`
	// Trusted: the certificate leads to one of the given roots and was valid
	// at Time. TrustProblem says why not. StampTrusted is the same for the
	// time-stamp authority.
	Trusted      bool   `json:"trusted"`
	TrustProblem string `json:"trust_problem,omitempty"`
	StampTrusted bool   `json:"stamp_trusted"`

	Field       string `json:"field"`
	Reason      string `json:"reason,omitempty"`
	Certificate string `json:"certificate_sha256,omitempty"`
	// Allowed is what the signer lets change later (DocMDP P); 1 is nothing,
	// 0 is not said.
	Allowed int `json:"docmdp,omitempty"`
}
