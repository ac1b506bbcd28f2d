-- +goose Up
-- The rows lie in the order of their key, instead of in a table of their own beside the key's index: a third fewer
-- pages to find, and to write, for each mail. The touches of a deal lie together.
CREATE TABLE new_companies (
  ws     INTEGER NOT NULL,
  id     INTEGER NOT NULL,
  name   TEXT    NOT NULL,
  domain TEXT    NOT NULL,
  PRIMARY KEY (ws, id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_companies SELECT ws, id, name, domain FROM companies ORDER BY ws, id;
DROP TABLE companies;
ALTER TABLE new_companies RENAME TO companies;
CREATE UNIQUE INDEX companies_domain ON companies (ws, domain);

CREATE TABLE new_people (
  ws      INTEGER NOT NULL,
  id      INTEGER NOT NULL,
  company INTEGER NOT NULL,
  name    TEXT    NOT NULL,
  address TEXT    NOT NULL,
  PRIMARY KEY (ws, id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_people SELECT ws, id, company, name, address FROM people ORDER BY ws, id;
DROP TABLE people;
ALTER TABLE new_people RENAME TO people;
CREATE INDEX people_company ON people (ws, company);

CREATE TABLE new_addresses (
  ws      INTEGER NOT NULL,
  address TEXT    NOT NULL,
  person  INTEGER NOT NULL,
  names   TEXT    NOT NULL,
  PRIMARY KEY (ws, address)
) STRICT, WITHOUT ROWID;
INSERT INTO new_addresses SELECT ws, address, person, names FROM addresses ORDER BY ws, address;
DROP TABLE addresses;
ALTER TABLE new_addresses RENAME TO addresses;
CREATE INDEX addresses_person ON addresses (ws, person);

CREATE TABLE new_threads (
  ws      INTEGER NOT NULL,
  id      INTEGER NOT NULL,
  deal    INTEGER NOT NULL,
  subject TEXT    NOT NULL,
  topic   TEXT    NOT NULL,
  person  INTEGER NOT NULL,
  ours    INTEGER NOT NULL,
  theirs  INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  offered TEXT    NOT NULL,
  PRIMARY KEY (ws, id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_threads SELECT ws, id, deal, subject, topic, person, ours, theirs, last_at, offered FROM threads ORDER
  BY ws, id;
DROP TABLE threads;
ALTER TABLE new_threads RENAME TO threads;
CREATE INDEX threads_deal ON threads (ws, deal, last_at) WHERE deal > 0;
CREATE INDEX threads_offer ON threads (ws, last_at) WHERE deal = 0 AND offered = '' AND ours > 0 AND theirs > 0;
CREATE INDEX threads_topic ON threads (ws, topic, last_at);

CREATE TABLE new_thread_ids (
  ws         INTEGER NOT NULL,
  message_id TEXT    NOT NULL,
  thread     INTEGER NOT NULL,
  PRIMARY KEY (ws, message_id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_thread_ids SELECT ws, message_id, thread FROM thread_ids ORDER BY ws, message_id;
DROP TABLE thread_ids;
ALTER TABLE new_thread_ids RENAME TO thread_ids;
CREATE INDEX thread_ids_thread ON thread_ids (ws, thread);

CREATE TABLE new_mail_people (
  ws     INTEGER NOT NULL,
  person INTEGER NOT NULL,
  thread INTEGER NOT NULL,
  PRIMARY KEY (ws, person, thread)
) STRICT, WITHOUT ROWID;
INSERT INTO new_mail_people SELECT ws, person, thread FROM mail_people ORDER BY ws, person, thread;
DROP TABLE mail_people;
ALTER TABLE new_mail_people RENAME TO mail_people;
CREATE INDEX mail_people_thread ON mail_people (ws, thread, person);

CREATE TABLE new_deal_people (
  ws     INTEGER NOT NULL,
  deal   INTEGER NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (ws, person, deal)
) STRICT, WITHOUT ROWID;
INSERT INTO new_deal_people SELECT ws, deal, person FROM deal_people ORDER BY ws, person, deal;
DROP TABLE deal_people;
ALTER TABLE new_deal_people RENAME TO deal_people;
CREATE INDEX deal_people_deal ON deal_people (ws, deal, person);

CREATE TABLE new_stays (
  ws       INTEGER NOT NULL,
  deal     INTEGER NOT NULL,
  n        INTEGER NOT NULL,
  state    INTEGER NOT NULL,
  start_at INTEGER NOT NULL,
  from_ms  INTEGER NOT NULL,
  to_ms    INTEGER NOT NULL,
  event    INTEGER NOT NULL,
  PRIMARY KEY (ws, deal, n)
) STRICT, WITHOUT ROWID;
INSERT INTO new_stays SELECT ws, deal, n, state, start_at, from_ms, to_ms, event FROM stays ORDER BY ws, deal, n;
DROP TABLE stays;
ALTER TABLE new_stays RENAME TO stays;

CREATE TABLE new_replies (
  ws    INTEGER NOT NULL,
  deal  INTEGER NOT NULL,
  n     INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  at    INTEGER NOT NULL,
  by    TEXT    NOT NULL,
  path  TEXT    NOT NULL,
  PRIMARY KEY (ws, deal, n)
) STRICT, WITHOUT ROWID;
INSERT INTO new_replies SELECT ws, deal, n, asked, at, by, path FROM replies ORDER BY ws, deal, n;
DROP TABLE replies;
ALTER TABLE new_replies RENAME TO replies;
CREATE INDEX replies_at ON replies (ws, at);

CREATE TABLE new_touches (
  ws       INTEGER NOT NULL,
  id       INTEGER NOT NULL,
  deal     INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  by       TEXT    NOT NULL,
  member   INTEGER NOT NULL,
  person   INTEGER NOT NULL,
  mail     INTEGER NOT NULL,
  ball     TEXT    NOT NULL,
  text     TEXT    NOT NULL,
  amount   INTEGER NOT NULL,
  currency TEXT    NOT NULL,
  until    INTEGER NOT NULL,
  PRIMARY KEY (ws, deal, at, id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_touches SELECT ws, id, deal, at, kind, by, member, person, mail, ball, text, amount, currency, until
  FROM touches ORDER BY ws, deal, at, id;
DROP TABLE touches;
ALTER TABLE new_touches RENAME TO touches;
CREATE UNIQUE INDEX touches_id ON touches (ws, id);
CREATE INDEX touches_declined ON touches (ws, deal) WHERE kind = 'booking' AND ball = 'us';

CREATE TABLE new_deals (
  ws         INTEGER NOT NULL,
  id         INTEGER NOT NULL,
  merged     INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  value      INTEGER NOT NULL,
  currency   TEXT    NOT NULL,
  path       TEXT    NOT NULL,
  met_at     INTEGER NOT NULL,
  asked_at   INTEGER NOT NULL,
  yes_at     INTEGER NOT NULL,
  sent_at    INTEGER NOT NULL,
  ended_at   INTEGER NOT NULL,
  ball       TEXT    NOT NULL,
  ball_at    INTEGER NOT NULL,
  person     INTEGER NOT NULL,
  first_at   INTEGER NOT NULL,
  last_at    INTEGER NOT NULL,
  later_at   INTEGER NOT NULL,
  usual      INTEGER NOT NULL,
  touches    INTEGER NOT NULL,
  ours       INTEGER NOT NULL,
  theirs     INTEGER NOT NULL,
  cell       INTEGER NOT NULL,
  rank_key   REAL    NOT NULL,
  minutes    REAL    NOT NULL,
  next_at    INTEGER NOT NULL,
  due_at     INTEGER NOT NULL DEFAULT 0,
  opens      INTEGER NOT NULL DEFAULT 0,
  opened_at  INTEGER NOT NULL DEFAULT 0,
  our_turn   INTEGER NOT NULL DEFAULT 0,
  brief_at   INTEGER NOT NULL DEFAULT 0,
  heard_at   INTEGER NOT NULL DEFAULT 0,
  recap_at   INTEGER NOT NULL DEFAULT 0,
  said       TEXT    NOT NULL DEFAULT '',
  pace       INTEGER NOT NULL DEFAULT 0,
  expires_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (ws, id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_deals SELECT ws, id, merged, name, kind, value, currency, path, met_at, asked_at, yes_at, sent_at,
  ended_at, ball, ball_at, person, first_at, last_at, later_at, usual, touches, ours, theirs, cell, rank_key, minutes,
  next_at, due_at, opens, opened_at, our_turn, brief_at, heard_at, recap_at, said, pace, expires_at FROM deals ORDER
  BY ws, id;
DROP TABLE deals;
ALTER TABLE new_deals RENAME TO deals;
CREATE INDEX deals_rank ON deals (ws, cell, rank_key DESC, id, minutes) WHERE cell > 0;
CREATE INDEX deals_open ON deals (ws, path, ball, currency, value) WHERE merged = 0 AND ended_at = 0;
CREATE INDEX deals_next ON deals (ws, next_at) WHERE next_at > 0;
CREATE INDEX deals_last ON deals (ws, last_at, id) WHERE merged = 0;
