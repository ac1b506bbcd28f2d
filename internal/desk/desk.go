// Package desk has one method for each thing that a member, a visitor or a
// mailbox can do. Who acts is an argument, and every method checks at its door
// whether that one may.
package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"dottedline"
	"dottedline/internal/store"
	"dottedline/paper"
	"dottedline/seal"
)

// Desk does all acts on one database.
type Desk struct {
	UndoFor time.Duration // how long a send can be taken back
	URL     string        // where people reach the pages, without a slash at its end
	Fonts   *paper.Fonts  // of agreements; nil are the embedded ones
	KeyKind seal.KeyKind  // of the keys that are made here; "" is RSA
	Stamps  Authority     // asks time-stamp authorities; the zero one can't
	Argon2  Argon2        // what hashing a password costs

	// FollowAfter is how long a meeting of ours must stay as a member has put it
	// in a calendar program before its guests are told.
	FollowAfter time.Duration

	// AskModel posts a prompt to a language model and gives what it wrote; its
	// Problems are shown. Nil can't.
	AskModel func(context.Context, ModelCall) (string, error)

	db    *store.DB
	vault Vault
	shelf shelf // parsed calendars

	viewed atomic.Int64 // when a member read something last, in microseconds

	mu       sync.Mutex
	woken    []chan struct{}
	sums     map[dottedline.WorkspaceID]sums
	insights map[dottedline.Actor]keptInsights
}

// Authority reaches time-stamp authorities (RFC 3161) and fetches revocation lists.
type Authority struct {
	Stamp func(ctx context.Context, url string, digest []byte) (token []byte, err error)
	Fetch func(ctx context.Context, url string) ([]byte, error)
}

// New makes the desk of a database; the vault seals the secrets of mailboxes.
func New(db *store.DB, v Vault) *Desk {
	return &Desk{UndoFor: dottedline.UndoFor, FollowAfter: followAfter, Argon2: rfc9106, db: db, vault: v, sums: map[dottedline.WorkspaceID]sums{}, insights: map[dottedline.Actor]keptInsights{}}
}

// Woken gives a channel of the caller's own, for good, that gets a value when
// there is new work: a mail to send, a timer that moved, a mailbox that changed.
func (d *Desk) Woken() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := make(chan struct{}, 1)
	d.woken = append(d.woken, c)
	return c
}

func (d *Desk) wakeUp() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.woken {
		poke(c)
	}
}

// Now is the clock of the desk.
func (d *Desk) Now() time.Time { return d.db.Now().UTC() }

// Seqs are the numbers of changes by workspace, for live.Hub.Follow.
func (d *Desk) Seqs(ctx context.Context) (map[dottedline.WorkspaceID]int64, error) {
	return d.db.Seqs(ctx)
}

// Shared says whether other nodes write to the same database.
func (d *Desk) Shared() bool { return d.db.Shared() }

// Workspaces are all workspaces of the database, for the edges that serve them.
func (d *Desk) Workspaces(ctx context.Context) ([]dottedline.WorkspaceID, error) {
	return d.db.Workspaces(ctx)
}

// member lets members of the workspace in.
func member(a dottedline.Actor) error {
	if a.Workspace == 0 || a.Member == 0 || a.Role == "" {
		return &dottedline.Problem{Kind: dottedline.SignIn, Text: "Please sign in."}
	}
	return nil
}

// owner lets owners of the workspace in.
func owner(a dottedline.Actor) error {
	if err := member(a); err != nil {
		return err
	}
	if a.Role != dottedline.Owner {
		return &dottedline.Problem{Kind: dottedline.Forbidden, Text: "Only an owner of the workspace can do this.", Hint: "Ask one of them."}
	}
	return nil
}

// view reads for a member.
func (d *Desk) view(ctx context.Context, a dottedline.Actor, f func(*store.Tx) error) error {
	if err := member(a); err != nil {
		return err
	}
	defer func() { d.viewed.Store(time.Now().UnixMicro()) }()
	return d.db.View(ctx, a.Workspace, f)
}

// write writes for a member.
func (d *Desk) write(ctx context.Context, a dottedline.Actor, f func(*store.Tx) error) error {
	if err := member(a); err != nil {
		return err
	}
	return d.db.Write(ctx, a.Workspace, f)
}

// newToken makes a secret of 256 random bits and the hash that is kept of it.
func newToken() (secret, hash string) {
	b := make([]byte, 32)
	rand.Read(b)
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, hashOf(secret)
}

func hashOf(secret string) string { return hexSum([]byte(secret)) }

func hexSum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func wrap(act string, err *error) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", act, *err)
	}
}
