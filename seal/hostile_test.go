package seal

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// wrapPDF puts numbered objects into a file with a right table.
func wrapPDF(trailer string, objs ...string) []byte {
	o := bytes.NewBufferString("%PDF-1.7\n")
	var offs []int
	for i, s := range objs {
		offs = append(offs, o.Len())
		fmt.Fprintf(o, "%d 0 obj\n%s\nendobj\n", i+1, s)
	}
	start := o.Len()
	fmt.Fprintf(o, "xref\n0 %d\n0000000000 65535 f \n", len(offs)+1)
	for _, off := range offs {
		fmt.Fprintf(o, "%010d 00000 n \n", off)
	}
	fmt.Fprintf(o, "trailer\n<</Size %d/Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n", len(offs)+1, trailer, start)
	return o.Bytes()
}

func zeros(n int) string {
	var z bytes.Buffer
	w := must(zlib.NewWriterLevel(&z, zlib.BestSpeed))
	block := make([]byte, 1<<20)
	for ; n > 0; n -= len(block) {
		w.Write(block)
	}
	w.Close()
	return z.String()
}

// xrefStreamPDF is a file whose only cross-reference is this stream.
func xrefStreamPDF(d, data string) []byte {
	s := fmt.Sprintf("1 0 obj\n<</Type/XRef%s/Length %d>>\nstream\n%s\nendstream\nendobj\n", d, len(data), data)
	return []byte("%PDF-1.7\n" + s + "startxref\n9\n%%EOF\n")
}

const (
	catalogue = "<</Type/Catalog/Pages 2 0 R>>"
	tree      = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
	onePage   = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
)

// hostile is an upload: small ones are seeds of the fuzz targets too, big ones
// are made only when asked for.
type hostile struct {
	what  string
	small []byte
	big   func() []byte
}

func (h hostile) bytes() []byte {
	if h.big != nil {
		return h.big()
	}
	return h.small
}

func hostileFiles() []hostile {
	return []hostile{
		{"encrypted", wrapPDF("/Encrypt<</Filter/Standard/V 5>>", catalogue, tree, onePage, "<</Length 0>>\nstream\n\nendstream"), nil},
		{"not a PDF", []byte("MZ" + same("x", 1000)), nil},
		{"cut off", wrapPDF("", catalogue, tree)[:60], nil},
		{"2 GB stream", wrapPDF("", catalogue, tree, onePage, "<</Length 2147483648>>\nstream\nx\nendstream"), nil},
		{"8 EB stream", wrapPDF("", catalogue, tree, onePage, "<</Length 9223372036854775807>>\nstream\nx\nendstream"), nil},
		{"negative stream", wrapPDF("", catalogue, tree, onePage, "<</Length -1>>\nstream\nx\nendstream"), nil},
		{"length of itself", wrapPDF("", catalogue, tree, onePage, "<</Length 4 0 R>>\nstream\nx\nendstream"), nil},
		{"page tree loop", wrapPDF("", catalogue, "<</Type/Pages/Kids[2 0 R]/Count 1>>"), nil},
		{"page tree twice", wrapPDF("", catalogue, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>", onePage, "<</Length 0>>\nstream\n\nendstream"), nil},
		{"table of 2^40 entries", []byte("%PDF-1.7\nxref\n0 1099511627776\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"), nil},
		{"xref loop", []byte("%PDF-1.7\nxref\n0 0\ntrailer\n<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n"), nil},
		{"xref stream bomb", nil, func() []byte { return xrefStreamPDF("/Size 9/W[1 4 1]/Filter/FlateDecode", zeros(64<<20)) }},
		{"xref stream, empty rows", xrefStreamPDF("/Size 9223372036854775807/W[0 0 0]/Index[0 9223372036854775807]", ""), nil},
		{"xref stream, huge index", xrefStreamPDF("/Size 9/W[1 1 1]/Index[0 9223372036854775807]", "abc"), nil},
		{"deep arrays", nil, func() []byte { return wrapPDF("", catalogue, tree, same("[", 5_000_000)) }},
		{"deep dictionaries", nil, func() []byte { return wrapPDF("", catalogue, tree, same("<</A", 3_000_000)) }},
		{"a dictionary of millions of entries", nil, func() []byte {
			return wrapPDF("", catalogue, tree, "<<"+many(1_000_000, func(i int) string {
				return fmt.Sprintf("/K%d 1", i)
			})+">>")
		}},
		{"an array of millions of dictionaries", nil, func() []byte {
			return wrapPDF("", "<</Type/Catalog/Pages 2 0 R/OutputIntents 4 0 R>>", tree, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", "["+same("<<>>", 8_000_000)+"]")
		}},
		{"strings without end", nil, func() []byte { return wrapPDF("", catalogue, tree, "("+same("(", 20_000_000)) }},
		{"two meanings of a key", wrapPDF("", "<</Type/Catalog/Pages 2 0 R/Pages 3 0 R>>", tree, onePage), nil},
		{"XFA that needs a form program", wrapPDF("", "<</Type/Catalog/Pages 2 0 R/NeedsRendering true/AcroForm<</XFA 4 0 R>>>>", tree, onePage, "<</Length 0>>\nstream\n\nendstream"), nil},
		{"hidden layers", wrapPDF("", "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[4 0 R]/D<</OFF[4 0 R]>>>>>>", tree, onePage, "<</Type/OCG/Name(a)>>"), nil},
		{"data outside", wrapPDF("", catalogue, tree, onePage, "<</Length 0/F(/etc/passwd)>>\nstream\n\nendstream"), nil},
		{"comment of 30 MB", nil, func() []byte { return wrapPDF("", catalogue, tree, "%"+same("x", 30<<20)) }},
		{"too many bytes", nil, func() []byte { return append([]byte("%PDF-1.7\n"), make([]byte, MaxFile)...) }},
		{"lengths in a chain", nil, func() []byte { return wrapPDF("", append([]string{catalogue, tree, onePage}, chain(60_000)...)...) }},
		{"sections in a chain", nil, func() []byte { return sectionChain(200_000) }},
		{"every object in the same place", nil, samePlace},
		{"object stream bomb", nil, packedBomb},
	}
}

func many(n int, f func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i))
	}
	return b.String()
}

