// Package sysfonts gives paper the fonts of this machine for the scripts that
// its embedded fonts lack: Arabic, Hebrew, Han, Hangul, Kana, Devanagari, Thai …
package sysfonts

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"

	"dottedline/paper"
)

// New gives the embedded fonts and, for the letters that they lack, those of
// the system. The system is searched when the first such letter is met, and
// what was found is kept in cacheDir; failures are logged, and then the
// embedded fonts are all there is.
func New(cacheDir string, log *slog.Logger) *paper.Fonts {
	s := &system{log: log, files: map[string][]byte{}}
	s.prints = sync.OnceValue(func() []fontscan.Footprint {
		all, err := fontscan.SystemFonts(quiet{log}, cacheDir)
		if err != nil {
			log.Warn("search the system's fonts", "err", err)
		}
		all = slices.DeleteFunc(all, func(p fontscan.Footprint) bool { return p.Aspect.Style == font.StyleItalic || unfit(p.Family) })
		slices.SortFunc(all, func(a, b fontscan.Footprint) int {
			return cmp.Or(strings.Compare(a.Location.File, b.Location.File), cmp.Compare(a.Location.Index, b.Location.Index))
		})
		return all
	})
	return paper.NewFonts(s.find)
}

type system struct {
	log    *slog.Logger
	prints func() []fontscan.Footprint
	mu     sync.Mutex
	files  map[string][]byte
}

// quiet passes what the search says of single broken files to the debug log.
type quiet struct{ log *slog.Logger }

func (q quiet) Printf(format string, a ...any) { q.log.Debug(fmt.Sprintf(format, a...)) }

// unfit is for fonts whose letters are pictures, or of one width.
func unfit(family string) bool {
	return strings.Contains(family, "emoji") || strings.Contains(family, "mono") || strings.Contains(family, "lastresort")
}

func (s *system) find(w paper.Want) (paper.Font, bool) {
	var best *fontscan.Footprint
	top := 0
	prints := s.prints()
	for i := range prints {
		p := &prints[i]
		if !p.Runes.Contains(w.Letter) {
			continue
		}
		if n := fitness(p, w); best == nil || n > top {
			best, top = p, n
		}
	}
	if best == nil {
		return paper.Font{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := best.Location.File
	data, ok := s.files[name]
	if !ok {
		var err error
		if data, err = os.ReadFile(name); err != nil {
			s.log.Warn("read a system font", "file", name, "err", err)
			return paper.Font{}, false
		}
		s.files[name] = data
	}
	base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	return paper.Font{ID: fmt.Sprintf("%s-%d", base, best.Location.Index), Data: data, Index: int(best.Location.Index)}, true
}

// regions of the fonts for Han, by language.
var regions = map[string]string{"ja": "jp", "ko": "kr", "zh-hans": "sc", "zh-cn": "sc", "zh-sg": "sc", "zh": "sc", "zh-hant": "tc", "zh-tw": "tc", "zh-hk": "hk", "zh-mo": "hk"}

// families that go well beside Source Serif and Source Sans come first.
var families = []struct {
	prefix string
	serif  int
	sans   int
}{
	{"notonaskh", 40, 20}, {"notoserif", 40, 20}, {"sourcehanserif", 38, 18}, {"notosans", 30, 40},
	{"sourcehansans", 28, 38}, {"liberationserif", 20, 10}, {"freeserif", 20, 10}, {"dejavuserif", 16, 8}, {"dejavusans", 8, 16},
}

func fitness(p *fontscan.Footprint, w paper.Want) int {
	n := 0
	for _, f := range families {
		if strings.HasPrefix(p.Family, f.prefix) {
			n = f.sans
			if w.Serif {
				n = f.serif
			}
			break
		}
	}
	if region, ok := regions[strings.ToLower(w.Language)]; ok && strings.Contains(p.Family, "cjk") && strings.HasSuffix(p.Family, region) {
		n += 6
	}
	for _, special := range []string{"kufi", "rashi", "looped", "nastaliq", "display", "condensed", "ui"} {
		if strings.Contains(p.Family, special) {
			n -= 5
		}
	}
	weight := font.WeightNormal
	if w.Bold {
		weight = font.WeightBold
	}
	if p.Aspect.Weight == weight {
		n += 8
	}
	return n
}
