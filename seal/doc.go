// Package seal reads, cleans, seals and verifies PDF files (PAdES, ETSI EN 319
// 142): values in, bytes out. Keys, clock, randomness and the time-stamp
// authority are arguments.
package seal
