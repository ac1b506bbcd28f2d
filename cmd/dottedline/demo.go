package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"

	"dottedline"
	"dottedline/internal/config"
	"dottedline/internal/demo"
	"dottedline/internal/desk"
)

// runDemo starts the program on a fresh folder beside a mail server with
// simulated prospects.
func runDemo(ctx context.Context, w world, args []string) error {
	c := config.Default()
	c.Data, c.Listen = "", "127.0.0.1:0"
	if rest, err := parse(w.flags(&c, "demo", "", "data", "database-url", "listen", "log"), args); err != nil || len(rest) > 0 {
		return cmpErr(err, errUsage)
	}
	if c.Data == "" {
		dir, err := os.MkdirTemp("", "dottedline-demo-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		c.Data = dir
	}
	d, db, err := open(ctx, c, true)
	if err != nil {
		return err
	}
	defer db.Close()
	secret, err := d.SetupLink(ctx)
	if err != nil {
		return err
	}
	if secret == "" {
		return dottedline.Wrong("Leave --data away: the demo then makes an empty folder and removes it at the end.", "%s is in use.", c.Data)
	}
	h, err := newHouse(ctx, w, c, d, db, true)
	if err != nil {
		return err
	}
	session, err := d.SetUp(ctx, secret, desk.NewOwner{Workspace: "Dottedline demo", Currency: "USD", Name: demo.Name, Email: demo.Address, Password: "the demo of dottedline", Zone: "UTC"})
	if err != nil {
		return err
	}
	people, err := demo.Start(ctx, h.log)
	if err != nil {
		return err
	}
	defer people.Close()
	me, err := d.Session(ctx, session)
	if err != nil {
		return err
	}
	if err := connectDemo(ctx, d, me, people); err != nil {
		return err
	}
	go func() {
		if err := people.Seller(ctx, d, me); err != nil && ctx.Err() == nil {
			h.log.Error("demo", "err", err)
		}
	}()
	fmt.Fprintf(w.out, "Twelve people are about to write to you. You are signed in at\n\n  %s/enter/%s\n\nNothing leaves this machine. Ctrl-C ends it.\n", h.url, session)
	return h.run(ctx)
}

func connectDemo(ctx context.Context, d *desk.Desk, me dottedline.Actor, people *demo.World) error {
	imap, err := loopback(people.IMAPAddr)
	if err != nil {
		return err
	}
	smtp, err := loopback(people.SMTPAddr)
	if err != nil {
		return err
	}
	rates := map[string]float64{"EUR": 1.1, "NOK": 0.095, "JPY": 0.0066} // round figures, for the demo only
	meNow, err := d.Me(ctx, me)
	if err != nil {
		return err
	}
	meNow.Settings.Rates = rates
	if err := d.SetWorkspace(ctx, me, meNow.Workspace.Name, meNow.Settings); err != nil {
		return err
	}
	if err := d.SetPromise(ctx, me, 2); err != nil {
		return err
	}
	closing, err := d.ClosingSettings(ctx, me)
	if err != nil {
		return err
	}
	closing.Fields = map[string]string{"Us.Address": "1 Quay Street, Galway", "Terms.Law": "Ireland", "Terms.Court": "Dublin"}
	if err := d.SetClosingSettings(ctx, me, closing); err != nil {
		return err
	}
	id, err := d.Connect(ctx, me, desk.Account{Address: demo.Address, User: demo.Address, Secret: demo.Password, IMAP: imap, SMTP: smtp})
	if err != nil {
		return err
	}
	return d.AddAlias(ctx, me, id, demo.Alias, dottedline.Sale)
}

func loopback(addr string) (desk.Server, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return desk.Server{}, err
	}
	n, err := strconv.Atoi(port)
	return desk.Server{Host: host, Port: n, TLS: "none"}, err
}
