package web

import (
	"strings"
	"time"

	"dottedline"
)

// onDeal serves an act on the deal in the address, and goes back to its page.
func onDeal(v *visit, f func(dottedline.DealID) error) (string, error) {
	id, err := dealID(v)
	if err != nil {
		return "", err
	}
	return "/deals/" + id.String(), f(id)
}

// newDeal makes a deal with somebody by their address.
func newDeal(v *visit) (string, error) {
	id, err := v.desk.NewDeal(v.Context(), v.actor, v.PostFormValue("name"), v.PostFormValue("address"), dottedline.Kind(v.PostFormValue("kind")), v.PostFormValue("value"))
	return "/deals/" + id.String() + "?write=1", err
}

func note(v *visit) (string, error) {
	return onDeal(v, func(id dottedline.DealID) error {
		return v.desk.Note(v.Context(), v.actor, id, strings.TrimSpace(v.PostFormValue("text")))
	})
}

func call(v *visit) (string, error) {
	return onDeal(v, func(id dottedline.DealID) error {
		at := v.now
		if s := v.PostFormValue("at"); s != "" {
			t, err := time.ParseInLocation("2006-01-02T15:04", s, v.zone)
			if err != nil {
				return dottedline.Wrong("Write it like 2026-11-17T15:30.", "%q is not a time.", s)
			}
			if at = t; at.After(v.now) {
				return dottedline.Wrong("Add it when it has taken place.", "That time is still to come.")
			}
		}
		next := dottedline.Side(v.PostFormValue("ball"))
		if next != dottedline.Us && next != dottedline.Them {
			next = dottedline.Nobody
		}
		return v.desk.Call(v.Context(), v.actor, id, at, next, strings.TrimSpace(v.PostFormValue("text")))
	})
}

// edit changes the name, the kind and the value, each only where it differs.
func edit(v *visit) (string, error) {
	return onDeal(v, func(id dottedline.DealID) error {
		p, err := v.desk.DealPage(v.Context(), v.actor, id)
		if err != nil {
			return err
		}
		if name := strings.TrimSpace(v.PostFormValue("name")); name != p.Deal.Name {
			if err := v.desk.Rename(v.Context(), v.actor, id, name); err != nil {
				return err
			}
		}
		if k := dottedline.Kind(v.PostFormValue("kind")); k != p.Deal.Kind {
			if err := v.desk.SetKind(v.Context(), v.actor, id, k); err != nil {
				return err
			}
		}
		value := strings.TrimSpace(v.PostFormValue("value"))
		if value == "" || value == p.Deal.Value.String() {
			return nil
		}
		return v.desk.SetValue(v.Context(), v.actor, id, value)
	})
}

func step(v *visit) (string, error) {
	return onDeal(v, func(id dottedline.DealID) error {
		return v.desk.Step(v.Context(), v.actor, id, dottedline.TouchKind(v.PostFormValue("step")), strings.TrimSpace(v.PostFormValue("words")))
	})
}

func split(v *visit) (string, error) {
	th, err := dottedline.ParseID[dottedline.Thread](v.PostFormValue("thread"))
	if err != nil {
		return "", dottedline.Missing("thread")
	}
	id, err := dealID(v)
	if err != nil {
		return "", err
	}
	id, err = v.desk.SplitDeal(v.Context(), v.actor, id, th)
	return "/deals/" + id.String(), err
}

func addPerson(v *visit) (string, error) {
	return onDeal(v, func(id dottedline.DealID) error {
		return v.desk.AddPerson(v.Context(), v.actor, id, v.PostFormValue("address"))
	})
}

func removePerson(v *visit) (string, error) {
	who, err := dottedline.ParseID[dottedline.Person](v.PathValue("person"))
	if err != nil {
		return "", dottedline.Missing("person")
	}
	return onDeal(v, func(id dottedline.DealID) error { return v.desk.RemovePerson(v.Context(), v.actor, id, who) })
}
