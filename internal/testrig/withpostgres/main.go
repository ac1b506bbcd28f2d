// Command withpostgres runs a command beside one PostgreSQL that all test
// processes share: withpostgres go test ./...
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"dottedline/internal/testrig"
)

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		code = 1
	}
	os.Exit(code)
}

func run(args []string) (int, error) {
	if len(args) == 0 {
		return 0, errors.New("usage: withpostgres COMMAND [ARGUMENT…]")
	}
	c, err := testrig.StartPostgres(false)
	if err != nil {
		return 0, err
	}
	defer c.Stop()
	signal.Ignore(os.Interrupt) // the command gets it too and decides
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), testrig.PostgresEnv+"="+c.URL)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	var exit *exec.ExitError
	if err := cmd.Run(); errors.As(err, &exit) {
		return exit.ExitCode(), nil
	} else if err != nil {
		return 0, err
	}
	return 0, nil
}
