package testrig_test

import (
	"bufio"
	"crypto/tls"
	"database/sql"
	"io"
	"net/http"
	"net/smtp"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"dottedline/internal/testrig"

	"github.com/chromedp/chromedp"
)

func TestPostgres(t *testing.T) {
	t.Parallel()
	a, b := testrig.Postgres(t), testrig.Postgres(t)
	if a == b {
		t.Fatalf("two calls gave one database: %s", a)
	}
	for _, u := range []string{a, b} {
		db, err := sql.Open("pgx", u)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec("CREATE TABLE one (n BIGINT)"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPostgresDurable(t *testing.T) {
	t.Parallel()
	c := testrig.PostgresDurable(t)
	query := func(q string) (s string, err error) {
		db, err := sql.Open("pgx", c.URL)
		if err != nil {
			return "", err
		}
		defer db.Close()
		return s, db.QueryRow(q).Scan(&s)
	}
	if s, err := query("SHOW fsync"); s != "on" {
		t.Fatalf("fsync is %q, %v", s, err)
	}
	if _, err := query("CREATE TABLE kept (n BIGINT); "); err == nil {
		t.Fatal("CREATE TABLE gave a row")
	}
	c.Kill()
	if _, err := query("SELECT 1::text"); err == nil {
		t.Fatal("a killed server answers")
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if s, err := query("SELECT count(*)::text FROM kept"); s != "0" {
		t.Fatalf("after the crash: %q, %v", s, err)
	}
}

func TestDovecot(t *testing.T) {
	t.Parallel()

	d := testrig.Dovecot(t)
	if err := d.Deliver("anna@example.com", []byte("Subject: hello\r\n\r\nhi\r\n")); err != nil {
		t.Fatal(err)
	}
	c, err := tls.Dial("tcp", d.IMAPSAddr, d.TLS())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "a LOGIN anna secret\r\nb SELECT INBOX\r\nc FETCH 1 BODY[]\r\nd LOGOUT\r\n")
	out, _ := io.ReadAll(c)
	if !strings.Contains(string(out), "Subject: hello") {
		t.Fatalf("delivered mail not found: %s\n%s", out, d.Log())
	}
	d.Stop()
	if _, err := tls.Dial("tcp", d.IMAPSAddr, d.TLS()); err == nil {
		t.Fatal("a stopped Dovecot answers")
	}
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
}

func TestCalendarServers(t *testing.T) {
	t.Parallel()
	for name, base := range map[string]string{"Radicale": testrig.Radicale(t), "Xandikos": testrig.Xandikos(t)} {
		req, _ := http.NewRequest("PROPFIND", base+"/sam/", strings.NewReader(""))
		req.Header.Set("Depth", "0")
		req.SetBasicAuth("sam", "secret")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusMultiStatus {
			t.Errorf("%s: PROPFIND /sam/: %s", name, resp.Status)
		}
	}
}

func TestChromium(t *testing.T) {
	t.Parallel()
	ctx := testrig.Chromium(t)
	var title string
	if err := chromedp.Run(ctx, chromedp.Navigate("data:text/html,<title>dotted</title>"), chromedp.Title(&title)); err != nil {
		t.Fatal(err)
	}
	if title != "dotted" {
		t.Fatalf("title %q", title)
	}
}

func TestSink(t *testing.T) {
	t.Parallel()
	s := testrig.Sink(t)
	send := func() error {
		return smtp.SendMail(s.Addr, nil, "a@example.com", []string{"b@example.com"}, []byte("Subject: x\r\n\r\ny\r\n"))
	}
	for _, c := range []struct {
		name  string
		fault testrig.Fault
		want  string // part of the error, empty for success
		kept  int
	}{
		{"as usual", testrig.Fault{}, "", 1},
		{"busy", testrig.Fault{At: testrig.AtConnect, Code: 421, Text: "busy"}, "421", 1},
		{"cut at once", testrig.Fault{At: testrig.AtConnect, Cut: true}, "EOF", 1},
		{"unknown", testrig.Fault{At: testrig.AtRcpt, Rcpt: "b@example.com", Code: 550, Text: "no such user"}, "550", 1},
		{"full", testrig.Fault{At: testrig.AfterData, Code: 452, Text: "full"}, "452", 1},
		{"cut in the middle", testrig.Fault{At: testrig.InData, Cut: true}, "", 1},
		{"cut after the dot, accepted", testrig.Fault{At: testrig.AfterData, Cut: true, Keep: true}, "EOF", 2},
		{"cut after the dot, lost", testrig.Fault{At: testrig.AfterData, Cut: true}, "EOF", 2},
	} {
		if c.name != "as usual" {
			s.Script(c.fault)
		}
		err := send()
		if c.want == "" && err != nil && c.name == "as usual" || err == nil && c.name != "as usual" || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if n := len(s.Mails()); n != c.kept {
			t.Errorf("%s: %d mails kept, want %d", c.name, n, c.kept)
		}
	}
}

// TestServersDieWithTheTest starts a process that starts a server, kills it,
// and waits until server and folder are gone.
func TestServersDieWithTheTest(t *testing.T) {
	t.Parallel()
	if os.Getenv("RIG_CHILD") != "" {
		d := testrig.Dovecot(t)
		os.Stdout.WriteString("dir=" + d.Dir + " addr=" + d.IMAPAddr + "\n")
		select {}
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestServersDieWithTheTest$")
	cmd.Env = append(os.Environ(), "RIG_CHILD=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	cmd.Process.Kill()
	cmd.Wait()
	dir, _, ok := strings.Cut(strings.TrimPrefix(line, "dir="), " ")
	if err != nil || !ok {
		t.Fatalf("the child said %q, %v", line, err)
	}
	for range 200 {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s is still there 10 s after its test was killed", dir)
}
