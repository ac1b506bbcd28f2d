package seal

import "fmt"

// Limits that hold for one call of Rewrite, Seal or Verify together, however
// many readers it opens. They keep a hostile file under 2 s and 256 MB.
const (
	// MaxFile is the largest PDF in bytes that is read.
	MaxFile = 40 << 20

	maxDepth    = 64        // nested arrays and dictionaries
	maxEntries  = 20_000    // entries of one dictionary
	maxSections = 512       // cross-reference sections of one file
	maxPages    = 5_000     // pages of one file
	maxObject   = 8_388_607 // highest object number, ISO 32000-1 Annex C
	maxMemory   = 64 << 20  // bytes that parsed objects may take
	maxExpanded = 32 << 20  // bytes that decompressing may make
	maxWork     = 160 << 20 // bytes read over, compared or copied
)

// FileError is about the file itself: its text can be shown to the person who
// gave the file.
type FileError struct{ Text string }

func (e *FileError) Error() string { return e.Text }

func fileErr(format string, args ...any) error {
	return &FileError{fmt.Sprintf(format, args...)}
}

var errTooMuch = &FileError{"the PDF is too large or too complicated to be read safely"}

// budget counts down what a call may still use.
type budget struct{ memory, expanded, work int64 }

func newBudget() *budget {
	return &budget{memory: maxMemory, expanded: maxExpanded, work: maxWork}
}

func (b *budget) alloc(n int) error  { return take(&b.memory, n) }
func (b *budget) expand(n int) error { return take(&b.expanded, n) }
func (b *budget) step(n int) error   { return take(&b.work, n) }

func (b *budget) spent() bool { return b.memory < 0 || b.expanded < 0 || b.work < 0 }

func take(left *int64, n int) error {
	*left -= int64(n)
	if *left < 0 {
		return errTooMuch
	}
	return nil
}
