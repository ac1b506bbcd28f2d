// Package config says where Dottedline keeps its data and how it is reached. It
// describes itself: the flags and their help are made of the struct's tags.
package config

import (
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"

	"dottedline"
)

// Config is what the program is told at its start.
type Config struct {
	Data     string `flag:"data" help:"the folder with the database and the key file"`
	Database string `flag:"database-url" help:"postgres://… when one machine is not enough; otherwise a file in the data folder"`
	Listen   string `flag:"listen" help:"address and port of the pages"`
	URL      string `flag:"url" help:"where people reach the pages, when a proxy stands before them: https://…"`
	Log      string `flag:"log" help:"debug, info, warn or error"`
	Undo     string `flag:"undo" help:"how long a send can be taken back"`
	Private  string `flag:"private" help:"yes lets calendars, webhooks, language models and time-stamp authorities lie in this server's own network"`
}

// Default are the values without any flag.
func Default() Config {
	dir, err := os.UserHomeDir()
	if err != nil {
		dir = "."
	}
	if x := os.Getenv("XDG_DATA_HOME"); x != "" {
		dir = filepath.Join(x, "dottedline")
	} else {
		dir = filepath.Join(dir, ".local", "share", "dottedline")
	}
	return Config{Data: dir, Listen: "127.0.0.1:8080", Log: "warn", Undo: dottedline.UndoFor.String()}
}

// Flags adds the named fields, or all when none is named, to a flag set.
func (c *Config) Flags(fs *flag.FlagSet, names ...string) {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := f.Tag.Get("flag")
		wanted := len(names) == 0
		for _, n := range names {
			wanted = wanted || n == name
		}
		if wanted {
			p := v.Field(i).Addr().Interface().(*string)
			fs.StringVar(p, name, *p, f.Tag.Get("help"))
		}
	}
}

// DatabaseURL is what the store opens.
func (c Config) DatabaseURL() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "dottedline.db")
}

// Prepare makes the data folder, open to nobody else.
func (c Config) Prepare() error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return nil
}

// Key reads the key file of the data folder, of size bytes; it is made at the
// first start. It is never in the database: who has a copy of the database
// alone reads no password of a mailbox.
func (c Config) Key(size int) ([]byte, error) {
	name := filepath.Join(c.Data, "key")
	key, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, size)
		rand.Read(key)
		return key, writeOnce(name, key)
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	if len(key) != size {
		return nil, fmt.Errorf("key file %s has %d bytes instead of %d: put the right one back; without it the passwords of mailboxes can't be read", name, len(key), size)
	}
	return key, nil
}

// writeOnce makes a file whole or not at all, and never writes over one.
func writeOnce(name string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".key-*")
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Link(f.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	return nil
}
