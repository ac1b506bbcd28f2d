package desk_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
	"dottedline/mail"
	"dottedline/seal"
)

// The kill test runs this very test program as the process that is killed.
const (
	killURL   = "DOTTEDLINE_KILL_URL"   // set in the child: the database
	killDir   = "DOTTEDLINE_KILL_DIR"   // where the child's mail server keeps what it accepted
	killRound = "DOTTEDLINE_KILL_ROUND" // rounds instead of the few of a normal run
)

func TestMain(m *testing.M) {
	if url := os.Getenv(killURL); url != "" {
		if err := victim(url, os.Getenv(killDir)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var killKey = []byte("0123456789abcdef0123456789abcdef")

// victim is a whole program in small: it recovers, and then takes presses and
// signatures from its input while its outbox and its jobs run.
func victim(url, dir string) error {
	db, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	v, err := desk.NewVault(killKey)
	if err != nil {
		return err
	}
	d := desk.New(db, v)
	d.URL, d.KeyKind, d.UndoFor = "https://deals.example.com", seal.P256, 0
	if err := d.Recover(ctx); err != nil {
		return err
	}
	go loop(func() (bool, error) {
		j, _, err := d.NextJob(ctx)
		if err != nil || j == nil {
			return false, err
		}
		return true, d.DoJob(ctx, j)
	})
	go loop(func() (bool, error) {
		o, _, err := d.NextOutbound(ctx)
		if err != nil || o == nil {
			return false, err
		}
		return true, deliver(d, o, dir)
	})
	fmt.Println("ready")
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		f := strings.Split(in.Text(), "\t")
		var err error
		switch f[0] {
		case "send":
			a := dottedline.Actor{Role: dottedline.Owner}
			a.Workspace, _ = dottedline.ParseID[dottedline.Workspace](f[1])
			a.Member, _ = dottedline.ParseID[dottedline.Member](f[2])
			id, _ := dottedline.ParseID[dottedline.Agreement](f[3])
			_, err = d.SendAgreement(ctx, a, id, desk.AgreementEdit{}, "press "+f[3])
		case "sign":
			err = d.Sign(ctx, desk.Visitor{Link: f[1], Session: f[2]}, desk.Signing{Name: "Maya Okafor", SHA256: f[3], Consent: true})
		}
		if err != nil {
			fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("done")
		}
	}
	return in.Err()
}

func loop(step func() (bool, error)) {
	for {
		if more, err := step(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		} else if more {
			continue
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// deliver is a mail server in small: each mail that it has accepted is a file,
// named by when and by its Message-ID, and comes to be at once. What may have
// gone out is looked up there, and never sent again.
func deliver(d *desk.Desk, o *desk.Outbound, dir string) error {
	if o.Doubt {
		if found, err := filepath.Glob(filepath.Join(dir, "*"+o.MessageID)); err != nil {
			return err
		} else if len(found) > 0 {
			return d.MailSent(ctx, o)
		}
		return d.MailUnknown(ctx, o, "not found in Sent")
	}
	f, err := os.CreateTemp(dir, "coming-*.part")
	if err != nil {
		return err
	}
	if _, err := f.Write(o.Raw); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, fmt.Sprintf("%d %s", time.Now().UnixNano(), o.MessageID))); err != nil {
		return err
	}
	return d.MailSent(ctx, o)
}

// child is a running victim.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func start(t *testing.T, url, dir string) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0])}
	c.cmd.Env = append(os.Environ(), killURL+"="+url, killDir+"="+dir)
	c.cmd.Stderr = io.Discard
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewScanner(out)
	if !c.out.Scan() || c.out.Text() != "ready" {
		t.Fatalf("the victim did not start: %q", c.out.Text())
	}
	return c
}

func (c *child) kill() {
	c.cmd.Process.Kill()
	c.cmd.Wait()
}

// TestKilledAtRandomMoments kills the program between the press and the delivery,
// and between the last signature and the seal. After a new start there is one
// agreement sent, one seal, and nothing lost.
func TestKilledAtRandomMoments(t *testing.T) {
	t.Parallel()
	rounds := 10
	if s := os.Getenv(killRound); s != "" {
		var err error
		if rounds, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	} else if testing.Short() {
		rounds = 2
	}
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			k := newKilling(t, engine)
			for i := range rounds {
				k.round(i)
			}
			t.Logf("%d rounds; killed %d times before the press was answered, %d after; signatures: %d and %d", rounds, k.early, k.late, k.earlySign, k.lateSign)
		})
	}
}

