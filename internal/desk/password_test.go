package desk

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPasswordWork holds what hashing costs where nobody asks for less: the
// second recommendation of RFC 9106, section 4.
func TestPasswordWork(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(Argon2{Passes: 3, KiB: 64 * 1024, Lanes: 4}, New(nil, Vault{}).Argon2); diff != "" {
		t.Error(diff)
	}
}

func TestPassword(t *testing.T) {
	t.Parallel()
	cheap := Argon2{Passes: 1, KiB: 8, Lanes: 1}
	made, err := cheap.hash("a long enough one")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, hash, password string
		want                 bool
	}{
		{"made now", made, "a long enough one", true},
		{"another password", made, "a long enough two", false},
		{"made at half the memory, as it was once", "$argon2id$v=19$m=32768,t=3,p=2$c2l4dGVlbiBvZiBzYWx0IQ$R2b0ieh0NcpiXLdZIwmUWOpyUd/3n0Hl5kV3myIDMQQ", "a long enough one", true},
		{"the decoy", cheap.decoy(), "", false},
		{"cut off", made[:len(made)-44], "a long enough one", false},
		{"none", "", "", false},
	} {
		if got := checkPassword(c.hash, c.password); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if _, err := cheap.hash("ninechars"); err == nil {
		t.Error("nine letters are enough")
	}
}
