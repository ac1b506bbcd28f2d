package imapsync

import (
	"errors"

	"dottedline/internal/imapsync/imap"
	"dottedline/internal/mailhost"
)

// words says an error as one plain sentence for the Mail page.
func words(err error) string {
	var no *imap.Error
	var bye *imap.ByeError
	switch {
	case imap.Refused(err):
		errors.As(err, &no)
		return mailhost.WrongPassword + mailhost.Quoted(no.Text)
	case errors.As(err, &no):
		return "The server refused " + no.Command + mailhost.Quoted(no.Text)
	case errors.As(err, &bye):
		return "The server ended the connection" + mailhost.Quoted(bye.Text)
	}
	return mailhost.Words(err)
}

// hint says what to do about an error.
func hint(err error) string {
	if imap.Refused(err) {
		return mailhost.AppPassword
	}
	return mailhost.Hint(err)
}
