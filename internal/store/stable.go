package store

import (
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Every connection gets SQLite's guarantee of stable plans (QPSG). Without it
// SQLite looks at bound values while it plans, and so prepares a statement anew
// at each run with other ones. The driver has no setting for it.
func init() {
	tls := libc.NewTLS()
	defer tls.Close()
	f := stablePlans
	sqlite3.Xsqlite3_auto_extension(tls, *(*uintptr)(unsafe.Pointer(&f)))
}

// stablePlans is called by SQLite for each new connection.
var stablePlans = func(tls *libc.TLS, db, _, _ uintptr) int32 {
	args := tls.Alloc(16)
	defer tls.Free(16)
	return sqlite3.Xsqlite3_db_config(tls, db, sqlite3.SQLITE_DBCONFIG_ENABLE_QPSG, libc.VaList(args, int32(1), uintptr(0)))
}