func same(s string, n int) string { return strings.Repeat(s, n) }

// samePlace has a table of many entries that all lead to one long run of
// spaces.
func samePlace() []byte {
	o := bytes.NewBufferString("%PDF-1.7\n" + same(" ", 10<<20))
	start := o.Len()
	fmt.Fprintf(o, "xref\n0 300000\n%strailer\n<</Size 300000/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", same("0000000009 00000 n \n", 300_000), start)
	return o.Bytes()
}

// packedBomb has thousands of pages in one object stream that is a bomb.
func packedBomb() []byte {
	bomb := zeros(64 << 20)
	kids := many(5000, func(i int) string { return fmt.Sprintf("%d 0 R ", 10+i) })
	x := []byte("%PDF-1.7\n")
	offs := []int{}
	for i, s := range []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 5000/Kids[" + kids + "]>>",
		fmt.Sprintf("<</Type/ObjStm/N 5000/First 60000/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", len(bomb), bomb)} {
		offs = append(offs, len(x))
		x = fmt.Appendf(x, "%d 0 obj\n%s\nendobj\n", i+1, s)
	}
	var rows []byte
	for _, off := range offs {
		rows = append(rows, 1, byte(off>>24), byte(off>>16), byte(off>>8), byte(off), 0)
	}
	for i := range 5000 {
		rows = append(rows, 2, 0, 0, 0, 3, byte(i))
	}
	at := len(x)
	x = fmt.Appendf(x, "4 0 obj\n<</Type/XRef/W[1 4 1]/Size 6000/Root 1 0 R/Index[1 3 10 5000]/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", len(rows), rows, at)
	return x
}

// chain makes streams whose lengths are each in the next one.
func chain(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("<</Length %d 0 R>>\nstream\nx\nendstream", i+5))
	}
	return append(out, "1")
}

func sectionChain(n int) []byte {
	o := bytes.NewBufferString("%PDF-1.7\n")
	prev := -1
	for range n {
		at := o.Len()
		if prev < 0 {
			o.WriteString("xref\n0 0\ntrailer\n<</Root 1 0 R>>\n")
		} else {
			fmt.Fprintf(o, "xref\n0 0\ntrailer\n<</Root 1 0 R/Prev %d>>\n", prev)
		}
		prev = at
	}
	fmt.Fprintf(o, "startxref\n%d\n%%%%EOF\n", prev)
	return o.Bytes()
}

// TestHostileFilesAreRefused gives each file to a process of its own and
// measures what it took: 2 s and 256 MB are the limits of an upload.
func TestHostileFilesAreRefused(t *testing.T) {
	if file := os.Getenv("SEAL_HOSTILE_FILE"); file != "" {
		hostileChild(file)
		return
	}
	for _, h := range hostileFiles() {
		t.Run(h.what, func(t *testing.T) {
			cmd := exec.Command(os.Args[0], "-test.run=^TestHostileFilesAreRefused$")
			cmd.Env = append(os.Environ(), "SEAL_HOSTILE_FILE="+tempFile(t, "upload.pdf", h.bytes()))
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			var mb int
			fmt.Sscanf(string(out), "%d MB", &mb)
			cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			if mb == 0 || !raced && (cpu > 2*time.Second || mb > 256) {
				t.Errorf("took %v and %d MB", cpu, mb)
			}
			t.Logf("%v, %s", cpu.Round(time.Millisecond), out)
		})
	}
}

func hostileChild(file string) {
	pdf := must(os.ReadFile(file))
	_, err := Rewrite(pdf)
	var fe *FileError
	if !errors.As(err, &fe) {
		fmt.Printf("not refused as a file: %v\n", err)
		os.Exit(3)
	}
	if r := Verify(pdf); r.Valid {
		fmt.Println("valid")
		os.Exit(3)
	}
	// the peak of this process alone; rusage would count the parent's
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	var kb int
	fmt.Sscanf(peak, "%d kB", &kb)
	fmt.Printf("%d MB: %v\n", kb>>10, err)
	os.Exit(0)
}
