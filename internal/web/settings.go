package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"dottedline"
	"dottedline/internal/web/html"
)

// again shows a settings page once more with what is wrong.
type again = func(*dottedline.Problem) (templ.Component, error)

func problemOf(p *dottedline.Problem) *html.Problem {
	if p == nil {
		return nil
	}
	return &html.Problem{Text: p.Text, Hint: p.Hint}
}

var week = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

func hoursPage(v *visit) (templ.Component, error) { return showHours(v, v.me.Member.Hours, nil) }

func showHours(v *visit, h dottedline.Hours, p *dottedline.Problem) (templ.Component, error) {
	s, err := v.shell("Hours", "settings", "")
	out := html.HoursSettings{Shell: s, Zone: h.Zone, Zones: zones, Holidays: strings.Join(h.Holidays, "\n"), Problem: problemOf(p)}
	out.Days = workDays(h.Days)
	return html.HoursPage(out), err
}

func workDays(days [7]dottedline.Span) (out []html.WorkDay) {
	for _, d := range week {
		span := days[d]
		day := html.WorkDay{Key: strconv.Itoa(int(d)), Name: d.String(), On: span != dottedline.Span{}, From: "09:00", To: "17:00"}
		if day.On {
			day.From, day.To = clock(span.From), clock(span.To)
		}
		out = append(out, day)
	}
	return out
}

