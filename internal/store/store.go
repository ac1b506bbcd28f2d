// Package store keeps all facts in one SQL text on two engines: SQLite inside
// the program, PostgreSQL when one machine is not enough. It is the only
// package that knows SQL; every transaction belongs to one workspace.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the PostgreSQL driver
	_ "modernc.org/sqlite"             // the SQLite driver

	"dottedline"
)

// DB is one database. Announce, when set, is told of every workspace in which
// a Write has committed a change, after the commit.
type DB struct {
	Announce func(dottedline.WorkspaceID)
	Now      func() time.Time

	pool   *sql.DB    // PostgreSQL, or the connections below
	rd     *resting   // SQLite: readers
	queue  chan *unit // SQLite: writes that wait for the only writer; nil on PostgreSQL
	lastID atomic.Uint32
	models sync.Map // WorkspaceID → solved

	wrote          atomic.Bool // SQLite: since the last checkpoint
	background     sync.WaitGroup
	endCheckpoints func()
}

// querier is what a transaction runs its statements on.
type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}

// Tx is one transaction in one workspace, for the time of a View or a Write.
// Now stands still in it.
type Tx struct {
	Now time.Time

	ctx     context.Context
	q       querier
	ws      dottedline.WorkspaceID
	db      *DB
	changed bool
	index   map[int64]found // by ID
}

// Open opens a database, a file name or a postgres:// URL (which may name
// several hosts), and brings its tables up to date.
func Open(ctx context.Context, url string) (*DB, error) {
	d := &DB{Now: time.Now}
	d.lastID.Store(rand.Uint32())
	var err error
	if IsPostgres(url) {
		if d.pool, err = sql.Open("pgx", url); err == nil {
			d.pool.SetMaxOpenConns(16)
			d.pool.SetMaxIdleConns(8)
			err = migrate(ctx, d.pool, true)
		}
	} else {
		err = d.openSQLite(ctx, url)
	}
	if err != nil {
		if d.pool != nil {
			d.pool.Close()
		}
		return nil, fmt.Errorf("open database: %w", err)
	}
	return d, nil
}

// IsPostgres says whether a database is named by a PostgreSQL URL.
func IsPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres:") || strings.HasPrefix(url, "postgresql:")
}

// Shared says whether other processes may write to the database as well.
func (d *DB) Shared() bool { return d.queue == nil }

// Close waits for the writes that have begun, and leaves all of a SQLite
// database in its file. No other call may follow it.
func (d *DB) Close() error {
	if d.queue != nil {
		end := &unit{done: make(chan error, 1)}
		d.queue <- end
		<-end.done
		d.endCheckpoints()
		d.rd.close()
	}
	return d.pool.Close()
}

func (d *DB) tx(ctx context.Context, q querier, ws dottedline.WorkspaceID) *Tx {
	return &Tx{Now: d.Now().UTC().Truncate(time.Microsecond), ctx: ctx, q: q, ws: ws, db: d}
}

// View runs f on one snapshot of a workspace.
func (d *DB) View(ctx context.Context, ws dottedline.WorkspaceID, f func(*Tx) error) error {
	if d.queue == nil {
		_, err := d.once(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}, ws, f)
		return err
	}
	c, err := d.rd.take(ctx)
	if err != nil {
		return err
	}
	defer d.rd.put(c)
	return c.in("BEGIN", func() error { return f(d.tx(context.WithoutCancel(ctx), while{ctx, c}, ws)) })
}

// while runs no statement more once a context has ended. One that has begun is
// done: to be able to interrupt it the driver starts two goroutines each time.
type while struct {
	ctx context.Context
	on  querier
}

func (w while) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	if err := w.ctx.Err(); err != nil {
		return nil, err
	}
	return w.on.QueryContext(ctx, q, args...)
}

func (w while) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	if err := w.ctx.Err(); err != nil {
		return nil, err
	}
	return w.on.ExecContext(ctx, q, args...)
}

// Write runs f in a transaction and returns when it is durable; what f changed
// is announced after that. f may be run more than once, so it must do nothing
// but queries.
func (d *DB) Write(ctx context.Context, ws dottedline.WorkspaceID, f func(*Tx) error) error {
	var tx *Tx
	var err error
	if d.queue != nil {
		u := &unit{ctx: ctx, done: make(chan error, 1)}
		u.f = func(q querier) error {
			// what has begun is done: for a context that may end the driver
			// starts a goroutine at each statement
			tx = d.tx(context.WithoutCancel(ctx), q, ws)
			return tx.run(f)
		}
		select {
		case d.queue <- u:
			err = <-u.done
		case <-ctx.Done():
			return ctx.Err()
		}
	} else {
		for try := 0; ; try++ {
			tx, err = d.once(ctx, nil, ws, f)
			var pe *pgconn.PgError
			if try == 5 || !errors.As(err, &pe) || (pe.Code != "40001" && pe.Code != "40P01") {
				break
			}
			time.Sleep(time.Millisecond << try)
		}
	}
	if err == nil && tx.changed && d.Announce != nil {
		d.Announce(ws)
	}
	return err
}