type killing struct {
	*closing
	t                                *testing.T
	url, dir                         string
	db                               *store.DB
	early, late, earlySign, lateSign int
}

func newKilling(t *testing.T, engine string) *killing {
	k := &killing{t: t, url: storetest.URL(t, engine), dir: t.TempDir()}
	db, err := store.Open(context.Background(), k.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) // before newClosing's last check, which runs first
	k.closing = newClosing(t, db)
	db.Now = time.Now
	k.Desk.UndoFor = 0
	c := k.me
	_, err = k.RootCertificate(ctx, c) // the key is made before, so that the kill meets the seal
	k.ok(err)
	k.db = db
	return k
}

// during runs an act in a victim that is killed after a random while, and says
// whether the act was answered before.
func (k *killing) during(line string, most time.Duration) (answered bool) {
	c := start(k.t, k.url, k.dir)
	if _, err := fmt.Fprintln(c.in, line); err != nil {
		k.t.Fatal(err)
	}
	got := make(chan string, 1)
	go func() {
		c.out.Scan()
		got <- c.out.Text()
	}()
	time.Sleep(time.Duration(rand.Int64N(int64(most))))
	c.kill()
	// On a shared database the leases of a dead node end by themselves within two
	// minutes; the test does not wait for that.
	k.ok(k.db.Write(ctx, k.me.Workspace, func(t *store.Tx) error { return t.FreeLeases() }))
	s := <-got
	if strings.HasPrefix(s, "error") {
		k.t.Errorf("%s: %s", line[:4], s)
	}
	return s == "done"
}

// settle runs a victim until a condition holds.
func (k *killing) settle(what string, holds func() bool) {
	k.t.Helper()
	c := start(k.t, k.url, k.dir)
	defer func() {
		c.kill()
		k.ok(k.db.Write(ctx, k.me.Workspace, func(t *store.Tx) error { return t.FreeLeases() }))
	}()
	for end := time.Now().Add(60 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			k.t.Fatalf("never: %s", what)
		}
	}
}

func (k *killing) round(i int) {
	deal, err := k.NewDeal(ctx, k.me, fmt.Sprintf("Deal %d", i), fmt.Sprintf("maya%d@northwind.example.org", i), dottedline.Sale, "28,800")
	k.ok(err)
	k.deal = deal
	k.ok(k.SayYes(ctx, k.me, deal, "Yes.", 0, 0))
	id, err := k.MakeAgreement(ctx, k.me, deal, "")
	k.ok(err)
	p := k.page()
	signers := p.Current.Signers
	var want []dottedline.Signer
	for _, s := range signers {
		if s.Name == "" {
			s.Name = "Maya Okafor"
		}
		want = append(want, s.Signer)
	}
	_, err = k.EditAgreement(ctx, k.me, id, desk.AgreementEdit{Signers: want})
	k.ok(err)

	press := fmt.Sprintf("send\t%v\t%v\t%v", k.me.Workspace, k.me.Member, id)
	answered := k.during(press, 300*time.Millisecond)
	if answered {
		k.late++
	} else {
		k.early++
	}
	if state := k.page().Current.State; state == dottedline.Draft {
		if answered {
			k.t.Errorf("round %d: the press was answered, and is lost", i)
		}
		_, err := k.SendAgreement(ctx, k.me, id, desk.AgreementEdit{}, "press "+id.String()) // the member presses again
		k.ok(err)
	} else { // the page did not hear the answer, and sends the press again
		_, err := k.SendAgreement(ctx, k.me, id, desk.AgreementEdit{}, "press "+id.String())
		k.ok(err)
	}
	k.settleMail("the agreement is out", func() bool { return k.page().Current.State == dottedline.Out })
	sent := 0
	for _, m := range k.accepted() {
		if m.To[0].Addr == fmt.Sprintf("maya%d@northwind.example.org", i) && strings.Contains(m.Text, "/room/") {
			sent++
		}
	}
	if sent != 1 {
		k.t.Errorf("round %d: the agreement was sent %d times", i, sent)
	}

	v := k.visitor(i)
	room, err := k.Room(ctx, v)
	k.ok(err)
	if k.during(fmt.Sprintf("sign\t%s\t%s\t%s", v.Link, v.Session, room.Agreement.SHA256), 400*time.Millisecond) {
		k.lateSign++
	} else {
		k.earlySign++
	}
	if k.page().Current.State == dottedline.Out { // not even recorded: she signs again
		k.ok(k.Sign(ctx, v, desk.Signing{Name: "Maya Okafor", SHA256: room.Agreement.SHA256, Consent: true}))
	}
	k.settleMail("it is sealed", func() bool { return k.page().Current.State == dottedline.Sealed })
	final := k.page().Current
	seals := 0
	for _, e := range final.Evidence {
		if e.What == "Sealed" {
			seals++
		}
	}
	if seals != 1 || final.Final == "" {
		k.t.Errorf("round %d: %d seals", i, seals)
	}
	pdf, _, err := k.AgreementPDF(ctx, k.me, id, store.Sealed)
	k.ok(err)
	if r, err := k.VerifyPDF(ctx, pdf); err != nil || !r.Valid || !r.Here {
		k.t.Errorf("round %d: %+v %v", i, r, err)
	}
	signed := 0
	d, err := k.DealPage(ctx, k.me, deal)
	k.ok(err)
	for _, m := range d.Timeline {
		if m.Kind == dottedline.SignedTouch {
			signed++
		}
	}
	if signed != 1 || len(d.Outgoing) != 0 {
		k.t.Errorf("round %d: signed %d times, left in the outbox: %+v", i, signed, d.Outgoing)
	}
}

