package dottedline

import (
	"strings"
	"unicode"
)

// Workspace is one team and its data; the unit of isolation.
type Workspace struct {
	ID       WorkspaceID
	Name     string
	Currency string // ISO 4217; sums are shown in it
}

// Role is what a member may do.
type Role string

// The roles.
const (
	Owner      Role = "owner"  // also connects mailboxes, invites, changes settings of the workspace
	MemberRole Role = "member" // everything else
)

// Member is a user of a workspace.
type Member struct {
	ID    MemberID
	Email Address
	Name  string
	Role  Role
	Hours Hours
}

// Actor is who acts, and where. Every act of the desk takes one.
type Actor struct {
	Workspace WorkspaceID
	Member    MemberID
	Role      Role
}

// Address is a mail address with its domain in lower case.
type Address string

// MakeAddress puts an address into its one form. The local part keeps no case
// either: no mail system in use tells two people apart by it.
func MakeAddress(s string) Address { return Address(strings.ToLower(strings.TrimSpace(s))) }

// Domain is what follows the last @, or "".
func (a Address) Domain() string {
	if i := strings.LastIndexByte(string(a), '@'); i >= 0 {
		return string(a[i+1:])
	}
	return ""
}

// Person is one who one deals with.
type Person struct {
	ID      PersonID
	Company CompanyID // 0 where the address is at a free-mail provider
	Name    string    // the fullest name seen, or the address
	Address Address   // the one written from last
}

// First is the name to greet with: the first word of the name, or "" when
// there is only an address.
func (p Person) First() string {
	if strings.Contains(p.Name, "@") {
		return ""
	}
	name := p.Name
	if strings.IndexFunc(name, eastAsian) >= 0 {
		return name
	}
	if family, given, ok := strings.Cut(name, ","); ok && strings.TrimSpace(given) != "" && !strings.Contains(family, " ") {
		name = given
	}
	f := strings.Fields(name)
	if len(f) == 0 {
		return ""
	}
	for len(f) > 1 && isTitle[strings.ToLower(strings.TrimSuffix(f[0], "."))] {
		f = f[1:]
	}
	return f[0]
}

// eastAsian letters write names family first, and nobody is greeted by half of one.
func eastAsian(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
}

var isTitle = map[string]bool{"dr": true, "mr": true, "mrs": true, "ms": true, "prof": true, "herr": true, "frau": true, "mme": true}

// BetterName says whether a newly seen display name tells more than the one held.
func BetterName(held, seen string) bool {
	return nameWorth(seen) > nameWorth(held)
}

func nameWorth(s string) int {
	switch {
	case s == "":
		return 0
	case strings.Contains(s, "@"):
		return 1
	case strings.Contains(strings.TrimSpace(s), " ") && s != strings.ToLower(s):
		return 4
	case strings.Contains(strings.TrimSpace(s), " "):
		return 3
	}
	return 2
}

// Company is the organisation behind a mail domain.
type Company struct {
	ID     CompanyID
	Name   string
	Domain string
}

// CompanyName makes a readable name of a domain: harbor-pine.example.com stands
// for "Harbor Pine".
func CompanyName(domain string) string {
	label, rest, _ := strings.Cut(domain, ".")
	for (label == "mail" || label == "email" || label == "www" || label == "mx") && strings.Contains(rest, ".") {
		label, rest, _ = strings.Cut(rest, ".")
	}
	words := strings.FieldsFunc(label, func(r rune) bool { return r == '-' || r == '_' })
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

// FreeMail says whether a domain gives addresses to anyone, so that it names no company.
func FreeMail(domain string) bool {
	if freeMail[domain] {
		return true
	}
	for _, p := range []string{"yahoo.", "hotmail.", "outlook.", "live.", "gmx.", "msn.", "yandex."} {
		if strings.HasPrefix(domain, p) {
			return true
		}
	}
	return false
}

var freeMail = func() map[string]bool {
	m := map[string]bool{}
	for d := range strings.FieldsSeq(`gmail.com googlemail.com icloud.com me.com mac.com aol.com proton.me protonmail.com
		protonmail.ch pm.me tutanota.com tuta.io web.de t-online.de freenet.de posteo.de mailbox.org fastmail.com fastmail.fm
		hey.com zoho.com mail.com mail.ru inbox.ru bk.ru list.ru rambler.ru ymail.com rocketmail.com qq.com 163.com 126.com
		sina.com sohu.com foxmail.com naver.com daum.net hanmail.net nate.com rediffmail.com orange.fr wanadoo.fr free.fr
		laposte.net sfr.fr libero.it virgilio.it alice.it tiscali.it tin.it uol.com.br bol.com.br terra.com.br seznam.cz
		wp.pl o2.pl onet.pl interia.pl op.pl bluewin.ch comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net
		btinternet.com sky.com virginmedia.com ntlworld.com bigpond.com optusnet.com.au shaw.ca rogers.com telus.net
		docomo.ne.jp ezweb.ne.jp softbank.ne.jp freemail.example.com`) {
		m[d] = true
	}
	return m
}()
