package web

import (
	"dottedline"
	"dottedline/internal/desk"
	"dottedline/internal/web/html"
)

func draftsSample(s html.Shell) html.DrafterSettings {
	return html.DrafterSettings{Shell: s, Owner: true, On: true, HasKey: true, URL: "http://127.0.0.1:11434/v1", Model: "llama3.1", Test: desk.DrafterTest, Answer: "ready"}
}

func writerSample() *html.Writer {
	return &html.Writer{Model: "llama3.1", URL: "http://127.0.0.1:11434/v1", Seal: "s", Prompt: dottedline.Drafting{
		Facts: dottedline.Facts{Name: "Maya Okafor", Company: "Northwind Labs", MyName: "Sam Field", Subject: "Forty seats", Value: "28800"},
		Wrote: "Numbers work for us. One question on the notice period, can we talk at four?", Lines: []string{"Tue 24 November, 16:00: [link 1]"}, Template: "Maya,\n\nThank you for this.\n\nSam"}.Prompt()}
}

// modelSample offers a model to write with.
func modelSample(assets string) html.Now {
	n := nowSample(assets)
	hero := *n.Hero
	hero.Reply.Writer = writerSample()
	n.Hero = &hero
	return n
}

// writtenSample has a text that a model wrote.
func writtenSample(assets string) html.Deal {
	d := dealSample(assets)
	d.Writing, d.Reply.Editable, d.Reply.Writer, d.Reply.Model = true, true, writerSample(), "llama3.1"
	return d
}
