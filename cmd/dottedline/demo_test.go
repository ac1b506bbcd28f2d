package main

import (
	"log/slog"
	"testing"

	"dottedline"
	"dottedline/internal/config"
	"dottedline/internal/demo"
	"dottedline/internal/desk"
)

// Whoever tries the demo sends an agreement with two keys, and fills in nothing.
func TestDemoCanSend(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := config.Default()
	c.Data = t.TempDir()
	d, db, err := open(ctx, c, true)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	secret, err := d.SetupLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	session, err := d.SetUp(ctx, secret, desk.NewOwner{Workspace: "Dottedline demo", Currency: "USD", Name: demo.Name, Email: demo.Address, Password: "the demo of dottedline", Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	me, err := d.Session(ctx, session)
	if err != nil {
		t.Fatal(err)
	}
	people, err := demo.Start(ctx, slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	defer people.Close()
	if err := connectDemo(ctx, d, me, people); err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct {
		address string
		kind    dottedline.Kind
		value   string
	}{{"maya@northwind-labs.example.com", dottedline.Sale, "28,800"}, {"ingrid.dahl@fernhill-foods.example.com", dottedline.Partnership, "160000 NOK"}} {
		deal, err := d.NewDeal(ctx, me, "", p.address, p.kind, p.value)
		if err == nil {
			err = d.SayYes(ctx, me, deal, "Yes, let's do it.", 0, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		id, err := d.MakeAgreement(ctx, me, deal, "")
		if err != nil {
			t.Fatal(err)
		}
		page, err := d.AgreementPage(ctx, me, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range page.Holes { // a name comes with the first mail
			if h != "Signers: name of "+p.address {
				t.Errorf("%s: %s is empty", p.kind, h)
			}
		}
	}
}
