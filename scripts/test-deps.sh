#!/bin/sh
# Installs the programs that the tests start themselves: mail, calendar and
# database servers, a browser, and the independent checkers of what we make.
# Does nothing, quickly, when all is there. Root, or sudo, is needed otherwise.
set -eu

need=
has() { # has PACKAGE FILE…: one of the files exists
	package=$1; shift
	for f in "$@"; do
		for g in $f; do [ -e "$g" ] && return; done
	done
	need="$need $package"
}
has dovecot-imapd /usr/lib/dovecot/imap
has dovecot-lmtpd /usr/lib/dovecot/lmtp
has dovecot-submissiond /usr/lib/dovecot/submission
has radicale /usr/bin/radicale
has xandikos /usr/bin/xandikos
has postgresql '/usr/lib/postgresql/*/bin/postgres'
has chromium /usr/bin/chromium /usr/bin/chromium-browser
has openssl /usr/bin/openssl
has poppler-utils /usr/bin/pdfsig
has libnss3-tools /usr/bin/certutil
has qpdf /usr/bin/qpdf
has mupdf-tools /usr/bin/mutool
has notmuch /usr/bin/notmuch
has maildir-utils /usr/bin/mu
has fonts-noto-core '/usr/share/fonts/truetype/noto/NotoSans-Regular.*'
has fonts-noto-cjk '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.*'
[ -n "$need" ] || exit 0

command -v apt-get >/dev/null || { echo "test-deps: no apt-get here; install by hand:$need" >&2; exit 1; }
root=
[ "$(id -u)" = 0 ] || root=sudo
[ -z "$root" ] || command -v sudo >/dev/null || { echo "test-deps: run as root: scripts/test-deps.sh (missing:$need)" >&2; exit 1; }

# Nothing that we install shall start by itself: a policy that forbids it, kept
# away if the machine has one of its own.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	printf '#!/bin/sh\nexit 101\n' | $root tee $policy >/dev/null
	$root chmod 755 $policy
	trap '$root rm -f $policy' EXIT
fi
# shellcheck disable=SC2086 # need is a list of words
install() { $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $need; }
$root apt-get update -q
install
