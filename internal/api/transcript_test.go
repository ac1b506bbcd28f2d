package api_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"dottedline/internal/api"
	"dottedline/internal/desk"
	"dottedline/internal/store"
	"dottedline/internal/store/storetest"
)

// whisper writes two hours of talk as Whisper does with a time for each word;
// the ask is said once.
func whisper(t *testing.T, ask string) string {
	type word struct {
		Word        string  `json:"word"`
		Start       float64 `json:"start"`
		End         float64 `json:"end"`
		Probability float64 `json:"probability"`
	}
	type segment struct {
		ID     int     `json:"id"`
		Start  float64 `json:"start"`
		End    float64 `json:"end"`
		Text   string  `json:"text"`
		Tokens []int   `json:"tokens"`
		Words  []word  `json:"words"`
	}
	var list []segment
	for at := 0.0; at < 7200; at += 4 {
		s := segment{ID: len(list), Start: at, End: at + 4, Text: " The numbers of the second quarter came in late because two of the clinics had moved."}
		if s.ID == 900 {
			s.Text = " " + ask
		}
		for i, w := range strings.Fields(s.Text) {
			from := at + float64(i)*0.217
			s.Words = append(s.Words, word{" " + w, from, from + 0.2, 0.9876543209876543})
			s.Tokens = append(s.Tokens, 50364+i)
		}
		list = append(list, s)
	}
	b, err := json.MarshalIndent(map[string]any{"language": "en", "segments": list}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTwoHoursOfWhisperByTheAPI(t *testing.T) {
	t.Parallel()
	text := whisper(t, "Would you sign the pilot for forty seats by Friday?")
	if n := len(text); n < 4<<20 {
		t.Fatalf("the transcript has only %d bytes", n)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v, err := desk.NewVault(make([]byte, desk.KeySize))
		if err != nil {
			t.Fatal(err)
		}
		d := desk.New(db, v)
		me, err := d.Operator(ctx, "sam@pine.example.com")
		if err != nil {
			t.Fatal(err)
		}
		key, err := d.NewAPIKey(ctx, me, "test")
		if err != nil {
			t.Fatal(err)
		}
		h := api.New(d, slog.New(slog.DiscardHandler))
		post := func(path, body string) (code int, answer, id string) {
			code, answer = call(t, h, key, "POST", path, body)
			var made struct{ ID string }
			json.Unmarshal([]byte(answer), &made)
			return code, answer, made.ID
		}
		_, _, deal := post("/deals", `{"address":"maya@northwind.example.com","kind":"sale","value":"28,800"}`)
		code, answer, id := post("/deals/"+deal+"/meetings", fmt.Sprintf(`{"at":%q,"minutes":120,"title":"Pilot"}`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339)))
		if code != 200 {
			t.Fatalf("meeting: %d %s", code, answer)
		}
		if code, answer, _ = post("/meetings/"+id+"/ask", `{"ask":"Sign the pilot for forty seats by Friday"}`); code != 200 {
			t.Fatalf("ask: %d %s", code, answer)
		}
		file := func(text string) string {
			b, err := json.Marshal(map[string]string{"name": "talk.json", "text": text})
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		if code, answer, _ = post("/meetings/"+id+"/transcript", file(text)); code != 200 || !strings.Contains(answer, `"made":true`) || !strings.Contains(answer, `"at_seconds":3600`) {
			t.Errorf("a transcript of %d bytes: %d %.300s", len(text), code, answer)
		}
		if code, answer, _ = post("/meetings/"+id+"/transcript", file(strings.Repeat("a", 25<<20))); code != 422 || !strings.Contains(answer, "24 MB") {
			t.Errorf("25 MB: %d %.300s", code, answer)
		}
		if code, answer, _ = post("/deals/"+deal+"/notes", `{"text":"`+strings.Repeat("a", 2<<20)+`"}`); code != 422 || !strings.Contains(answer, "1 MB") {
			t.Errorf("a note of 2 MB: %d %.300s", code, answer)
		}
	})
}
