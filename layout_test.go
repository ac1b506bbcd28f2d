package dottedline

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"os"
)

// allowed names, for every package of ours, the ones it may import. A package
// that is not listed may import nothing of ours.
var allowed = map[string][]string{
	".":                        leaves,
	"internal/store":           {".", "survival"},
	"internal/store/storetest": {".", "internal/store", "internal/testrig"},
	"internal/live":            {"."},
	"internal/config":          {"."},
	"internal/desk":            concat([]string{".", "internal/store"}, leaves),
	"internal/web":             edge("internal/web/html"),
	"internal/web/html":        edge(),
	"internal/api":             edge(),
	"internal/client":          {"."},
	"internal/imapsync":        edge("internal/imapsync/imap", "internal/mailhost"),
	"internal/smtpsend":        edge("internal/mailhost"),
	"internal/guard":           {},
	"internal/mailhost":        {"."},
	"internal/calsync":         edge("internal/guard"),
	"internal/tell":            edge("internal/guard"),
	"internal/drafter":         edge("internal/guard"),
	"internal/jobs":            edge(),
	"internal/oauth":           edge(),
	"internal/sysfonts":        {"paper"},
	"internal/tsa":             {"seal", "internal/guard"},
}

var leaves = []string{"mail", "ical", "transcript", "survival", "paper", "seal"}

// edge is what a package that touches the world may import: the desk, never
// the store, and never another edge.
func edge(own ...string) []string {
	return concat([]string{".", "internal/desk", "internal/live"}, leaves, own)
}

func concat(s ...[]string) []string { return slices.Concat(s...) }

// pure holds for every package outside internal and cmd: no I/O and no clock.
var impure = []string{"net", "net/http", "os", "os/exec", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2"}

func TestLayout(t *testing.T) {
	fset := token.NewFileSet()
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != "." || d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			return err
		}
		checkFile(t, fset, path.Dir(name), name, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFile(t *testing.T, fset *token.FileSet, dir, name string, f *ast.File) {
	isPure := !strings.HasPrefix(dir, "internal/") && !strings.HasPrefix(dir, "cmd/")
	for _, i := range f.Imports {
		p := strings.Trim(i.Path.Value, `"`)
		if isPure && slices.Contains(impure, p) {
			t.Errorf("%s imports %s: outside internal/ and cmd/ nothing touches the world", name, p)
		}
		ours := ""
		if p == "dottedline" {
			ours = "."
		} else if s, ok := strings.CutPrefix(p, "dottedline/"); ok {
			ours = s
		}
		if ours == "" || strings.HasPrefix(dir, "cmd/") || strings.HasPrefix(dir, "internal/testrig") || strings.HasPrefix(dir, "internal/demo") || dir == "internal/bench" {
			continue
		}
		if !slices.Contains(allowed[dir], ours) && !strings.HasPrefix(ours, dir+"/") {
			t.Errorf("%s imports %s: not one of the edges in doc/design.md", name, p)
		}
	}
	if !isPure {
		return
	}
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker"}, s.Sel.Name) {
			t.Errorf("%s: time.%s: rules take now as an argument", fset.Position(s.Pos()), s.Sel.Name)
		}
		return true
	})
}

// TestModules holds that every direct module has its reason in doc/design.md.
func TestModules(t *testing.T) {
	t.Parallel()
	gomod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	design, err := os.ReadFile("doc/design.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(gomod)) {
		f := strings.Fields(line)
		if len(f) < 2 || strings.Contains(line, "// indirect") || !strings.HasPrefix(f[1], "v") {
			continue
		}
		n++
		if !strings.Contains(string(design), "`"+f[0]+"`") {
			t.Errorf("%s has no reason in doc/design.md", f[0])
		}
	}
	if n == 0 {
		t.Error("go.mod names no direct module")
	}
}