// run does f, makes findable what it wrote and, last so that the row is held for the shortest time, counts
// the change where other nodes look for it.
func (t *Tx) run(f func(*Tx) error) error {
	if err := f(t); err != nil {
		return err
	}
	if err := t.writeIndex(); err != nil {
		return err
	}
	if !t.changed {
		return nil
	}
	return t.do(`UPDATE workspaces SET seq = seq + 1 WHERE ws = $1`)
}

func (d *DB) once(ctx context.Context, o *sql.TxOptions, ws dottedline.WorkspaceID, f func(*Tx) error) (*Tx, error) {
	tx, err := d.pool.BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	t := d.tx(ctx, tx, ws)
	if o == nil { // one writer a workspace, as SQLite has: rules that read first stay true
		if err := t.do(`SELECT seq FROM workspaces WHERE ws = $1 FOR UPDATE`); err != nil {
			return nil, err
		}
	}
	if err := t.run(f); err != nil {
		return nil, err
	}
	return t, tx.Commit()
}

// Changed says that pages which show the workspace are to be made anew.
func (t *Tx) Changed() { t.changed = true }

// Workspace is the workspace of the transaction.
func (t *Tx) Workspace() dottedline.WorkspaceID { return t.ws }

// NewID makes an ID that no other row of this process has.
func NewID[T any](t *Tx) dottedline.ID[T] {
	return dottedline.NewID[T](t.Now, t.db.lastID.Add(1))
}

// args puts the workspace in front: it is $1 in every statement.
func (t *Tx) args(args []any) []any { return append([]any{int64(t.ws)}, args...) }

// do runs a statement that returns nothing.
func (t *Tx) do(q string, args ...any) error {
	_, err := t.q.ExecContext(t.ctx, q, t.args(args)...)
	return err
}

// count runs a statement and tells how many rows it changed.
func (t *Tx) count(q string, args ...any) (int64, error) {
	res, err := t.q.ExecContext(t.ctx, q, t.args(args)...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// all runs a query and scans each row into the fields that into names.
func all[T any](t *Tx, into func(*T) []any, q string, args ...any) ([]T, error) {
	return rows(t.ctx, t.q, into, q, t.args(args)...)
}

func rows[T any](ctx context.Context, on querier, into func(*T) []any, q string, args ...any) ([]T, error) {
	rs, err := on.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	var out []T
	for rs.Next() {
		var v T
		if err := rs.Scan(into(&v)...); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rs.Err()
}

// one is all for the first row; no row is ok == false.
func one[T any](t *Tx, into func(*T) []any, q string, args ...any) (v T, ok bool, err error) {
	vs, err := all(t, into, q, args...)
	if err != nil || len(vs) == 0 {
		return v, false, err
	}
	return vs[0], true, nil
}

// val is one for one column.
func val[T any](t *Tx, q string, args ...any) (T, bool, error) {
	return one(t, func(v *T) []any { return []any{v} }, q, args...)
}

// vals is all for one column.
func vals[T any](t *Tx, q string, args ...any) ([]T, error) {
	return all(t, func(v *T) []any { return []any{v} }, q, args...)
}

// in gives the places of values in a statement, from $first on, and the values
// as its arguments. It fills them up with zeros, so that there are few such
// statements to be prepared.
func in[T any](vs []T, first int) (places string, args []any) {
	n := 1
	for n < len(vs) {
		n *= 2
	}
	var zero T
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
		if i < len(vs) {
			args = append(args, vs[i])
		} else {
			args = append(args, zero)
		}
	}
	return b.String(), args
}

// Times are stored as microseconds since 1970 in UTC, 0 for none.

func us(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// timeScan scans a stored time.
type timeScan struct{ *time.Time }

func (s timeScan) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("scan time: %T", v)
	}
	*s.Time = time.Time{}
	if n != 0 {
		*s.Time = time.UnixMicro(n).UTC()
	}
	return nil
}

// Truth is stored as 0 or 1 in a BIGINT.

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

type boolScan struct{ *bool }

func (s boolScan) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("scan truth: %T", v)
	}
	*s.bool = n != 0
	return nil
}
