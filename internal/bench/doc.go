// Command bench measures what the product promises, each speed beside its peer
// or its limit, and prints one table. `make bench` runs it; -small makes it a
// matter of seconds.
package main
