package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

const call = `WEBVTT

00:00:00.000 --> 00:09:00.000
<v Ana Brook>Thanks for your time. The pilot went well.

00:10:00.000 --> 00:10:06.000
<v Ana Brook>I would like you to sign for forty seats by Friday.

00:10:07.000 --> 00:10:09.000
<v Tom Field>Not this year.
`

func TestAskCheckJSON(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if err := askCmd([]string{"check", "-", "--ask", "Sign for 40 seats by Friday", "--me", "Ana", "--json"}, strings.NewReader(call), &out, &errs); err != nil {
		t.Fatal(err, errs.String())
	}
	var got struct {
		Ask struct {
			Made       bool     `json:"made"`
			Confidence float64  `json:"confidence"`
			AtSeconds  float64  `json:"at_seconds"`
			Position   float64  `json:"position"`
			Text       string   `json:"text"`
			Hedges     []string `json:"hedges"`
			InList     *bool    `json:"in_list"`
			Answer     string   `json:"answer"`
			AnswerText string   `json:"answer_text"`
		} `json:"ask"`
		Requests []struct {
			AtSeconds float64 `json:"at_seconds"`
			Speaker   string  `json:"speaker"`
			Text      string  `json:"text"`
			Score     float64 `json:"score"`
		} `json:"requests"`
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	a := got.Ask
	if !a.Made || a.AtSeconds != 600 || a.Position < 0.9 || a.Hedges == nil || a.InList == nil || *a.InList || a.Answer != "not_now" || a.AnswerText != "Not this year." {
		t.Errorf("got %s", out.String())
	}
	if len(got.Requests) != 1 || got.Requests[0].Speaker != "Ana Brook" || got.Requests[0].Score < 0.15 {
		t.Errorf("requests: %+v", got.Requests)
	}
}

func TestAskCheckInWords(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if err := askCmd([]string{"check", "--ask", "Introduce me to two investors", "--me", "Ana", "-"}, strings.NewReader(call), &out, &errs); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "Not made") {
		t.Errorf("got %q", out.String())
	}
}

func TestAskScore(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"mail", "talk"} {
		var out bytes.Buffer
		if err := askCmd([]string{"score", "--kind", kind}, strings.NewReader("Could you please send me the contract?\n\nIt rained"), &out, &out); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != 3 || lines[0] <= lines[2] || lines[0] < "0.3" {
			t.Errorf("%s: one number a line, the request above: %q", kind, lines)
		}
	}
	var out bytes.Buffer
	if err := askCmd([]string{"score", "--kind", "fax"}, nil, &out, &out); !errors.Is(err, errUsage) {
		t.Errorf("an unknown kind gave %v", err)
	}
}
