package store

import (
	"fmt"

	"github.com/klauspost/compress/s2"
)

// Mails are kept packed when that saves a quarter or more; the first byte says
// which. Attachments are base64 of packed data, which is not worth the time.
const (
	plain  = 0
	packed = 1
)

// worth is how large a mail may be for packing to be tried: beyond, it is
// nearly all attachments.
const worth = 64 << 10

// Pack gives the bytes of a mail as AddMail keeps them. It needs no
// transaction, so that it can be done before one begins.
func Pack(raw []byte) []byte {
	if len(raw) > 512 && len(raw) <= worth {
		b := make([]byte, 1+s2.MaxEncodedLen(len(raw)))
		b[0] = packed
		if n := len(s2.Encode(b[1:], raw)); n < len(raw)*3/4 {
			return append([]byte(nil), b[:1+n]...)
		}
	}
	return append([]byte{plain}, raw...)
}

func unpack(b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	switch b[0] {
	case plain:
		return b[1:], nil
	case packed:
		raw, err := s2.Decode(nil, b[1:])
		if err != nil {
			return nil, fmt.Errorf("unpack mail: %w", err)
		}
		return raw, nil
	}
	return nil, fmt.Errorf("unpack mail: unknown form %d", b[0])
}
