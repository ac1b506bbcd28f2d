// Command asktrain fits the weights that find asks and read answers, from the
// two public sets named on its command line and the sentences in transcript/data.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"dottedline/transcript"
)

func main() {
	mail := flag.String("mail", "../shared/data/mail/email_ask_train.txt", "EmailIntent sentences (Parakweet, Apache-2.0)")
	talks := flag.String("talks", "../shared/data/talks/persuasion.jsonl", "Persuasion For Good talks (Apache-2.0)")
	out := flag.String("out", "transcript/weights", "folder for the weights")
	flag.Parse()
	if err := run(*mail, *talks, *out); err != nil {
		fmt.Fprintln(os.Stderr, "asktrain:", err)
		os.Exit(1)
	}
}

func run(mail, talks, out string) error {
	var s transcript.Sources
	f, err := os.Open(mail)
	if err != nil {
		return fmt.Errorf("open the mail sentences: %w", err)
	}
	defer f.Close()
	if s.Mail, err = transcript.ReadMail(f); err != nil {
		return err
	}
	g, err := os.Open(talks)
	if err != nil {
		return fmt.Errorf("open the talks: %w", err)
	}
	defer g.Close()
	if s.Giving, err = transcript.ReadGiving(g); err != nil {
		return err
	}
	files, err := transcript.Train(s)
	if err != nil {
		return err
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(out, name), b, 0o644); err != nil {
			return fmt.Errorf("write weights: %w", err)
		}
	}
	return nil
}
