// Package paper makes agreements: a Markdown template and the values of a deal
// become safe HTML for the room and a tagged PDF with the places for
// signatures. The same input gives the same bytes.
package paper