// settleMail settles a condition and the outbox. A mail that may have gone out
// and did not is sent again by a person's word, as the program asks for it.
func (k *killing) settleMail(what string, holds func() bool) {
	k.t.Helper()
	k.settle(what, func() bool {
		p := k.nowPage()
		for _, u := range p.Unsure {
			o := k.outgoing(u.ID)
			if found, err := filepath.Glob(filepath.Join(k.dir, "*"+o.MessageID)); err == nil && len(found) == 0 && u.Error != "" {
				k.ok(k.Decide(ctx, k.me, u.ID, true))
			}
		}
		return holds() && len(p.Unsure) == 0 && k.quiet()
	})
}

func (k *killing) outgoing(id dottedline.OutgoingID) (o store.Outgoing) {
	k.ok(k.db.View(ctx, k.me.Workspace, func(t *store.Tx) (err error) { o, err = t.Outgoing(id); return err }))
	return o
}

// quiet says whether the outbox is empty.
func (k *killing) quiet() (yes bool) {
	k.ok(k.db.Everywhere(ctx, func(g store.Global) error {
		at, err := g.NextOutgoing()
		yes = at.IsZero()
		return err
	}))
	return yes
}

// accepted are the mails that the server has accepted, oldest first.
func (k *killing) accepted() (out []*mail.Message) {
	k.t.Helper()
	names, err := filepath.Glob(filepath.Join(k.dir, "*@*"))
	k.ok(err)
	for _, n := range names { // sorted, and begins with the time
		raw, err := os.ReadFile(n)
		k.ok(err)
		m, err := mail.Parse(raw)
		k.ok(err)
		out = append(out, m)
	}
	return out
}

// visitor is who got the mail, let in.
func (k *killing) visitor(i int) desk.Visitor {
	k.t.Helper()
	find := func(words string) (newest *mail.Message) {
		for _, m := range k.accepted() {
			if m.To[0].Addr == fmt.Sprintf("maya%d@northwind.example.org", i) && strings.Contains(m.Text, words) {
				newest = m
			}
		}
		return newest
	}
	v := k.to(find("/room/"))
	v.IP = fmt.Sprintf("192.0.2.%d", i%250) // each from a place of their own: codes are counted by it
	k.ok(k.RequestCode(ctx, v))
	k.settleMail("the code is mailed", func() bool { return find("Your code is") != nil })
	var err error
	v.Session, err = k.EnterCode(ctx, v, find("Your code is").Subject[:6])
	k.ok(err)
	return v
}
