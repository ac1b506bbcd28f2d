package web

import "net/http"

// routes are all addresses of the pages. Pages are read with GET and change
// nothing; acts are posted and answer with the page to go to.
func (s *server) routes() http.Handler {
	m := http.NewServeMux()
	m.Handle("GET /assets/", s.assets)

	m.HandleFunc("GET /setup/{secret}", s.anyone(setupPage))
	m.HandleFunc("POST /setup/{secret}", s.anyone(setUp))
	m.HandleFunc("GET /join/{secret}", s.anyone(joinPage))
	m.HandleFunc("POST /join/{secret}", s.anyone(join))
	m.HandleFunc("GET /sign-in", s.anyone(signInPage))
	m.HandleFunc("POST /sign-in", s.anyone(signIn))
	m.HandleFunc("GET /enter/{secret}", s.anyone(enter))
	m.HandleFunc("POST /sign-out", s.act(signOut))

	m.Handle("GET /{$}", http.RedirectHandler("/now", http.StatusSeeOther))
	m.HandleFunc("GET /now", s.page(nowPage))
	m.HandleFunc("GET /deals", s.page(dealsPage))
	m.HandleFunc("GET /deals/{deal}", s.page(dealPage))
	m.HandleFunc("GET /messages/{mail}", s.page(letterPage))
	m.HandleFunc("GET /messages/{mail}/html", s.raw(letterFrame))
	m.HandleFunc("GET /messages/{mail}/files/{n}", s.raw(letterFile))
	m.HandleFunc("GET /palette", s.page(palette))
	m.HandleFunc("GET /live", s.raw(stream))

	m.HandleFunc("POST /deals", s.act(newDeal))
	m.HandleFunc("POST /deals/{deal}/send", s.act(send))
	m.HandleFunc("POST /deals/{deal}/draft", s.raw(draft))
	m.HandleFunc("POST /deals/{deal}/later", s.act(later))
	m.HandleFunc("POST /deals/{deal}/note", s.act(note))
	m.HandleFunc("POST /deals/{deal}/call", s.act(call))
	m.HandleFunc("POST /deals/{deal}/edit", s.act(edit))
	m.HandleFunc("POST /deals/{deal}/step", s.act(step))
	m.HandleFunc("POST /deals/{deal}/merge", s.act(merge))
	m.HandleFunc("POST /deals/{deal}/split", s.act(split))
	m.HandleFunc("POST /deals/{deal}/people", s.act(addPerson))
	m.HandleFunc("POST /deals/{deal}/people/{person}/remove", s.act(removePerson))
	m.HandleFunc("POST /offers/{thread}", s.act(answerOffer))
	m.HandleFunc("POST /outbox/{mail}/undo", s.act(undo))
	m.HandleFunc("POST /outbox/{mail}/decide", s.act(decide))

	m.Handle("GET /settings", http.RedirectHandler("/settings/mail", http.StatusSeeOther))
	m.HandleFunc("GET /settings/mail", s.page(mailPage))
	m.HandleFunc("GET /settings/mail/new", s.page(connectPage))
	m.HandleFunc("POST /settings/mail/new", s.form(connect))
	m.HandleFunc("GET /settings/mail/{box}", s.page(changeBoxPage))
	m.HandleFunc("POST /settings/mail/{box}", s.form(connect))
	m.HandleFunc("POST /settings/mail/{box}/sync", s.act(syncNow))
	m.HandleFunc("POST /settings/mail/{box}/aliases", s.act(aliases))
	m.HandleFunc("GET /settings/hours", s.page(hoursPage))
	m.HandleFunc("POST /settings/hours", s.form(setHours))
	m.HandleFunc("GET /settings/replies", s.page(repliesPage))
	m.HandleFunc("POST /settings/replies", s.form(setReply))
	m.HandleFunc("POST /settings/replies/{template}", s.form(setReply))
	m.HandleFunc("GET /settings/members", s.page(membersPage))
	m.HandleFunc("POST /settings/members", s.form(invite))
	m.HandleFunc("POST /settings/members/{member}/remove", s.form(removeMember))
	m.HandleFunc("GET /settings/profile", s.page(profilePage))
	m.HandleFunc("POST /settings/profile", s.form(setProfile))
	m.HandleFunc("POST /settings/keys", s.form(newKey))
	m.HandleFunc("POST /settings/keys/{key}/remove", s.form(removeKey))
	m.HandleFunc("POST /settings/password", s.form(setPassword))
	m.HandleFunc("POST /settings/workspace", s.form(setWorkspace))

	m.HandleFunc("/", s.anyone(func(*visit) error { return missing }))
	return m
}
