package testrig

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// Radicale starts a CalDAV server and returns its base URL. Users are sam and
// anna, password "secret"; each sees the collections under /user/ only.
func Radicale(t testing.TB) string {
	t.Helper()
	dir := testDir(t)
	users := filepath.Join(dir, "users")
	if err := os.WriteFile(users, []byte("sam:secret\nanna:secret\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return webServer(t, "Radicale", func(port int) (*server, error) {
		conf := filepath.Join(dir, "config")
		text := fmt.Sprintf(`[server]
hosts = 127.0.0.1:%d
max_connections = 40
timeout = 30
[auth]
type = htpasswd
htpasswd_filename = %s
htpasswd_encryption = plain
delay = 0
[rights]
type = owner_only
[storage]
filesystem_folder = %s
[logging]
level = warning
`, port, users, filepath.Join(dir, "collections"))
		if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
			return nil, err
		}
		return start(dir, "radicale", "--config", conf)
	})
}

// Xandikos starts a CalDAV server without sign-in and returns its base URL;
// the principal is /sam/.
func Xandikos(t testing.TB) string {
	t.Helper()
	dir := testDir(t)
	return webServer(t, "Xandikos", func(port int) (*server, error) {
		return start(dir, "xandikos", "-d", dir, "-l", "127.0.0.1", "-p", strconv.Itoa(port), "--current-user-principal=/sam/", "--defaults")
	})
}

func webServer(t testing.TB, name string, up func(port int) (*server, error)) string {
	t.Helper()
	var base string
	err := onFreePorts(1, func(ports []int) error {
		s, err := up(ports[0])
		if err != nil {
			return err
		}
		if err := s.ready(dials(loopback(ports[0]))); err != nil {
			s.stop()
			return err
		}
		t.Cleanup(s.stop)
		base = "http://" + loopback(ports[0])
		return nil
	})
	if err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	return base
}
