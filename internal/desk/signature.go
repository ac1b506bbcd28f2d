package desk

import (
	"encoding/json"
	"fmt"

	"dottedline/internal/store"
	"dottedline/paper"
)

// intentOf is what a signer agrees to, word for word.
func intentOf(name, title string) string {
	return fmt.Sprintf("I, %s, have read “%s” and sign it electronically. I mean this to bind me as a signature by hand would.", name, title)
}

// signature is what is kept of one.
type signature struct {
	Method  string         `json:"method"` // typed or drawn
	Name    string         `json:"name"`
	Strokes []paper.Stroke `json:"strokes,omitempty"`
	Intent  string         `json:"intent"`
}

func (g signature) text() (string, error) {
	b, err := json.Marshal(g)
	return string(b), err
}

// facts are what the evidence keeps of a signature.
func (g signature) facts() map[string]string {
	return map[string]string{"method": g.Method, "name": g.Name, "intent": g.Intent, "intent_sha256": hexSum([]byte(g.Intent)), "consent": "yes"}
}

func pressSigns(t *store.Tx, x store.Agreement, y *store.Signer) error {
	g := signature{Method: "typed", Name: y.Name, Intent: intentOf(y.Name, x.Title)}
	text, err := g.text()
	if err != nil {
		return err
	}
	y.Signed, y.Mark = t.Now, text
	data := g.facts()
	data["by"] = "the press that sent it"
	if err := evidence(t, x, fact{kind: "signed", actor: named(*y), data: data}); err != nil {
		return err
	}
	return t.PutSigner(*y)
}
