package desk

import (
	"context"
	"crypto/rand"
	"reflect"
	"sync"
	"time"

	"dottedline"
)

// Kept names what one node of several does at a time: a mailbox or calendar of a
// workspace.
type Kept struct {
	Workspace dottedline.WorkspaceID
	Name      string
}

// Keeper keeps a worker going for each thing that is wanted, anew where it was
// changed. With several nodes on one database one of them does, as long as it
// renews its lease. Set the fields before Run.
type Keeper[T any] struct {
	Desk   *Desk
	Look   time.Duration                                       // how often to look for what was changed elsewhere
	Want   func(context.Context) (map[Kept]T, error)           // what is to go on
	Work   func(ctx context.Context, x T, now <-chan struct{}) // until ctx ends; now asks it not to wait
	Then   func(context.Context) error                         // after each look; nil for nothing
	Failed func(error)

	who     string // this process, for leases
	reload  chan struct{}
	mu      sync.Mutex
	running map[Kept]*worker[T]
}

type worker[T any] struct {
	of   T
	stop context.CancelFunc
	done chan struct{}
	now  chan struct{}
}

// NewKeeper makes a keeper with nothing to do yet.
func NewKeeper[T any](d *Desk) *Keeper[T] {
	return &Keeper[T]{Desk: d, who: rand.Text(), reload: make(chan struct{}, 1), running: map[Kept]*worker[T]{}}
}

// Run goes on until ctx ends and all workers have.
func (k *Keeper[T]) Run(ctx context.Context) error {
	defer k.stopAll()
	tick := time.NewTicker(k.Look)
	defer tick.Stop()
	for {
		err := k.settle(ctx)
		if err == nil && k.Then != nil {
			err = k.Then(ctx)
		}
		if err != nil && ctx.Err() == nil {
			k.Failed(err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-k.reload:
		case <-tick.C:
		}
	}
}

// Reload makes Run look at once.
func (k *Keeper[T]) Reload() { poke(k.reload) }

// Now asks a worker not to wait.
func (k *Keeper[T]) Now(x Kept) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if w := k.running[x]; w != nil {
		poke(w.now)
	}
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// settle starts what is to go on and stops what is not.
func (k *Keeper[T]) settle(ctx context.Context) error {
	want, err := k.Want(ctx)
	if err != nil {
		return err
	}
	for x := range want {
		if ok, err := k.ours(ctx, x); err != nil {
			return err
		} else if !ok {
			delete(want, x)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for x, w := range k.running {
		if now, ok := want[x]; !ok || !reflect.DeepEqual(now, w.of) {
			w.stop()
			<-w.done
			delete(k.running, x)
		}
	}
	for x, of := range want {
		if k.running[x] != nil {
			continue
		}
		wctx, stop := context.WithCancel(ctx)
		w := &worker[T]{of, stop, make(chan struct{}), make(chan struct{}, 1)}
		k.running[x] = w
		go func() {
			defer close(w.done)
			k.Work(wctx, of, w.now)
		}()
	}
	return nil
}

func (k *Keeper[T]) ours(ctx context.Context, x Kept) (bool, error) {
	if !k.Desk.Shared() {
		return true, nil
	}
	return k.Desk.Lease(ctx, x.Workspace, x.Name, k.who, 4*k.Look)
}

func (k *Keeper[T]) stopAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, w := range k.running {
		w.stop()
	}
	for x, w := range k.running {
		<-w.done
		delete(k.running, x)
	}
}
