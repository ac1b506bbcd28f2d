package mail

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
)

// MaxMessage is the most bytes that Mbox keeps of one message.
const MaxMessage = 64 << 20

// ErrTooLong comes with the first MaxMessage bytes of a message of an mbox
// that is longer.
var ErrTooLong = errors.New("mail: message is too long, cut")

// Mbox yields the messages of an mbox file one after the other: mboxo and
// mboxrd (">From " is given back its first letter), with LF or CRLF. A
// Content-Length field is believed where a From_ line or the end follows. An
// error of one message does not end it; an error of r does. Each message is a
// slice of its own.
func Mbox(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		m := &mboxReader{r: bufio.NewReaderSize(r, 256<<10)}
		for {
			b, err := m.next()
			if len(b) > 0 || errors.Is(err, ErrTooLong) {
				if !yield(b, keep(err, ErrTooLong)) {
					return
				}
			}
			if err != nil && !errors.Is(err, ErrTooLong) {
				if err != io.EOF {
					yield(nil, err)
				}
				return
			}
		}
	}
}

func keep(err, only error) error {
	if errors.Is(err, only) {
		return err
	}
	return nil
}

type mboxReader struct {
	r       *bufio.Reader
	started bool
}

// next reads up to the next From_ line.
func (m *mboxReader) next() ([]byte, error) {
	var b []byte
	var long error
	inHeader, blank, length := true, true, -1
	for {
		line, err := m.line()
		if len(line) > 0 {
			if blank && fromLine(line) {
				if m.started {
					return b, long
				}
				m.started = true
				continue
			}
			m.started = true
			empty := len(bytes.TrimRight(line, "\r\n")) == 0
			switch {
			case inHeader && empty && len(b) > 0:
				inHeader = false
				b = append(b, line...)
				if length > 0 && m.exact(length) {
					body := make([]byte, length)
					if _, err := io.ReadFull(m.r, body); err != nil {
						return append(b, body...), err
					}
					b = append(b, body...)
					blank = true
					continue
				}
			case len(b)+len(line) > MaxMessage:
				long = ErrTooLong
			case inHeader && len(line) > 15 && strings.EqualFold(string(line[:15]), "content-length:"):
				length, _ = strconv.Atoi(strings.TrimSpace(string(line[15:])))
				b = append(b, line...)
			default:
				b = append(b, unescapeFrom(line)...)
			}
			blank = empty
		}
		if err != nil {
			return b, err
		}
	}
}

// line reads one line; a very long one comes in pieces.
func (m *mboxReader) line() ([]byte, error) {
	line, err := m.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		err = nil
	}
	return line, err
}

// exact says whether a Content-Length within the buffer leads to a From_ line
// or the end.
func (m *mboxReader) exact(n int) bool {
	b, err := m.r.Peek(min(n+64, m.r.Size()))
	if len(b) < n {
		return false
	}
	rest := bytes.TrimLeft(b[n:], "\r\n")
	if len(rest) == 0 {
		return err == io.EOF
	}
	// without a line end before it the length is wrong, as after a CRLF conversion
	return len(rest) >= 5 && bytes.HasPrefix(rest, []byte("From ")) && (b[n-1] == '\n' || b[n] == '\n' || b[n] == '\r')
}

// fromLine knows "From sender date" from a sentence that begins with From: it
// ends with a year or has a time in it.
func fromLine(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("From ")) || len(line) > 1000 {
		return false
	}
	f := bytes.Fields(line[5:])
	if len(f) < 2 {
		return len(f) == 1 && bytes.ContainsAny(f[0], "@-") // some write no date
	}
	for _, w := range f[1:] {
		if i := bytes.IndexByte(w, ':'); i > 0 && i < 3 && w[0] >= '0' && w[0] <= '9' {
			return true
		}
	}
	return false
}

// unescapeFrom takes one ">" from ">From ", ">>From " (mboxrd).
func unescapeFrom(line []byte) []byte {
	if line[0] == '>' && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
		return line[1:]
	}
	return line
}
