package transcript

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
)

//go:embed data/asks.txt
var asksText string

//go:embed data/answers.txt
var spokenAnswers string

//go:embed data/replies.txt
var mailedAnswers string

// answersText are the answers written for the project, as people say and as
// they mail them.
var answersText = spokenAnswers + "\n" + mailedAnswers

// Example is a labelled sentence; Weight counts it as that many sentences.
type Example struct {
	Text   string
	Yes    bool
	Weight float64
}

// ReadMail reads the EmailIntent sentences (Parakweet, Apache-2.0): "Yes" or
// "No", a tab, the sentence.
func ReadMail(r io.Reader) ([]Example, error) {
	var out []Example
	s := bufio.NewScanner(r)
	for line := 1; s.Scan(); line++ {
		label, text, ok := strings.Cut(s.Text(), "\t")
		if !ok || label != "Yes" && label != "No" {
			return nil, fmt.Errorf("read mail sentences: line %d has no Yes or No: %q", line, short(s.Text()))
		}
		out = append(out, Example{text, label == "Yes", 1})
	}
	return out, s.Err()
}

var (
	addresses = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)
	phones    = regexp.MustCompile(`\(?\b\d{3}[-. )/]{1,2}\d{3}[-. ]\d{4}\b`)
)

// masked takes out the addresses and telephone numbers of people: what is
// remembered ships with the program.
func masked(list []Example) []Example {
	out := make([]Example, len(list))
	for i, e := range list {
		e.Text = phones.ReplaceAllString(addresses.ReplaceAllString(e.Text, "name@example.com"), "555-555-0100")
		out[i] = e
	}
	return out
}

// GivingTalk is a talk of Persuasion For Good (Apache-2.0).
type GivingTalk struct {
	ID        string `json:"id"`
	Sentences []struct {
		Role   string   `json:"role"` // asker or asked
		Text   string   `json:"text"`
		Labels []string `json:"labels"`
	} `json:"sentences"`
}

// ReadGiving reads the talks, one JSON object a line.
func ReadGiving(r io.Reader) ([]GivingTalk, error) {
	var out []GivingTalk
	d := json.NewDecoder(r)
	for {
		var t GivingTalk
		if err := d.Decode(&t); err == io.EOF {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("read talk %d: %w", len(out)+1, err)
		}
		out = append(out, t)
	}
}

// asks gives the sentences of a talk, an ask being the asker's proposal of a
// gift, question for its amount, or request for more.
func (t GivingTalk) asks() (out []Example) {
	for _, s := range t.Sentences {
		yes := false
		for _, l := range s.Labels {
			yes = yes || l == "proposition-of-donation" || l == "ask-donation-amount" || l == "ask-donate-more"
		}
		out = append(out, Example{s.Text, yes && s.Role == "asker", 1})
	}
	return out
}

// givingAnswers are the labels of the one who was asked that tell an answer.
var givingAnswers = map[string]Answer{
	"agree-donation": Yes, "provide-donation-amount": Yes, "confirm-donation": Yes,
	"disagree-donation": No, "disagree-donation-more": No, "neutral-reaction-to-donation": Deflected,
	"ask-org-info": Question, "ask-donation-procedure": Question, "task-related-inquiry": Question, "ask-persuader-donation-intention": Question, "personal-related-inquiry": Question,
}

// replies gives what the one who was asked said, by what it was.
func (t GivingTalk) replies() map[Answer][]string {
	out := map[Answer][]string{}
	for _, s := range t.Sentences {
		if s.Role != "asked" {
			continue
		}
		a := Other
		for _, l := range s.Labels {
			if b, ok := givingAnswers[l]; ok {
				a = b
				break
			}
		}
		out[a] = append(out[a], s.Text)
	}
	return out
}

// fills is how many actions or things each frame of the written sentences gets.
const fills = 4

// Written are the sentences written for the project, by what they teach.
type Written struct{ Meeting, Giving []Example }

// writtenAsks reads the sentences written for the project. Which actions fill a
// frame goes round in a fixed order, so the set is the same each time.
func writtenAsks(text string) (*Written, error) {
	var actions [][]string
	var things []string
	out := &Written{}
	turn := 0
	for n, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		label, s, ok := strings.Cut(line, ": ")
		rest, isGiving := strings.CutPrefix(label, "giving ")
		switch {
		case !ok:
			return nil, fmt.Errorf("read sentences: line %d has no label: %q", n+1, line)
		case label == "action":
			forms := strings.Split(s, " | ")
			if len(forms) != 3 {
				return nil, fmt.Errorf("read sentences: line %d: an action has three forms: %q", n+1, line)
			}
			actions = append(actions, forms)
		case label == "thing":
			things = append(things, s)
		case isGiving && (rest == "request" || rest == "none"):
			out.Giving = append(out.Giving, Example{s, rest == "request", 1})
		case label != "request" && label != "none":
			return nil, fmt.Errorf("read sentences: line %d: no such label: %q", n+1, label)
		case !strings.Contains(s, "{"):
			out.Meeting = append(out.Meeting, Example{s, label == "request", 1})
		default:
			for range fills {
				out.Meeting = append(out.Meeting, Example{fill(s, actions, things, &turn), label == "request", 1.0 / fills * 2})
			}
		}
	}
	return out, nil
}

func fill(frame string, actions [][]string, things []string, turn *int) string {
	for strings.Contains(frame, "{") {
		*turn += 7
		a := actions[*turn%len(actions)]
		frame = strings.Replace(frame, "{do}", a[0], 1)
		frame = strings.Replace(frame, "{did}", a[1], 1)
		frame = strings.Replace(frame, "{doing}", a[2], 1)
		frame = strings.Replace(frame, "{thing}", things[*turn%len(things)], 1)
	}
	return frame
}
