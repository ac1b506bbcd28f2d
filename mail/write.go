package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"strings"

	"github.com/emersion/go-message"
)

// node is a part to be written.
type node struct {
	typ                   string
	params                map[string]string
	encoding              string
	disposition, id, name string
	data                  []byte
	children              []*node
}

func leaf(typ string, params map[string]string, encoding string, data []byte) *node {
	return &node{typ: typ, params: params, encoding: encoding, data: data}
}

func fileNodes(files []File) []*node {
	var out []*node
	for _, f := range files {
		n := &node{typ: f.Type, encoding: "base64", data: f.Data, disposition: "attachment", name: fileName(f.Name)}
		if t, _, err := mime.ParseMediaType(f.Type); err != nil || !strings.Contains(t, "/") || strings.HasPrefix(t, "multipart/") || strings.HasPrefix(t, "message/") {
			n.typ = "application/octet-stream"
		}
		if f.ContentID != "" {
			n.disposition, n.id = "inline", strings.Map(dropBlank, f.ContentID)
		}
		out = append(out, n)
	}
	return out
}

// boundaries names the multiparts: no encoded body can hold "=_".
func (n *node) boundaries(seed string, count *int) {
	if len(n.children) == 0 {
		return
	}
	*count++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", seed, *count))
	n.params = map[string]string{"boundary": "=_" + hex.EncodeToString(sum[:12])}
	for _, c := range n.children {
		c.boundaries(seed, count)
	}
}

func (n *node) header(h *message.Header) {
	if n.disposition != "" {
		p := map[string]string{}
		if n.name != "" {
			p["filename"] = n.name
		}
		h.Set("Content-Disposition", mime.FormatMediaType(n.disposition, p))
	}
	if n.id != "" {
		h.Set("Content-ID", "<"+n.id+">")
	}
	if n.encoding != "" {
		h.Set("Content-Transfer-Encoding", n.encoding)
	}
	typ, params, err := mime.ParseMediaType(n.typ)
	if err != nil {
		typ = n.typ
	}
	for k, v := range n.params {
		if params == nil {
			params = map[string]string{}
		}
		params[k] = v
	}
	h.Set("Content-Type", mime.FormatMediaType(typ, params))
}

func (n *node) write(w *message.Writer) error {
	if len(n.children) == 0 {
		_, err := w.Write(n.data)
		return err
	}
	for _, c := range n.children {
		var h message.Header
		c.header(&h)
		pw, err := w.CreatePart(h)
		if err != nil {
			return err
		}
		if err := c.write(pw); err != nil {
			return err
		}
		if err := pw.Close(); err != nil {
			return err
		}
	}
	return nil
}
