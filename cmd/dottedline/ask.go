package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"dottedline"
	"dottedline/transcript"
)

const askArgs = "check FILE --ask \"…\" --me \"Name\" [--json]\n       dottedline ask score --kind mail|talk"

func ask(_ context.Context, w world, args []string) error {
	return askCmd(args, w.in, w.out, w.err)
}

// askCmd looks for an ask in a transcript, or scores the lines of stdin. It
// needs no data and no network.
func askCmd(args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	fs := flag.NewFlagSet("ask", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprintf(stderr, "Usage: dottedline ask %s\n\n", askArgs)
		fs.PrintDefaults()
	}
	planned := fs.String("ask", "", "the ask as it was planned, one sentence")
	me := fs.String("me", "", "your name as the transcript has it")
	asJSON := fs.Bool("json", false, "print the findings as JSON")
	kind := fs.String("kind", "talk", "what the lines are: mail or talk")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	switch {
	case len(rest) == 2 && rest[0] == "check" && *planned != "":
		return askCheck(rest[1], *planned, *me, *asJSON, stdin, stdout, stderr)
	case len(rest) == 1 && rest[0] == "score" && (*kind == "mail" || *kind == "talk"):
		return askScore(*kind, stdin, stdout)
	}
	fs.Usage()
	return errUsage
}

func askCheck(name, planned, me string, asJSON bool, stdin io.Reader, stdout, stderr io.Writer) error {
	var b []byte
	var err error
	if name == "-" {
		b, err = io.ReadAll(stdin)
	} else {
		b, err = os.ReadFile(name)
	}
	if err != nil {
		return &dottedline.Problem{Kind: dottedline.NotFound, Text: "Can't read " + name + ".", Hint: "Is it there, and a file? A dash reads standard input."}
	}
	t, problems := transcript.Parse(b)
	for _, p := range problems {
		fmt.Fprintf(stderr, "line %d: %s\n", p.Line, p.Text)
	}
	found := transcript.Find(t, planned, me)
	if !asJSON {
		return transcript.Print(stdout, found)
	}
	e := json.NewEncoder(stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(found)
}

// askScore prints for each line the probability that it is a request made by
// its speaker. Lines of talk are taken as one talk, which is heard whole.
func askScore(kind string, stdin io.Reader, stdout io.Writer) error {
	in := bufio.NewReaderSize(stdin, 1<<16)
	out := bufio.NewWriter(stdout)
	var talk []string
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF && line == "" {
			break
		}
		if err != nil && err != io.EOF {
			return fmt.Errorf("read a line: %w", err)
		}
		if kind == "mail" {
			fmt.Fprintf(out, "%.6f\n", transcript.Score(line, transcript.Mail))
		} else {
			talk = append(talk, line)
		}
	}
	for _, p := range transcript.ScoreTalk(talk) {
		fmt.Fprintf(out, "%.6f\n", p)
	}
	return out.Flush()
}
