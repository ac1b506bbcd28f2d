// Package assets holds the page's style, script, fonts and icon, embedded, and
// serves them under a path that names their content, so that they may be kept
// forever.
package assets

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

//go:generate go run ./join

//go:embed app.css app.js room.js place.js sw.js icon.svg icon-*.png fonts/*.woff2 pdf/*.mjs
var files embed.FS

type file struct {
	kind  string
	plain []byte
	small func() []byte // brotli's, made when first asked for; nil where it does not pay
}

// Handler answers under Prefix; everything else is not found.
type Handler struct {
	prefix string
	files  map[string]file
}

// New reads the embedded files.
func New() (*Handler, error) {
	h := &Handler{files: map[string]file{}}
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		sum.Write([]byte(name))
		sum.Write(b)
		f := file{kind: kind(name), plain: b}
		if !strings.HasSuffix(name, ".woff2") && !strings.HasSuffix(name, ".png") {
			f.small = sync.OnceValue(func() []byte { return compress(b) })
		}
		h.files[name] = f
		return nil
	})
	h.prefix = "/assets/" + hex.EncodeToString(sum.Sum(nil)[:6]) + "/"
	return h, err
}

// Worker is the service worker's script. It is served above all that it works
// for, so not under Prefix.
func (h *Handler) Worker() []byte { return h.files["sw.js"].plain }

func kind(name string) string {
	if ext := path.Ext(name); ext == ".woff2" {
		return "font/woff2"
	} else if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return "application/octet-stream"
}

func compress(b []byte) []byte {
	var out bytes.Buffer // writing to it never fails
	w := brotli.NewWriterLevel(&out, 9)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

// Prefix is the path that all files are under, such as "/assets/0a1b2c3d4e5f/".
func (h *Handler) Prefix() string { return h.prefix }

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, h.prefix)
	f, found := h.files[name]
	if !ok || !found {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", f.kind)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Add("Vary", "Accept-Encoding")
	body := f.plain
	if f.small != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "br") {
		header.Set("Content-Encoding", "br")
		body = f.small()
	}
	w.Write(body)
}
