package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"dottedline"
	"dottedline/internal/config"
	"dottedline/internal/desk"
	"dottedline/internal/store"
)

// house is a data folder with a workspace in it, open to us while the program
// does not run on it.
type house struct {
	data    string
	session string
	me      dottedline.Actor
	desk    *desk.Desk
	db      *store.DB
	mails   int // received one by one
}

// newHouse sets a house up as the seller's.
func (b *bench) newHouse(ctx context.Context, name string) (*house, error) {
	h := &house{data: filepath.Join(b.dir, name)}
	if err := h.open(ctx); err != nil {
		return nil, err
	}
	secret, err := h.desk.SetupLink(ctx)
	if err != nil {
		return nil, err
	}
	h.session, err = h.desk.SetUp(ctx, secret, desk.NewOwner{Workspace: "Pine", Currency: "USD", Name: seller.name, Email: seller.addr, Password: "a long enough one", Zone: "UTC"})
	if err != nil {
		return nil, err
	}
	h.me, err = h.desk.Session(ctx, h.session)
	return h, err
}

func (h *house) open(ctx context.Context) error {
	c := config.Default()
	c.Data = h.data
	if err := c.Prepare(); err != nil {
		return err
	}
	key, err := c.Key(desk.KeySize)
	if err != nil {
		return err
	}
	vault, err := desk.NewVault(key)
	if err != nil {
		return err
	}
	if h.db, err = store.Open(ctx, c.DatabaseURL()); err != nil {
		return err
	}
	h.desk = desk.New(h.db, vault)
	return nil
}

// connect adds a mailbox that is read at an address on loopback.
func (h *house) connect(ctx context.Context, user, imap string) error {
	s, err := loopback(imap)
	if err != nil {
		return err
	}
	_, err = h.desk.Connect(ctx, h.me, desk.Account{Address: dottedline.Address(user), Secret: "secret", IMAP: s, SMTP: s})
	return err
}

// loopback is a server on this machine, at host:port.
func loopback(addr string) (desk.Server, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return desk.Server{}, err
	}
	n, err := strconv.Atoi(port)
	return desk.Server{Host: host, Port: n, TLS: "none"}, err
}

// program is a running `dottedline serve`.
type program struct {
	url string
	pid int
}

// serve closes the house for us and starts the program on it, with further
// flags; the end of the part stops it.
func (b *bench) serve(h *house, flags ...string) (*program, func(), error) {
	if err := h.db.Close(); err != nil {
		return nil, nil, err
	}
	cmd := exec.Command(b.bin, append([]string{"serve", "--data", h.data, "--listen", "127.0.0.1:0"}, flags...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	ended := false
	stop := func() {
		if !ended {
			ended = true
			cmd.Process.Signal(syscall.SIGTERM)
			cmd.Wait()
		}
	}
	b.Cleanup(stop)
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "Dottedline is at ")
	if !ok {
		stop()
		return nil, nil, fmt.Errorf("serve says %q: %v", line, err)
	}
	return &program{url, cmd.Process.Pid}, stop, nil
}

// memory is what a process holds now, in bytes.
func (p *program) memory() (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid))
	if err != nil {
		return 0, err
	}
	for l := range strings.SplitSeq(string(b), "\n") {
		if v, ok := strings.CutPrefix(l, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(v), " kB"), 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("no VmRSS of process %d", p.pid)
}

// processor is what a process has used of the processor so far.
func (p *program) processor() (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0, fmt.Errorf("the times of process %d can't be read", p.pid)
	}
	var ticks time.Duration
	for _, s := range f[11:13] { // utime and stime, see proc(5)
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += time.Duration(n)
	}
	return ticks * 10 * time.Millisecond, nil // USER_HZ is 100 on Linux
}

// processor is what this process has used so far.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
