// Package api serves the desk as JSON under /api/v1: one route for each act,
// described by an OpenAPI document that is made from the same table. It also
// holds the shapes that the command line prints with --json.
package api
