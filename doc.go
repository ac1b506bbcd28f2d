// Package dottedline is the product in plain Go: types and rules as functions
// of facts and now. It does no I/O, reads no clock and knows no SQL.
package dottedline
