// Command dottedline keeps the deals of a team moving: it reads their mail,
// knows whose move it is, and serves the pages. See README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"dottedline"
	"dottedline/internal/config"
	"dottedline/internal/desk"
	"dottedline/internal/store"
)

// world is what a command touches besides its arguments.
type world struct {
	in       io.Reader
	out, err io.Writer
}

// command is one subcommand.
type command struct {
	name, args, help string
	run              func(context.Context, world, []string) error
}

func commands() []command {
	return []command{
		{"serve", "", "serve the pages, read the mailboxes, send what is due", serve},
		{"demo", "", "try it with simulated prospects, on an empty folder", runDemo},
		{"import", "mbox|maildir PATH", "take in mail from files", importMail},
		{"now", "[--json]", "what to do first", now},
		{"deal", "NAME [--json]", "one deal: its people, its path, whose ball", deal},
		{"ask", "check FILE --ask … --me …", "was the ask made, and how was it answered", ask},
		{"decay", "--csv FILE [--test FILE2] [--json]", "how the deals of a file decay", func(_ context.Context, w world, args []string) error { return decayCmd(args, w.in, w.out, w.err) }},
		{"backtest", "[--json]", "how well the model would have told who signs", backtest},
		{"simulate", "[--runs N] [--json]", "which order of work signs most", simulate},
		{"verify", "FILE [--json]", "who sealed a PDF, and is it whole", verify},
		{"check", "", "replay every deal and compare with what is stored", check},
		{"version", "", "which version this is", version},
	}
}

// Version is set by the build.
var Version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, world{os.Stdin, os.Stdout, os.Stderr}, os.Args[1:]))
}

// errUsage is a wrong call that has been explained already.
var errUsage = errors.New("usage")

// run gives the exit code: 0 done, 1 it can't be done or a difference was
// found, 2 a wrong call.
func run(ctx context.Context, w world, args []string) int {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return w.exit(c.run(ctx, w, args[1:]))
			}
		}
	}
	fmt.Fprintf(w.err, "Dottedline: from the first reply to the dotted line, signed.\n\nUsage: dottedline COMMAND\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w.err, "  %-26s %s\n", c.name+" "+c.args, c.help)
	}
	fmt.Fprintf(w.err, "\nEach takes --data DIR (now %s) or --database-url; COMMAND -h says more.\n", config.Default().Data)
	if len(args) > 0 && (args[0] == "help" || args[0] == "-h" || args[0] == "--help") {
		return 0
	}
	return 2
}

func (w world) exit(err error) int {
	var p *dottedline.Problem
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	case errors.Is(err, errDifferent):
		return 1
	case errors.As(err, &p):
		fmt.Fprintln(w.err, "dottedline:", p.Text)
		if p.Hint != "" {
			fmt.Fprintln(w.err, "  ", p.Hint)
		}
		if p.Kind == dottedline.Invalid {
			return 2
		}
	default:
		fmt.Fprintln(w.err, "dottedline:", err)
	}
	return 1
}

// flags is a flag set of a command, which explains itself on w.err.
func (w world) flags(c *config.Config, name, args string, fields ...string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(w.err)
	fs.Usage = func() {
		fmt.Fprintf(w.err, "Usage: dottedline %s %s\n\n", name, args)
		fs.PrintDefaults()
	}
	c.Flags(fs, fields...)
	return fs
}

// parse reads flags wherever they stand among the arguments, and gives the rest.
func parse(fs *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, errUsage
		}
		if args = fs.Args(); len(args) == 0 {
			return rest, nil
		}
		rest, args = append(rest, args[0]), args[1:]
	}
}

// open opens the desk of a configuration. Commands other than serve and import
// want data that is there.
func open(ctx context.Context, c config.Config, create bool) (*desk.Desk, *store.DB, error) {
	if !create && c.Database == "" {
		if _, err := os.Stat(c.DatabaseURL()); err != nil {
			return nil, nil, &dottedline.Problem{Kind: dottedline.NotFound, Text: "There is no data in " + c.Data + ".",
				Hint: "Start with dottedline serve or dottedline import, or name the folder with --data."}
		}
	}
	if err := c.Prepare(); err != nil {
		return nil, nil, err
	}
	key, err := c.Key(desk.KeySize)
	if err != nil {
		return nil, nil, err
	}
	vault, err := desk.NewVault(key)
	if err != nil {
		return nil, nil, err
	}
	db, err := store.Open(ctx, c.DatabaseURL())
	if err != nil {
		return nil, nil, err
	}
	d := desk.New(db, vault)
	if d.UndoFor, err = time.ParseDuration(c.Undo); err != nil || d.UndoFor < 0 {
		db.Close()
		return nil, nil, dottedline.Wrong("Write it like 10s.", "%q is not a length of time.", c.Undo)
	}
	return d, db, nil
}

func version(_ context.Context, w world, _ []string) error {
	fmt.Fprintln(w.out, "dottedline", Version)
	return nil
}

// asOperator opens the desk and acts as the one who has the machine; end closes it.
func asOperator(ctx context.Context, c config.Config) (d *desk.Desk, me dottedline.Actor, end func() error, err error) {
	d, db, err := open(ctx, c, false)
	if err != nil {
		return nil, me, nil, err
	}
	if me, err = d.Operator(ctx, ""); err != nil {
		db.Close()
		return nil, me, nil, err
	}
	return d, me, db.Close, nil
}
