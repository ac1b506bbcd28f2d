// Package web serves Dottedline's pages over the desk: plain forms that work
// without scripts, one live stream per open page, sessions in a cookie.
package web
