package testrig

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is one program that runs in a folder and a process group of its own.
type server struct {
	cmd  *exec.Cmd
	log  string
	done chan struct{} // closed when the program has ended
}

// program is the path of an installed program. sbin is looked at too, which an
// ordinary user's PATH leaves out.
func program(name string) (string, error) {
	if p, err := exec.LookPath(name); err == nil {
		return p, nil
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin", "/usr/local/bin"} {
		if p := filepath.Join(dir, name); isExecutable(p) {
			return p, nil
		}
	}
	return "", fmt.Errorf("%s is not installed: run make test-deps", name)
}

func isExecutable(p string) bool {
	fi, err := os.Stat(p)
	return err == nil && !fi.IsDir() && fi.Mode()&0o111 != 0
}

// runAs is the account that servers run under: nobody when we are root
// (PostgreSQL refuses to be root), otherwise our own.
func runAs() (name, group string, cred *syscall.Credential, err error) {
	u, err := user.Current()
	if err != nil {
		return "", "", nil, err
	}
	root := u.Uid == "0"
	if root {
		if u, err = user.Lookup("nobody"); err != nil {
			return "", "", nil, err
		}
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		return "", "", nil, err
	}
	if root {
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		cred = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return u.Username, g.Name, cred, nil
}

// newDir makes a folder that the servers' account owns; what is left of it
// when the test process ends is removed then.
func newDir() (string, error) {
	dir, err := os.MkdirTemp("", "dlrig-")
	if err != nil {
		return "", err
	}
	if err := reap("+", dir); err != nil {
		return "", err
	}
	return dir, own(dir)
}

// own hands paths to the account that servers run under.
func own(paths ...string) error {
	_, _, cred, err := runAs()
	if err != nil || cred == nil {
		return err
	}
	for _, p := range paths {
		if err := os.Chown(p, int(cred.Uid), int(cred.Gid)); err != nil {
			return err
		}
	}
	return nil
}

// testDir is newDir for the length of one test.
func testDir(t testing.TB) string {
	t.Helper()
	dir, err := newDir()
	if err != nil {
		t.Fatalf("make a folder for servers: %v", err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// command prepares a program to run in dir under the servers' account. Its
// output goes to a file: a pipe kept open by a server would make go test wait.
func command(dir, name string, args ...string) (*exec.Cmd, string, error) {
	path, err := program(name)
	if err != nil {
		return nil, "", err
	}
	_, _, cred, err := runAs()
	if err != nil {
		return nil, "", err
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: cred}
	return cmd, filepath.Join(dir, filepath.Base(name)+".out"), nil
}

func start(dir, name string, args ...string) (*server, error) {
	cmd, logName, err := command(dir, name, args...)
	if err != nil {
		return nil, err
	}
	out, err := os.OpenFile(logName, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if err := reap("+", strconv.Itoa(cmd.Process.Pid)); err != nil {
		cmd.Process.Kill()
		return nil, err
	}
	s := &server{cmd: cmd, log: logName, done: make(chan struct{})}
	go func() {
		cmd.Wait()
		close(s.done)
	}()
	return s, nil
}

// ready waits until probe succeeds, and gives up early when the program ends.
func (s *server) ready(probe func() error) error {
	deadline := time.Now().Add(60 * time.Second)
	for {
		err := probe()
		if err == nil {
			return nil
		}
		select {
		case <-s.done:
			return fmt.Errorf("%s ended at once: %s", s.cmd.Path, s.tail())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s does not answer: %w: %s", s.cmd.Path, err, s.tail())
		}
	}
}

func (s *server) tail() string {
	b, _ := os.ReadFile(s.log)
	return string(bytes.TrimSpace(b[max(0, len(b)-2000):]))
}

// stop ends the program and all that it started, at once: what a test leaves
// behind is thrown away, and Dovecot takes seconds to go in peace.
func (s *server) stop() {
	pid := s.cmd.Process.Pid
	syscall.Kill(-pid, syscall.SIGKILL)
	<-s.done
	reap("-", strconv.Itoa(pid))
}

// reaper is a shell that outlives us: when the pipe to it breaks, however we
// died, it ends the process groups and removes the folders still on its list.
const reaper = `trap '' INT TERM HUP QUIT
IFS='
'
while read -r line; do
  arg=${line#?}
  case $line in
  +*) live="$live$arg$IFS" ;;
  -*) kept=; for x in $live; do [ "$x" = "$arg" ] || kept="$kept$x$IFS"; done; live=$kept ;;
  esac
done
for x in $live; do case $x in /*) ;; *) kill -TERM -"$x" ;; esac; done
sleep 1
for x in $live; do case $x in /*) rm -rf "$x" ;; *) kill -KILL -"$x" ;; esac; done
exit 0`

var startReaper = sync.OnceValues(func() (io.Writer, error) {
	cmd := exec.Command("/bin/sh", "-c", reaper)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return in, cmd.Start()
})

var reapMu sync.Mutex

func reap(op, what string) error {
	w, err := startReaper()
	if err != nil {
		return fmt.Errorf("start the reaper: %w", err)
	}
	reapMu.Lock()
	defer reapMu.Unlock()
	_, err = io.WriteString(w, op+what+"\n")
	return err
}

var errNoPort = errors.New("no free port found")

// freePorts finds n loopback ports below the range that outgoing connections
// use, so that only another rig can take one before the server binds it.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range 1000 {
		p := 12000 + rand.IntN(20000)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p)))
		if err != nil {
			continue
		}
		l.Close()
		if ports = append(ports, p); len(ports) == n {
			return ports, nil
		}
	}
	return nil, errNoPort
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func dials(addr string) func() error {
	return func() error {
		c, err := net.DialTimeout("tcp", addr, 5*time.Second)
		if err == nil {
			c.Close()
		}
		return err
	}
}

// onFreePorts runs up with other ports until it works: between our look and
// the server's bind another rig may have taken one.
func onFreePorts(n int, up func(ports []int) error) error {
	var err error
	for range 5 {
		var ports []int
		if ports, err = freePorts(n); err != nil {
			return err
		}
		if err = up(ports); err == nil {
			return nil
		}
	}
	return err
}
