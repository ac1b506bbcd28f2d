package smtpsend

import (
	"errors"

	"github.com/emersion/go-smtp"

	"dottedline"
	"dottedline/internal/mailhost"
)

// words says an error as one plain sentence.
func words(err error) string {
	var auth *authError
	var no *smtp.SMTPError
	switch {
	case errors.As(err, &auth) && errors.As(err, &no):
		return mailhost.WrongPassword + mailhost.Quoted(no.Message)
	case errors.As(err, &no):
		return "The server says" + mailhost.Quoted(no.Message)
	}
	return mailhost.Words(err)
}

// reply is what the server itself said, if it did.
func reply(err error) string {
	var no *smtp.SMTPError
	if errors.As(err, &no) {
		return no.Message
	}
	return ""
}

func asProblem(err error) error {
	var p *dottedline.Problem
	if errors.As(err, &p) {
		return p
	}
	hint := mailhost.Hint(err)
	var auth *authError
	if errors.As(err, &auth) {
		hint = mailhost.AppPassword
	}
	return dottedline.Wrong(hint, "%s", words(err))
}
