// Package storetest opens fresh databases of both engines for tests, so that
// every suite runs on each and ends with a replay of all deals.
package storetest

import (
	"cmp"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"dottedline/internal/store"
	"dottedline/internal/testrig"
)

// Engines are the names of the engines that Each runs on; DOTTEDLINE_ENGINES
// names fewer, for the race detector, which looks at our code and not at theirs.
var Engines = strings.Fields(cmp.Or(os.Getenv("DOTTEDLINE_ENGINES"), "sqlite postgres"))

// URL names a fresh database of an engine.
func URL(t testing.TB, engine string) string {
	t.Helper()
	if engine == "postgres" {
		like, err := blankPostgres()
		if err != nil {
			t.Fatal(err)
		}
		return testrig.PostgresLike(t, like)
	}
	file := filepath.Join(t.TempDir(), "dottedline.db")
	b, err := blank()
	if err == nil {
		err = os.WriteFile(file, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// blank is an SQLite database as its first opening leaves it: to make every
// table anew costs more than most tests.
var blank = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "dottedline")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "blank.db")
	if err := openOnce(file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// blankPostgres names such a database of PostgreSQL; it goes with the server.
var blankPostgres = sync.OnceValues(func() (string, error) {
	u, _, err := testrig.NewPostgres("template1")
	if err != nil {
		return "", err
	}
	at, err := url.Parse(u)
	if err != nil {
		return "", err
	}
	return strings.TrimPrefix(at.Path, "/"), openOnce(u)
})

func openOnce(url string) error {
	db, err := store.Open(context.Background(), url)
	if err != nil {
		return err
	}
	return db.Close()
}

// Open opens a fresh database of an engine, and closes it at the end.
func Open(t testing.TB, engine string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), URL(t, engine))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Each runs a test on a fresh database of each engine.
func Each(t *testing.T, f func(*testing.T, *store.DB)) {
	t.Helper()
	for _, e := range Engines {
		t.Run(e, func(t *testing.T) {
			t.Parallel()
			f(t, Open(t, e))
		})
	}
}
