-- +goose Up
CREATE TABLE workspaces (
  ws       BIGINT NOT NULL PRIMARY KEY,
  name     TEXT   NOT NULL,
  currency TEXT   NOT NULL,
  settings TEXT   NOT NULL,
  seq      BIGINT NOT NULL
);

CREATE TABLE members (
  ws       BIGINT NOT NULL,
  id       BIGINT NOT NULL,
  email    TEXT   NOT NULL,
  name     TEXT   NOT NULL,
  role     TEXT   NOT NULL,
  password TEXT   NOT NULL,
  hours    TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX members_email ON members (email);

-- tokens are sessions, invitations, API keys and the set-up link; only hashes are kept
CREATE TABLE tokens (
  ws     BIGINT NOT NULL,
  hash   TEXT   NOT NULL,
  kind   TEXT   NOT NULL,
  member BIGINT NOT NULL,
  data   TEXT   NOT NULL,
  made   BIGINT NOT NULL,
  until  BIGINT NOT NULL,
  PRIMARY KEY (ws, hash)
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);

-- tries count what is limited: sign-ins by address and by network address
CREATE TABLE tries (
  ws    BIGINT NOT NULL,
  what  TEXT   NOT NULL,
  n     BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (ws, what)
);

CREATE TABLE mailboxes (
  ws       BIGINT NOT NULL,
  id       BIGINT NOT NULL,
  member   BIGINT NOT NULL,
  address  TEXT   NOT NULL,
  settings TEXT   NOT NULL,
  secret   BYTEA  NOT NULL,
  status   TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE UNIQUE INDEX mailboxes_address ON mailboxes (ws, address);

-- own are the addresses that are ours; alias makes deals by itself when not ''
CREATE TABLE own (
  ws      BIGINT NOT NULL,
  address TEXT   NOT NULL,
  mailbox BIGINT NOT NULL,
  kind    TEXT   NOT NULL,
  PRIMARY KEY (ws, address)
);

CREATE TABLE folders (
  ws      BIGINT NOT NULL,
  mailbox BIGINT NOT NULL,
  name    TEXT   NOT NULL,
  state   TEXT   NOT NULL,
  PRIMARY KEY (ws, mailbox, name)
);

-- places are where the server keeps a mail: what has been fetched
CREATE TABLE places (
  ws          BIGINT NOT NULL,
  mailbox     BIGINT NOT NULL,
  folder      TEXT   NOT NULL,
  uidvalidity BIGINT NOT NULL,
  uid         BIGINT NOT NULL,
  mail        BIGINT NOT NULL,
  PRIMARY KEY (ws, mailbox, folder, uidvalidity, uid)
);
CREATE INDEX places_mail ON places (ws, mail);

CREATE TABLE companies (
  ws     BIGINT NOT NULL,
  id     BIGINT NOT NULL,
  name   TEXT   NOT NULL,
  domain TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE UNIQUE INDEX companies_domain ON companies (ws, domain);

CREATE TABLE people (
  ws      BIGINT NOT NULL,
  id      BIGINT NOT NULL,
  company BIGINT NOT NULL,
  name    TEXT   NOT NULL,
  address TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);

CREATE INDEX people_company ON people (ws, company);

CREATE TABLE addresses (
  ws      BIGINT NOT NULL,
  address TEXT   NOT NULL,
  person  BIGINT NOT NULL,
  names   TEXT   NOT NULL,
  PRIMARY KEY (ws, address)
);
CREATE INDEX addresses_person ON addresses (ws, person);

-- offered: '' not yet, 'yes' taken, 'no' declined
CREATE TABLE threads (
  ws      BIGINT NOT NULL,
  id      BIGINT NOT NULL,
  deal    BIGINT NOT NULL,
  subject TEXT   NOT NULL,
  topic   TEXT   NOT NULL,
  person  BIGINT NOT NULL,
  ours    BIGINT NOT NULL,
  theirs  BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  offered TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX threads_deal ON threads (ws, deal, last_at) WHERE deal > 0;
CREATE INDEX threads_offer ON threads (ws, last_at) WHERE deal = 0 AND offered = '' AND ours > 0 AND theirs > 0;
CREATE INDEX threads_topic ON threads (ws, topic, last_at);

-- thread_ids hold every Message-ID that a mail has or names
CREATE TABLE thread_ids (
  ws         BIGINT NOT NULL,
  message_id TEXT   NOT NULL,
  thread     BIGINT NOT NULL,
  PRIMARY KEY (ws, message_id)
);
CREATE INDEX thread_ids_thread ON thread_ids (ws, thread);

CREATE TABLE mails (
  ws         BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  digest     BYTEA  NOT NULL,
  message_id TEXT   NOT NULL,
  thread     BIGINT NOT NULL,
  mailbox    BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  is_out     BOOLEAN NOT NULL,
  kind       TEXT   NOT NULL,
  why        TEXT   NOT NULL,
  person     BIGINT NOT NULL,
  subject    TEXT   NOT NULL,
  fresh      TEXT   NOT NULL,
  problems   TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE UNIQUE INDEX mails_digest ON mails (ws, digest);
CREATE INDEX mails_message_id ON mails (ws, message_id);
CREATE INDEX mails_thread ON mails (ws, thread, at);

CREATE TABLE raws (
  ws   BIGINT NOT NULL,
  mail BIGINT NOT NULL,
  raw  BYTEA  NOT NULL,
  PRIMARY KEY (ws, mail)
);

CREATE TABLE mail_people (
  ws     BIGINT NOT NULL,
  person BIGINT NOT NULL,
  thread BIGINT NOT NULL,
  PRIMARY KEY (ws, person, thread)
);
CREATE INDEX mail_people_thread ON mail_people (ws, thread, person);

CREATE TABLE deals (
  ws       BIGINT NOT NULL,
  id       BIGINT NOT NULL,
  merged   BIGINT NOT NULL,
  name     TEXT   NOT NULL,
  kind     TEXT   NOT NULL,
  value    BIGINT NOT NULL,
  currency TEXT   NOT NULL,
  path     TEXT   NOT NULL,
  met_at   BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  yes_at   BIGINT NOT NULL,
  sent_at  BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  ball     TEXT   NOT NULL,
  ball_at  BIGINT NOT NULL,
  person   BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at  BIGINT NOT NULL,
  later_at BIGINT NOT NULL,
  usual    BIGINT NOT NULL,
  touches  BIGINT NOT NULL,
  ours     BIGINT NOT NULL,
  theirs   BIGINT NOT NULL,
  cell     BIGINT NOT NULL,
  rank_key DOUBLE PRECISION NOT NULL,
  minutes  DOUBLE PRECISION NOT NULL,
  next_at  BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX deals_rank ON deals (ws, cell, rank_key, minutes) WHERE cell > 0;
CREATE INDEX deals_open ON deals (ws) WHERE merged = 0 AND ended_at = 0;
CREATE INDEX deals_next ON deals (ws, next_at) WHERE next_at > 0;
CREATE INDEX deals_last ON deals (ws, last_at) WHERE merged = 0;

CREATE TABLE touches (
  ws       BIGINT NOT NULL,
  id       BIGINT NOT NULL,
  deal     BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  kind     TEXT   NOT NULL,
  by       TEXT   NOT NULL,
  member   BIGINT NOT NULL,
  person   BIGINT NOT NULL,
  mail     BIGINT NOT NULL,
  ball     TEXT   NOT NULL,
  text     TEXT   NOT NULL,
  amount   BIGINT NOT NULL,
  currency TEXT   NOT NULL,
  until    BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX touches_deal ON touches (ws, deal, at, id);

-- replies are derived from the touches; they are the workspace's reply times
CREATE TABLE replies (
  ws    BIGINT NOT NULL,
  deal  BIGINT NOT NULL,
  n     BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  at    BIGINT NOT NULL,
  by    TEXT   NOT NULL,
  path  TEXT   NOT NULL,
  PRIMARY KEY (ws, deal, n)
);
CREATE INDEX replies_at ON replies (ws, at);

CREATE TABLE deal_people (
  ws     BIGINT NOT NULL,
  deal   BIGINT NOT NULL,
  person BIGINT NOT NULL,
  PRIMARY KEY (ws, deal, person)
);
CREATE INDEX deal_people_person ON deal_people (ws, person, deal);

CREATE TABLE templates (
  ws      BIGINT NOT NULL,
  id      BIGINT NOT NULL,
  name    TEXT   NOT NULL,
  fits    TEXT   NOT NULL,
  body    TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);

-- drafts are what a member has edited of a prepared reply and not sent
CREATE TABLE drafts (
  ws     BIGINT NOT NULL,
  member BIGINT NOT NULL,
  deal   BIGINT NOT NULL,
  body   TEXT   NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (ws, member, deal)
);

CREATE TABLE outbox (
  ws         BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  mailbox    BIGINT NOT NULL,
  member     BIGINT NOT NULL,
  deal       BIGINT NOT NULL,
  message_id TEXT   NOT NULL,
  rcpts      TEXT   NOT NULL,
  raw        BYTEA  NOT NULL,
  state      TEXT   NOT NULL,
  due_at     BIGINT NOT NULL,
  lease      BIGINT NOT NULL,
  tries      BIGINT NOT NULL,
  err        TEXT   NOT NULL,
  made       BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE UNIQUE INDEX outbox_message ON outbox (ws, message_id);
CREATE INDEX outbox_open ON outbox (ws, deal) WHERE state = 'waiting' OR state = 'sending' OR state = 'unknown';
CREATE INDEX outbox_unsure ON outbox (ws, made) WHERE state = 'unknown' OR state = 'refused';
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'waiting' OR state = 'sending' OR state = 'unknown';

CREATE TABLE jobs (
  ws     BIGINT NOT NULL,
  id     TEXT   NOT NULL,
  kind   TEXT   NOT NULL,
  args   TEXT   NOT NULL,
  due_at BIGINT NOT NULL,
  tries  BIGINT NOT NULL,
  err    TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX jobs_due ON jobs (due_at);

CREATE TABLE leases (
  ws    BIGINT NOT NULL,
  name  TEXT   NOT NULL,
  who   TEXT   NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (ws, name)
);
