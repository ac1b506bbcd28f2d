package smtpsend

import (
	"fmt"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"dottedline/internal/desk"
)

// keepFor is how long a connection waits for the next mail. Servers hang up
// after a minute or more; a mail on a kept connection saves TLS and sign-in.
const keepFor = 30 * time.Second

// kept holds the connections that nobody uses, one per mailbox.
type kept struct {
	mu    sync.Mutex
	conns map[string]*keptConn
}

type keptConn struct {
	c     *smtp.Client
	timer *time.Timer
}

// keyOf changes with everything that a connection was made with.
func keyOf(a desk.Account) string {
	return fmt.Sprintf("%d/%d/%+v/%s/%s/%s", a.Workspace, a.ID, a.SMTP, a.User, a.Auth, a.Secret)
}

func (k *kept) take(a desk.Account) *smtp.Client {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := keyOf(a)
	x := k.conns[key]
	if x == nil {
		return nil
	}
	delete(k.conns, key)
	x.timer.Stop()
	return x.c
}

func (k *kept) put(a desk.Account, c *smtp.Client) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := keyOf(a)
	if k.conns == nil {
		k.conns = map[string]*keptConn{}
	}
	if k.conns[key] != nil {
		go c.Quit()
		return
	}
	x := &keptConn{c: c}
	x.timer = time.AfterFunc(keepFor, func() {
		k.mu.Lock()
		mine := k.conns[key] == x
		if mine {
			delete(k.conns, key)
		}
		k.mu.Unlock()
		if mine {
			c.Quit()
		}
	})
	k.conns[key] = x
}

func (k *kept) closeAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for key, x := range k.conns {
		x.timer.Stop()
		x.c.Close()
		delete(k.conns, key)
	}
}
