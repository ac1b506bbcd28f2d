package store

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"sync"
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

// writers are kept: making one costs more than packing a mail.
var writers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

// Pack gives the bytes of a mail as AddMail keeps them. It needs no
// transaction, so that it can be done before one begins.
func Pack(raw []byte) []byte {
	if len(raw) > 512 && len(raw) <= worth {
		var b bytes.Buffer
		b.Grow(len(raw) / 2)
		b.WriteByte(packed)
		w := writers.Get().(*flate.Writer)
		defer writers.Put(w)
		w.Reset(&b)
		_, err := w.Write(raw)
		if err == nil && w.Close() == nil && b.Len() < len(raw)*3/4 {
			return b.Bytes()
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
		raw, err := io.ReadAll(flate.NewReader(bytes.NewReader(b[1:])))
		if err != nil {
			return nil, fmt.Errorf("unpack mail: %w", err)
		}
		return raw, nil
	}
	return nil, fmt.Errorf("unpack mail: unknown form %d", b[0])
}
