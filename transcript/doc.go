// Package transcript reads what meeting recorders write, finds what a member
// asked for and how it was answered, and reads the answers in mail. It runs
// offline, on weights that can be read.
package transcript
