package main

import (
	"encoding/asn1"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// othersJudge lets other programs say whether the seal is whole.
func othersJudge(t *testing.T, pdf, root []byte) {
	t.Helper()
	dir := t.TempDir()
	file := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sealed := file("sealed.pdf", pdf)
	m := regexp.MustCompile(`/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]`).FindSubmatch(pdf)
	if m == nil {
		t.Fatal("the PDF has no byte range")
	}
	a, _ := strconv.Atoi(string(m[1]))
	b, _ := strconv.Atoi(string(m[2]))
	n, _ := strconv.Atoi(string(m[3]))
	value, err := hex.DecodeString(strings.Trim(string(pdf[a:b]), "<>"))
	if err != nil {
		t.Fatal(err)
	}
	var cms asn1.RawValue
	if _, err := asn1.Unmarshal(value, &cms); err != nil {
		t.Fatal(err)
	}
	signed := slices.Concat(pdf[:a], pdf[b:b+n])
	for _, x := range []struct{ want, command string }{
		{"Total document signed", "pdfsig -nocert " + sealed},
		{"No syntax or stream encoding errors found", "qpdf --check " + sealed},
		{"successful", "openssl cms -verify -cades -binary -inform DER -purpose any -in " + file("sig.der", cms.FullBytes) + " -content " + file("signed.bin", signed) +
			" -CAfile " + file("root.pem", root) + " -out " + os.DevNull},
	} {
		args := strings.Fields(x.command)
		out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), x.want) {
			t.Errorf("%s: %v\n%s", args[0], err, out)
		}
	}
}
