package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/web/html"
)

func membersPage(v *visit) (templ.Component, error) { return showMembers(v, "", nil) }

func showMembers(v *visit, link string, p *dottedline.Problem) (templ.Component, error) {
	s, err := v.shell("Members", "settings", "")
	if err != nil {
		return nil, err
	}
	ms, err := v.desk.Members(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	w := v.me.Settings
	out := html.MembersSettings{
		Shell: s, Owner: v.actor.Role == dottedline.Owner, Invite: link, Problem: problemOf(p), Team: v.me.Workspace.Name, Currency: v.me.Workspace.Currency,
		Unvalued: strconv.FormatFloat(w.Unvalued, 'f', -1, 64), Minute: strconv.FormatFloat(w.Minute, 'f', -1, 64),
	}
	for _, m := range ms {
		out.Members = append(out.Members, html.WorkspaceMember{ID: m.ID.String(), Name: m.Name, Email: string(m.Email), Role: string(m.Role), Me: m.ID == v.actor.Member})
	}
	return html.MembersPage(out), nil
}

// invite makes a link and shows it, once.
func invite(v *visit) (string, again, error) {
	secret, err := v.desk.Invite(v.Context(), v.actor, dottedline.Role(v.PostFormValue("role")))
	if err != nil {
		return "", func(p *dottedline.Problem) (templ.Component, error) { return showMembers(v, "", p) }, err
	}
	c, err := showMembers(v, v.origin()+"/join/"+secret, nil)
	if err != nil {
		return "", nil, err
	}
	return "", nil, v.render(200, c)
}

func removeMember(v *visit) (string, again, error) {
	id, err := dottedline.ParseID[dottedline.Member](v.PathValue("member"))
	if err != nil {
		return "", nil, dottedline.Missing("member")
	}
	return "/settings/members", func(p *dottedline.Problem) (templ.Component, error) { return showMembers(v, "", p) }, v.desk.RemoveMember(v.Context(), v.actor, id)
}

func setWorkspace(v *visit) (string, again, error) {
	s := v.me.Settings
	var err1, err2 error
	s.Unvalued, err1 = strconv.ParseFloat(strings.TrimSpace(v.PostFormValue("unvalued")), 64)
	s.Minute, err2 = strconv.ParseFloat(strings.TrimSpace(v.PostFormValue("minute")), 64)
	var err error = dottedline.Wrong("Write them like 1000 and 2.5.", "These numbers can’t be read.")
	if err1 == nil && err2 == nil {
		err = v.desk.SetWorkspace(v.Context(), v.actor, v.PostFormValue("team"), s)
	}
	return "/settings/members?saved=1", func(p *dottedline.Problem) (templ.Component, error) { return showMembers(v, "", p) }, err
}

func profilePage(v *visit) (templ.Component, error) { return showProfile(v, "", nil) }

func showProfile(v *visit, key string, p *dottedline.Problem) (templ.Component, error) {
	s, err := v.shell("You", "settings", "")
	if err != nil {
		return nil, err
	}
	out := html.ProfileSettings{Shell: s, Name: v.me.Member.Name, Email: string(v.me.Member.Email), NewKey: key, Problem: problemOf(p)}
	keys, err := v.desk.APIKeys(v.Context(), v.actor)
	for _, k := range keys {
		out.Keys = append(out.Keys, html.Key{ID: k.Hash, Name: k.Data, Made: v.day(k.Made)})
	}
	return html.ProfilePage(out), err
}

// newKey makes an API key and shows it, once.
func newKey(v *visit) (string, again, error) {
	secret, err := v.desk.NewAPIKey(v.Context(), v.actor, strings.TrimSpace(v.PostFormValue("name")))
	if err != nil {
		return "", func(p *dottedline.Problem) (templ.Component, error) { return showProfile(v, "", p) }, err
	}
	c, err := showProfile(v, secret, nil)
	if err != nil {
		return "", nil, err
	}
	return "", nil, v.render(200, c)
}

func removeKey(v *visit) (string, again, error) {
	return "/settings/profile", func(p *dottedline.Problem) (templ.Component, error) { return showProfile(v, "", p) }, v.desk.EndAPIKey(v.Context(), v.actor, v.PathValue("key"))
}

func setProfile(v *visit) (string, again, error) {
	return "/settings/profile?saved=1", func(p *dottedline.Problem) (templ.Component, error) { return showProfile(v, "", p) },
		v.desk.SetProfile(v.Context(), v.actor, v.PostFormValue("name"))
}

func setPassword(v *visit) (string, again, error) {
	secret, err := v.desk.SetPassword(v.Context(), v.actor, v.PostFormValue("old"), v.PostFormValue("new"))
	if err == nil {
		v.stay(secret)
	}
	return "/settings/profile?saved=1", func(p *dottedline.Problem) (templ.Component, error) { return showProfile(v, "", p) }, err
}
