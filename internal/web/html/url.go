package html

import "github.com/a-h/templ"

// dealURL is a deal's page, or with parts, what can be done on it.
func dealURL(id string, act ...string) templ.SafeURL {
	u := "/deals/" + id
	for _, a := range act {
		u += "/" + a
	}
	return templ.SafeURL(u)
}