func clock(minutes int) string {
	if minutes >= 24*60 {
		return "23:59"
	}
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

func setHours(v *visit) (string, again, error) {
	h := dottedline.Hours{Zone: strings.TrimSpace(v.PostFormValue("zone")), Holidays: list(v.PostFormValue("holidays"))}
	var wrong error
	if h.Days, wrong = v.weekOf(); wrong == nil {
		wrong = v.desk.SetHours(v.Context(), v.actor, h)
	}
	return "/settings/hours?saved=1", func(p *dottedline.Problem) (templ.Component, error) { return showHours(v, h, p) }, wrong
}

// weekOf reads the hours of each weekday that a form has.
func (v *visit) weekOf() (days [7]dottedline.Span, wrong error) {
	for _, d := range week {
		key := strconv.Itoa(int(d))
		if !slices.Contains(v.PostForm["day"], key) {
			continue
		}
		from, err1 := time.Parse("15:04", v.PostFormValue("from-"+key))
		to, err2 := time.Parse("15:04", v.PostFormValue("to-"+key))
		if err1 != nil || err2 != nil {
			wrong = dottedline.Wrong("Write them like 09:00 and 17:30.", "The hours of %s can’t be read.", d)
		}
		days[d] = dottedline.Span{From: from.Hour()*60 + from.Minute(), To: to.Hour()*60 + to.Minute()}
		if clock(days[d].To) == "23:59" {
			days[d].To = 24 * 60
		}
	}
	return days, wrong
}

func repliesPage(v *visit) (templ.Component, error) {
	return showReplies(v, html.ReplyTemplate{}, nil)
}

var moments = []struct {
	when dottedline.Moment
	name string
}{
	{dottedline.OnQuestion, "They asked a question"}, {dottedline.OnMessage, "They wrote, without a question"}, {dottedline.OnSilence, "They have been silent"}, {dottedline.OnTime, "They want to talk or meet"},
}

func whenChoices(chosen dottedline.Moment) (out []html.Choice) {
	for _, m := range moments {
		out = append(out, html.Choice{Value: string(m.when), Label: m.name, Chosen: m.when == chosen})
	}
	return out
}

var fieldWords = map[string]string{
	"greeting": "“Maya,” or “Hello,”", "first_name": "their first name", "name": "their name", "company": "their company", "my_name": "your name",
	"subject": "what the mail is about", "question": "the question that they asked", "value": "the deal’s value",
	"answer": "the library’s answer to it", "times": "free times that are held for them, one a line",
}

// showReplies shows the own templates, the shipped ones to copy from, and
// tried: one that could not be kept.
func showReplies(v *visit, tried html.ReplyTemplate, p *dottedline.Problem) (templ.Component, error) {
	out := html.ReplySettings{Problem: problemOf(p)}
	var err error
	if out.Shell, err = v.shell("Replies", "settings", ""); err != nil {
		return nil, err
	}
	own, err := v.desk.Templates(v.Context(), v.actor)
	if err != nil {
		return nil, err
	}
	for _, t := range own {
		x := html.ReplyTemplate{ID: t.ID.String(), Name: t.Name, Text: t.Text, When: whenChoices(t.When)}
		if tried.ID == x.ID {
			x = tried
		}
		out.Templates = append(out.Templates, x)
	}
	fresh := html.ReplyTemplate{When: whenChoices("")}
	if p != nil && tried.ID == "" {
		fresh = tried
	}
	out.Templates = append(out.Templates, fresh)
	for _, t := range dottedline.ShippedTemplates {
		i := slices.IndexFunc(moments, func(m struct {
			when dottedline.Moment
			name string
		}) bool {
			return m.when == t.When
		})
		out.Shipped = append(out.Shipped, html.ReplyTemplate{Name: t.Name, Text: t.Text, When: whenChoices(t.When), WhenName: moments[i].name})
	}
	for _, f := range dottedline.Fields {
		out.Fields = append(out.Fields, html.Field{Name: "{{" + f + "}}", What: fieldWords[f]})
	}
	return html.RepliesPage(out), nil
}

func setReply(v *visit) (string, again, error) {
	t := dottedline.Template{Name: strings.TrimSpace(v.PostFormValue("name")), When: dottedline.Moment(v.PostFormValue("when")), Text: strings.ReplaceAll(v.PostFormValue("text"), "\r\n", "\n")}
	var err error
	if id := v.PathValue("template"); id != "" {
		if t.ID, err = dottedline.ParseID[dottedline.Template](id); err != nil {
			return "", nil, dottedline.Missing("template")
		}
		if v.PostFormValue("remove") != "" {
			return "/settings/replies", nil, v.desk.DropTemplate(v.Context(), v.actor, t.ID)
		}
	}
	_, err = v.desk.SaveTemplate(v.Context(), v.actor, t)
	return "/settings/replies?saved=1", func(p *dottedline.Problem) (templ.Component, error) {
		return showReplies(v, html.ReplyTemplate{ID: v.PathValue("template"), Name: t.Name, Text: t.Text, When: whenChoices(t.When)}, p)
	}, err
}

// zones are offered while one types; any IANA name is taken.
var zones = strings.Fields(`UTC Europe/London Europe/Dublin Europe/Lisbon Europe/Paris Europe/Berlin Europe/Amsterdam Europe/Brussels Europe/Madrid
	Europe/Rome Europe/Vienna Europe/Zurich Europe/Prague Europe/Warsaw Europe/Budapest Europe/Copenhagen Europe/Oslo Europe/Stockholm Europe/Helsinki
	Europe/Athens Europe/Bucharest Europe/Kyiv Europe/Istanbul Africa/Lagos Africa/Accra Africa/Nairobi Africa/Johannesburg Africa/Cairo Asia/Jerusalem
	Asia/Dubai Asia/Karachi Asia/Kolkata Asia/Dhaka Asia/Bangkok Asia/Ho_Chi_Minh Asia/Jakarta Asia/Singapore Asia/Shanghai Asia/Hong_Kong Asia/Taipei
	Asia/Seoul Asia/Tokyo Australia/Perth Australia/Sydney Pacific/Auckland America/St_Johns America/Halifax America/New_York America/Chicago
	America/Denver America/Phoenix America/Los_Angeles America/Anchorage Pacific/Honolulu America/Mexico_City America/Bogota America/Lima
	America/Santiago America/Buenos_Aires America/Sao_Paulo`)
