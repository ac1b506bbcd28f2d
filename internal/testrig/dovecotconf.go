package testrig

import (
	"net"
	"text/template"
)

// dovecotConf fills dovecotTemplate.
type dovecotConf struct {
	Dir, User, Group              string
	IMAP, IMAPS, LMTP, Submission int
	RelayAddr, OAuthURL           string
}

// RelayHost is the host of RelayAddr.
func (c *dovecotConf) RelayHost() string { h, _, _ := net.SplitHostPort(c.RelayAddr); return h }

// RelayPort is the port of RelayAddr.
func (c *dovecotConf) RelayPort() string { _, p, _ := net.SplitHostPort(c.RelayAddr); return p }

// dovecotTemplate is a Dovecot 2.3 that runs wholly without privileges.
// The log-in services take many connections each: the default of one process
// per connection answers a burst with "connection reset".
var dovecotTemplate = template.Must(template.New("").Parse(`base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/state
log_path = {{.Dir}}/log/dovecot.log
default_internal_user = {{.User}}
default_internal_group = {{.Group}}
default_login_user = {{.User}}
default_client_limit = 1000
protocols = imap lmtp submission
listen = 127.0.0.1
ssl = yes
ssl_cert = <{{.Dir}}/cert.pem
ssl_key = <{{.Dir}}/key.pem
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2 oauthbearer
auth_username_format = %Ln
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_home = {{.Dir}}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 300
mailbox_list_index = yes
maildir_very_dirty_syncs = no
imap_hibernate_timeout = 0
{{if .OAuthURL}}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {{.Dir}}/oauth2.conf
}
{{end}}
passdb {
  driver = static
  mechanisms = plain login
  args = password=secret
}
userdb {
  driver = static
  args = uid={{.User}} gid={{.Group}} home={{.Dir}}/mail/%u allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Drafts {
    special_use = \Drafts
    auto = subscribe
  }
  mailbox Sent {
    special_use = \Sent
    auto = subscribe
  }
  mailbox Archive {
    special_use = \Archive
    auto = create
  }
  mailbox Junk {
    special_use = \Junk
    auto = create
  }
  mailbox Trash {
    special_use = \Trash
    auto = create
  }
}
protocol lmtp {
  postmaster_address = postmaster@localhost
}
submission_relay_host = {{.RelayHost}}
submission_relay_port = {{.RelayPort}}
submission_relay_trusted = no
service anvil {
  chroot =
}
service imap-login {
  chroot =
  service_count = 0
  client_limit = 1000
  inet_listener imap {
    port = {{.IMAP}}
  }
  inet_listener imaps {
    port = {{.IMAPS}}
    ssl = yes
  }
}
service submission-login {
  chroot =
  inet_listener submission {
    port = {{.Submission}}
  }
}
service lmtp {
  user = {{.User}}
  unix_listener lmtp {
    mode = 0600
  }
  inet_listener lmtp {
    port = {{.LMTP}}
  }
}
service stats {
  chroot =
}
service auth {
  chroot =
}
service auth-worker {
  user = {{.User}}
}
service imap-urlauth-login {
  chroot =
}
service imap {
  process_limit = 400
}
`))
