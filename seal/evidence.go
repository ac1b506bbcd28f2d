package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Event is one line of the evidence of an agreement. Every line carries the
// SHA-256 of the line before, so none can be changed, left out or put in
// without all that follow changing too.
type Event struct {
	Seq   int               `json:"seq"` // from 1
	At    string            `json:"at"`  // EventTime
	Type  string            `json:"type"`
	Actor string            `json:"actor"`
	IP    string            `json:"ip"`
	UA    string            `json:"ua"`
	Doc   string            `json:"doc"` // SHA-256 of the presented bytes, hexadecimal
	Data  map[string]string `json:"data"`
	Prev  string            `json:"prev"` // SHA-256 of the line before; empty in the first
}

// EventTime writes a time as evidence keeps it: UTC with milliseconds.
func EventTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// line is the one form in which an event is hashed: fields in order, keys of
// data sorted, no line feed.
func (e Event) line() ([]byte, error) {
	if e.Data == nil {
		e.Data = map[string]string{}
	}
	var b bytes.Buffer
	j := json.NewEncoder(&b)
	j.SetEscapeHTML(false)
	if err := j.Encode(e); err != nil {
		return nil, fmt.Errorf("write evidence: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// AppendEvent makes the line that follows last (nil before the first event),
// without a line feed. It sets Seq and Prev itself.
func AppendEvent(last []byte, e Event) ([]byte, error) {
	e.Seq, e.Prev = 1, ""
	if len(last) > 0 {
		before, err := readEvent(last)
		if err != nil {
			return nil, err
		}
		e.Seq, e.Prev = before.Seq+1, EventHash(last)
	}
	return e.line()
}

// EventHash is the SHA-256 of a line without its line feed, in hexadecimal.
// The hash of the last line stands for the whole chain.
func EventHash(line []byte) string {
	h := sha256.Sum256(bytes.TrimRight(line, "\n"))
	return hex.EncodeToString(h[:])
}

// VerifyEvidence checks a chain line by line and returns its events. head,
// when not empty, is the hash of the last line as kept elsewhere: without it
// lines cut off at the end cannot be noticed.
func VerifyEvidence(jsonl []byte, head string) ([]Event, error) {
	var out []Event
	prev := ""
	for i, line := range bytes.Split(bytes.TrimSuffix(jsonl, []byte("\n")), []byte("\n")) {
		if len(jsonl) == 0 {
			break
		}
		e, err := readEvent(line)
		if err != nil {
			return nil, fmt.Errorf("evidence line %d: %w", i+1, err)
		}
		if e.Seq != i+1 || e.Prev != prev {
			return nil, fmt.Errorf("evidence line %d does not follow the line before: one was changed, left out or put in", i+1)
		}
		prev = EventHash(line)
		out = append(out, e)
	}
	if head != "" && prev != head {
		return nil, fmt.Errorf("the evidence does not end as it was kept: its last line was changed, or lines are missing")
	}
	return out, nil
}

func readEvent(line []byte) (Event, error) {
	var e Event
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return e, fmt.Errorf("not an event: %w", err)
	}
	again, err := e.line()
	if err != nil {
		return e, err
	}
	if !bytes.Equal(again, line) {
		return e, fmt.Errorf("not in the form in which events are written")
	}
	return e, nil
}
