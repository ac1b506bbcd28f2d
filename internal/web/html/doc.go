// Package html holds the pages: one struct of plain view values and one templ
// component per page. Words and times arrive already formatted; nothing here
// knows the desk.
package html

//go:generate go tool templ generate
