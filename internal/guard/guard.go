// Package guard makes connections to addresses that people have typed in: to the
// open internet only, unless whoever runs this Dottedline allows their own network.
package guard

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// ErrPrivate says that an address of the server's own network was asked for.
var ErrPrivate = errors.New("the address lies in a private network")

// reserved holds what is not the open internet beyond what net/netip tells:
// the special-purpose registries of RFC 6890 and its successors.
var reserved = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "240.0.0.0/4", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fec0::/10")

func prefixes(s ...string) (out []netip.Prefix) {
	for _, p := range s {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

var (
	nat64   = netip.MustParsePrefix("64:ff9b::/96")
	sixToIV = netip.MustParsePrefix("2002::/16")
)

// Public says whether an address is of the open internet. IPv4 addresses that
// are carried inside IPv6 ones count as what they are.
func Public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	b := a.As16()
	switch {
	case nat64.Contains(a):
		return Public(netip.AddrFrom4([4]byte(b[12:16])))
	case sixToIV.Contains(a):
		return Public(netip.AddrFrom4([4]byte(b[2:6])))
	case !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast():
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// Dialer connects to the open internet only, unless private networks are
// allowed. It looks at the address of each connection when it is made, so that
// neither a name that changes its address nor a redirect gets around it.
func Dialer(allowPrivate bool) *net.Dialer {
	d := &net.Dialer{Timeout: 15 * time.Second}
	if allowPrivate {
		return d
	}
	d.Control = func(network, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("connect to %s: %w", address, err)
		}
		if !Public(ap.Addr()) {
			return fmt.Errorf("connect to %s: %w", ap.Addr(), ErrPrivate)
		}
		return nil
	}
	return d
}
