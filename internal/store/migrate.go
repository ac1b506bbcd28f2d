package store

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// toSQLite turns the canonical text, PostgreSQL's, into SQLite's.
var toSQLite = strings.NewReplacer("BIGINT", "INTEGER", "BOOLEAN", "INTEGER", "BYTEA", "BLOB", "DOUBLE PRECISION", "REAL", "\n);", "\n) STRICT;")

// migrate brings the tables up to date, each migration in its transaction. Nodes
// that start together wait for each other on PostgreSQL.
func migrate(ctx context.Context, db *sql.DB, pg bool) error {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if pg {
		dialect = goose.DialectPostgres
		c, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer c.Close()
		if _, err := c.ExecContext(ctx, "SELECT pg_advisory_lock(4242001)"); err != nil {
			return err
		}
		defer c.ExecContext(ctx, "SELECT pg_advisory_unlock(4242001)")
	}
	p, err := goose.NewProvider(dialect, db, dialectFS{sub, pg}, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if v, err := p.GetDBVersion(ctx); err == nil {
		if all := p.ListSources(); len(all) > 0 && v > all[len(all)-1].Version {
			return fmt.Errorf("the data was written by a newer Dottedline (schema %d, this one knows %d): start the newer one", v, all[len(all)-1].Version)
		}
	}
	_, err = p.Up(ctx)
	return err
}

// dialectFS shows one engine its migrations, in its words.
type dialectFS struct {
	fs.FS
	pg bool
}

func (d dialectFS) shows(name string) bool {
	return d.pg && !strings.HasSuffix(name, ".sqlite.sql") || !d.pg && !strings.HasSuffix(name, ".postgres.sql")
}

func (d dialectFS) ReadDir(name string) (out []fs.DirEntry, err error) {
	es, err := fs.ReadDir(d.FS, name)
	for _, e := range es {
		if d.shows(e.Name()) {
			out = append(out, e)
		}
	}
	return out, err
}

func (d dialectFS) Glob(pattern string) (out []string, err error) {
	names, err := fs.Glob(d.FS, pattern)
	for _, n := range names {
		if d.shows(n) {
			out = append(out, n)
		}
	}
	return out, err
}

func (d dialectFS) Open(name string) (fs.File, error) {
	f, err := d.FS.Open(name)
	if err != nil || d.pg || !strings.HasSuffix(name, ".sql") || strings.HasSuffix(name, ".sqlite.sql") {
		return f, err
	}
	b, err := fs.ReadFile(d.FS, name)
	return &file{f, bytes.NewReader([]byte(toSQLite.Replace(string(b))))}, err
}

type file struct {
	fs.File
	r *bytes.Reader
}

func (f *file) Read(p []byte) (int, error) { return f.r.Read(p) }
