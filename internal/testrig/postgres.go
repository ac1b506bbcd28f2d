package testrig

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver named pgx
)

// PostgresEnv names a running cluster for all test processes to share; when
// it is empty each process starts its own.
const PostgresEnv = "DOTTEDLINE_TEST_POSTGRES"

// Postgres makes a fresh, empty database and returns its URL; the database is
// dropped when the test ends. The cluster behind it does not fsync.
func Postgres(t testing.TB) string { return PostgresLike(t, "template1") }

// PostgresLike makes a fresh database as a copy of another, which nobody may be
// connected to, otherwise as Postgres does.
func PostgresLike(t testing.TB, template string) string {
	t.Helper()
	u, drop, err := NewPostgres(template)
	if err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	t.Cleanup(drop)
	return u
}

// NewPostgres is PostgresLike for what outlives a test.
func NewPostgres(template string) (u string, drop func(), err error) {
	base := os.Getenv(PostgresEnv)
	if base == "" {
		c, err := sharedCluster()
		if err != nil {
			return "", nil, fmt.Errorf("start PostgreSQL: %w", err)
		}
		base = c.URL
	}
	return newDatabase(base, template)
}

// PostgresDurable starts a cluster for this test alone that fsyncs, so that it
// can be killed and started again.
func PostgresDurable(t testing.TB) *Cluster {
	t.Helper()
	c, err := StartPostgres(true)
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	t.Cleanup(c.Stop)
	return c
}

var sharedCluster = sync.OnceValues(func() (*Cluster, error) { return StartPostgres(false) })

// Cluster is a running PostgreSQL that listens on a Unix socket only.
type Cluster struct {
	URL  string // of its database "postgres", as the superuser
	dir  string
	args []string
	srv  *server
}

// StartPostgres makes and starts a cluster; durable turns fsync on.
func StartPostgres(durable bool) (*Cluster, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	dir, err := newDir()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	initdb, _, err := command(dir, filepath.Join(bin, "initdb"), "-D", data, "-U", "dottedline", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if err != nil {
		return nil, err
	}
	if out, err := initdb.CombinedOutput(); err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	set := []string{"listen_addresses=", "unix_socket_directories=" + dir, "max_connections=400", "shared_buffers=64MB", "timezone=UTC", "autovacuum_naptime=60"}
	if !durable {
		set = append(set, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := []string{"-D", data}
	for _, s := range set {
		args = append(args, "-c", s)
	}
	c := &Cluster{dir: dir, args: append([]string{filepath.Join(bin, "postgres")}, args...)}
	c.URL = "postgres://dottedline@/postgres?" + url.Values{"host": {dir}, "sslmode": {"disable"}}.Encode()
	if err := c.Start(); err != nil {
		c.Stop()
		return nil, err
	}
	return c, nil
}

// Start starts the server and waits until it answers; it is started already
// unless Kill was called.
func (c *Cluster) Start() error {
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		err := c.start()
		// the processes of a server that was killed end when they see it
		if err == nil || !strings.Contains(err.Error(), "pre-existing shared memory block") || time.Now().After(deadline) {
			return err
		}
	}
}

func (c *Cluster) start() (err error) {
	if c.srv, err = start(c.dir, c.args[0], c.args[1:]...); err != nil {
		return err
	}
	return c.srv.ready(func() error {
		db, err := sql.Open("pgx", c.URL)
		if err != nil {
			return err
		}
		defer db.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return db.PingContext(ctx)
	})
}

// Kill ends every process of the server at once, as a power cut would.
func (c *Cluster) Kill() {
	if c.srv != nil {
		c.srv.stop()
		c.srv = nil
	}
}

// Stop ends the server and removes its folder.
func (c *Cluster) Stop() {
	c.Kill()
	os.RemoveAll(c.dir)
}

// postgresBin is the folder of the newest installed server's programs, which
// Debian keeps out of PATH.
func postgresBin() (string, error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	newest, major := "", 0
	for _, d := range dirs {
		var n int
		fmt.Sscanf(filepath.Base(filepath.Dir(d)), "%d", &n)
		if n > major && isExecutable(filepath.Join(d, "initdb")) && isExecutable(filepath.Join(d, "postgres")) {
			newest, major = d, n
		}
	}
	if newest != "" {
		return newest, nil
	}
	p, err := program("postgres")
	return filepath.Dir(p), err
}

func newDatabase(base, template string) (string, func(), error) {
	db, err := sql.Open("pgx", base)
	if err != nil {
		return "", nil, err
	}
	name := "t_" + strings.ToLower(rand.Text())
	if _, err := db.Exec("CREATE DATABASE " + name + " TEMPLATE " + template); err != nil {
		db.Close()
		return "", nil, err
	}
	u, err := url.Parse(base)
	if err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() {
		db.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		db.Close()
	}, nil
}
