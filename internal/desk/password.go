package desk

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"dottedline"
)

// Argon2 is what hashing a password with argon2id costs: passes over so many
// KiB of memory in so many lanes.
type Argon2 struct {
	Passes, KiB uint32
	Lanes       uint8
}

// rfc9106 is the second recommendation of RFC 9106, section 4: for where 2 GiB
// are too much.
var rfc9106 = Argon2{Passes: 3, KiB: 64 << 10, Lanes: 4}

// hashing lets two hashes be made at a time: many that sign in at once wait
// instead of taking all memory.
var hashing = make(chan struct{}, 2)

func (c Argon2) key(password string, salt []byte, length int) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, c.Passes, c.KiB, c.Lanes, uint32(length))
}

// encode gives the hash as it is kept, in the PHC string format.
func (c Argon2) encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.KiB, c.Passes, c.Lanes, b64(salt), b64(key))
}

// decoy is a hash that no password has, as dear to check as one that is kept.
func (c Argon2) decoy() string { return c.encode(make([]byte, 16), make([]byte, 32)) }

func (c Argon2) hash(password string) (string, error) {
	if len([]rune(password)) < 10 {
		return "", dottedline.Wrong("A sentence is easy to remember.", "A password has ten letters or more.")
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	return c.encode(salt, c.key(password, salt, 32)), nil
}

func checkPassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 {
		return false
	}
	var c Argon2
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.KiB, &c.Passes, &c.Lanes); err != nil {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(key) == 0 {
		return false
	}
	return subtle.ConstantTimeCompare(key, c.key(password, salt, len(key))) == 1
}
