package desk

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strings"
	"time"

	"dottedline"
	"dottedline/internal/store"
)

// codesAnHour bounds how many codes are mailed for one link.
const codesAnHour = 5

// RequestCode mails a one-time code of six digits to the address that the link
// is for. Only a hash is kept, which needs the link's secret to be tried.
func (d *Desk) RequestCode(ctx context.Context, v Visitor) (err error) {
	defer wrap("request code", &err)
	l, _, err := d.door(ctx, v)
	if err != nil {
		return err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return err
	}
	code := fmt.Sprintf("%06d", n)
	many := false
	err = d.db.Write(ctx, l.Workspace, func(t *store.Tx) error {
		many = false
		r, err := openRoom(t, v)
		if err != nil {
			return err
		}
		for what, most := range map[string]int64{"code " + l.Hash: codesAnHour, "code from " + v.IP: 10 * codesAnHour} {
			if n, err := t.Try(what, time.Hour); err != nil {
				return err
			} else if n > most {
				many = true
			}
		}
		if many {
			return nil
		}
		if err := t.SetCode(l.Hash, codeHash(v.Link, code), t.Now.Add(dottedline.CodeFor)); err != nil {
			return err
		}
		w, _, err := t.ThisWorkspace()
		if err != nil {
			return err
		}
		text := fmt.Sprintf("Your code is %s\n\nIt opens the agreement from %s and is good for ten minutes. If you did not ask for it, do nothing.", code, w.Name)
		o, err := post(t, letter{from: r.Member, to: r.me().Address, name: r.me().Name, subject: code + " is your code", text: text, machine: true,
			once: "code " + l.Hash + " " + codeHash(v.Link, code) + t.Now.String()})
		if err != nil {
			return err
		}
		return evidence(t, r.Agreement, fact{kind: "code sent", actor: named(*r.me()), v: v, data: map[string]string{"message_id": o.MessageID}})
	})
	d.wakeUp()
	if err == nil && many {
		return &dottedline.Problem{Kind: dottedline.TooMany, Text: "Too many codes were asked for.", Hint: "Use the last one, or wait an hour."}
	}
	return err
}

func codeHash(link, code string) string { return hashOf("code\n" + link + "\n" + code) }

// EnterCode opens the room for a browser, for RoomFor. The fifth wrong try uses
// the code up.
func (d *Desk) EnterCode(ctx context.Context, v Visitor, code string) (session string, err error) {
	defer wrap("enter code", &err)
	l, _, err := d.door(ctx, v)
	if err != nil {
		return "", err
	}
	code = strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, code)
	secret, hash := newToken()
	right := false
	err = d.db.Write(ctx, l.Workspace, func(t *store.Tx) error {
		right = false
		r, err := openRoom(t, v)
		if err != nil {
			return err
		}
		n, err := t.TryCode(l.Hash)
		if err != nil {
			return err
		}
		good := r.link.CodeHash != "" && r.link.CodeUntil.After(t.Now) && n <= dottedline.CodeTries
		right = good && subtle.ConstantTimeCompare([]byte(r.link.CodeHash), []byte(codeHash(v.Link, code))) == 1
		if !right {
			if n >= dottedline.CodeTries {
				if err := t.SetCode(l.Hash, "", time.Time{}); err != nil {
					return err
				}
			}
			return evidence(t, r.Agreement, fact{kind: "code wrong", actor: named(*r.me()), v: v})
		}
		if err := t.SetCode(l.Hash, "", time.Time{}); err != nil {
			return err
		}
		if err := t.PutToken(store.Token{Hash: hash, Kind: roomToken, Data: l.Hash, Until: t.Now.Add(dottedline.RoomFor)}); err != nil {
			return err
		}
		if err := evidence(t, r.Agreement, fact{kind: "code entered", actor: named(*r.me()), v: v}); err != nil {
			return err
		}
		return r.opened()
	})
	d.wakeUp()
	if err != nil {
		return "", err
	}
	if !right {
		return "", dottedline.Wrong("Check the newest mail, or ask for a new code.", "That is not the code, or it is too old.")
	}
	return secret, nil
}
