package main

import (
	"context"
	"crypto/rand"
	"encoding/pem"
	"os"
	"path/filepath"
	"sync"
	"time"

	"dottedline/paper"
	"dottedline/seal"
)

// sealedFiles are what testdata/script/verify.txtar works on.
var sealedFiles = sync.OnceValues(func() (map[string][]byte, error) {
	now := time.Now()
	root, err := seal.NewRoot(rand.Reader, now, "Example Ltd", seal.P256)
	if err != nil {
		return nil, err
	}
	key, err := seal.NewSeal(rand.Reader, now, root, "Example Ltd", "", seal.P256)
	if err != nil {
		return nil, err
	}
	doc, err := paper.Templates()[0].Merge(paper.Example())
	if err != nil {
		return nil, err
	}
	p, err := paper.Make(doc, nil, paper.Options{Created: now})
	if err != nil {
		return nil, err
	}
	sealed, err := seal.Seal(context.Background(), nil, now, seal.Final{Presented: p.PDF, Signer: "Example Ltd"}, key, nil)
	if err != nil {
		return nil, err
	}
	changed := append([]byte(nil), sealed...)
	changed[len(changed)/3]++
	return map[string][]byte{"sealed.pdf": sealed, "changed.pdf": changed, "longer.pdf": append(sealed[:len(sealed):len(sealed)], "\n% more"...), "bare.pdf": p.PDF,
		"root.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Cert.Raw})}, nil
})

func writeSealed(dir string) error {
	files, err := sealedFiles()
	if err != nil {
		return err
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}
