package store

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"time"
)

// conn is one SQLite connection and its prepared statements: preparing anew
// costs as much as running.
type conn struct {
	*sql.Conn
	stmts map[string]*sql.Stmt
}

func (c *conn) prepare(ctx context.Context, q string) (*sql.Stmt, error) {
	st, ok := c.stmts[q]
	if !ok {
		var err error
		if st, err = c.PrepareContext(context.WithoutCancel(ctx), q); err != nil {
			return nil, err
		}
		c.stmts[q] = st
	}
	return st, nil
}

func (c *conn) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	st, err := c.prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

func (c *conn) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	st, err := c.prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

// Close ends the statements first: SQLite keeps a connection open that has some.
func (c *conn) Close() error {
	for _, st := range c.stmts {
		st.Close()
	}
	return c.Conn.Close()
}

// in runs f between begin and COMMIT.
func (c *conn) in(begin string, f func() error) error {
	ctx := context.Background()
	if _, err := c.ExecContext(ctx, begin); err != nil {
		return err
	}
	err := f()
	if err == nil {
		if _, err = c.ExecContext(ctx, "COMMIT"); err == nil {
			return nil
		}
	}
	c.ExecContext(ctx, "ROLLBACK")
	return err
}

const readers = 8

// resting are the connections that nobody reads on. The one used last is taken
// first: its statements are prepared and its pages in memory.
type resting struct {
	ready chan struct{} // one for each of them
	mu    sync.Mutex
	conns []*conn
}

func (r *resting) take(ctx context.Context) (*conn, error) {
	select {
	case <-r.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	last := len(r.conns) - 1
	c := r.conns[last]
	r.conns = r.conns[:last]
	return c, nil
}

func (r *resting) put(c *conn) {
	r.mu.Lock()
	r.conns = append(r.conns, c)
	r.mu.Unlock()
	r.ready <- struct{}{}
}

// close closes all of them, but for who still reads after five seconds: SQLite
// copies its log to the file, and removes it, when the last connection closes.
func (r *resting) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for range readers {
		c, err := r.take(ctx)
		if err != nil {
			return
		}
		c.Close()
	}
}

// inURI writes the characters of a path that mean something else in a URI.
var inURI = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

func (d *DB) openSQLite(ctx context.Context, file string) error {
	pool, err := sql.Open("sqlite", "file:"+inURI.Replace(file)+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-16000)&_pragma=wal_autocheckpoint(32000)")
	if err != nil {
		return err
	}
	d.pool = pool
	if err := migrate(ctx, pool, false); err != nil {
		return err
	}
	d.rd, d.queue = &resting{ready: make(chan struct{}, readers)}, make(chan *unit, 256)
	for i := range readers + 1 {
		c, err := pool.Conn(ctx)
		if err != nil {
			return err
		}
		cn := &conn{c, map[string]*sql.Stmt{}}
		if i == 0 {
			if err := tuneFind(ctx, cn); err != nil {
				return err
			}
			go d.write(cn)
			continue
		}
		if _, err := c.ExecContext(ctx, "PRAGMA query_only = 1"); err != nil {
			return err
		}
		d.rd.put(cn)
	}
	return d.startCheckpoints(ctx)
}

// startCheckpoints lets what was written be copied from the log to the file once
// a second, beside the writer. Only a log of 128 MB is copied by the write that
// finds it.
func (d *DB) startCheckpoints(ctx context.Context) error {
	c, err := d.pool.Conn(ctx)
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	d.background.Go(func() {
		defer c.Close()
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				return
			case <-tick.C:
			}
			if d.wrote.Swap(false) {
				// what can't be copied now is copied the next time
				c.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)")
			}
		}
	})
	d.endCheckpoints = func() { close(ended); d.background.Wait() }
	return nil
}

// tuneFind lets the words of a whole batch of mails gather in memory before they
// are written, and their segments be merged in larger steps: half the work of
// the index while mail is imported.
func tuneFind(ctx context.Context, c *conn) error {
	for k, v := range map[string]int64{"hashsize": 8 << 20, "automerge": 8} {
		rs, err := rows(ctx, c, func(n *int64) []any { return []any{n} }, `SELECT v FROM find_config WHERE k = $1`, k)
		if err != nil {
			return err
		}
		if len(rs) == 1 && rs[0] == v {
			continue
		}
		if _, err := c.ExecContext(ctx, `INSERT INTO find (find, rank) VALUES ($1, $2)`, k, v); err != nil {
			return err
		}
	}
	return nil
}

// unit is one write that waits for the writer; f nil ends it.
type unit struct {
	ctx  context.Context
	f    func(querier) error
	done chan error
}

// write is the only writer of a SQLite file. The writes that wait share one
// transaction and one fsync, each in its savepoint.
func (d *DB) write(c *conn) {
	for u := range d.queue {
		if u.f == nil {
			c.Close()
			u.done <- nil
			return
		}
		us, end := []*unit{u}, (*unit)(nil)
		for end == nil && len(us) < cap(d.queue) {
			select {
			case u := <-d.queue:
				if u.f == nil {
					end = u
				} else {
					us = append(us, u)
				}
				continue
			default:
			}
			break
		}
		together(c, us)
		d.wrote.Store(true)
		if end != nil {
			c.Close()
			end.done <- nil
			return
		}
	}
}

func together(c *conn, us []*unit) {
	errs := make([]error, len(us))
	err := c.in("BEGIN IMMEDIATE", func() error {
		if len(us) == 1 { // what it writes is given up with the transaction
			if err := us[0].ctx.Err(); err != nil {
				return err
			}
			return us[0].f(c)
		}
		for i, u := range us {
			var err error
			if errs[i], err = alone(c, u); err != nil {
				return err
			}
		}
		return nil
	})
	for i, u := range us {
		if errs[i] == nil {
			errs[i] = err
		}
		u.done <- errs[i]
	}
}

// alone runs one write in its savepoint; the second error is the transaction's.
func alone(c *conn, u *unit) (own, all error) {
	if err := u.ctx.Err(); err != nil {
		return err, nil
	}
	ctx := context.Background()
	if _, all = c.ExecContext(ctx, "SAVEPOINT u"); all != nil {
		return nil, all
	}
	if own = u.f(c); own != nil {
		if _, all = c.ExecContext(ctx, "ROLLBACK TO u"); all != nil {
			return own, all
		}
	}
	_, all = c.ExecContext(ctx, "RELEASE u")
	return own, all
}
