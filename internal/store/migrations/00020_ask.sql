-- +goose Up
ALTER TABLE deals ADD COLUMN brief_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deals ADD COLUMN heard_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deals ADD COLUMN recap_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deals ADD COLUMN said TEXT NOT NULL DEFAULT '';

-- meetings of a calendar are known by what it calls them
CREATE TABLE meetings (
  ws           BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  deal         BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  minutes      BIGINT NOT NULL,
  title        TEXT   NOT NULL,
  place        TEXT   NOT NULL,
  source       TEXT   NOT NULL,
  uid          TEXT   NOT NULL,
  purpose      TEXT   NOT NULL,
  no_ask       BIGINT NOT NULL,
  agenda       TEXT   NOT NULL,
  started_at   BIGINT NOT NULL,
  ended_at     BIGINT NOT NULL,
  is_cancelled BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX meetings_deal ON meetings (ws, deal, at);
CREATE INDEX meetings_at ON meetings (ws, at);
CREATE UNIQUE INDEX meetings_uid ON meetings (ws, source, uid) WHERE uid <> '';

CREATE TABLE asks (
  ws           BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  deal         BIGINT NOT NULL,
  meeting      BIGINT NOT NULL,
  member       BIGINT NOT NULL,
  body         TEXT   NOT NULL,
  why          TEXT   NOT NULL,
  set_at       BIGINT NOT NULL,
  due_at       BIGINT NOT NULL,
  made_at      BIGINT NOT NULL,
  words        TEXT   NOT NULL,
  landed_at    BIGINT NOT NULL,
  missed       BIGINT NOT NULL,
  mistaken_at  BIGINT NOT NULL,
  answer       TEXT   NOT NULL,
  answered_at  BIGINT NOT NULL,
  their        TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX asks_deal ON asks (ws, deal);
CREATE UNIQUE INDEX asks_meeting ON asks (ws, meeting) WHERE meeting > 0;

-- jots are what was typed while a meeting ran, named by the page they were typed on
CREATE TABLE jots (
  ws      BIGINT NOT NULL,
  meeting BIGINT NOT NULL,
  id      TEXT   NOT NULL,
  at      BIGINT NOT NULL,
  kind    TEXT   NOT NULL,
  body    TEXT   NOT NULL,
  PRIMARY KEY (ws, meeting, id)
);

-- transcripts are kept as they came, packed, with what was found in them
CREATE TABLE transcripts (
  ws       BIGINT NOT NULL,
  meeting  BIGINT NOT NULL,
  name     TEXT   NOT NULL,
  me       TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  body     BYTEA  NOT NULL,
  findings TEXT   NOT NULL,
  PRIMARY KEY (ws, meeting)
);

CREATE TABLE recaps (
  ws          BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  ask         BIGINT NOT NULL,
  meeting     BIGINT NOT NULL,
  deal        BIGINT NOT NULL,
  person      BIGINT NOT NULL,
  member      BIGINT NOT NULL,
  body        TEXT   NOT NULL,
  message_id  TEXT   NOT NULL,
  sent_at     BIGINT NOT NULL,
  due_at      BIGINT NOT NULL,
  answer      TEXT   NOT NULL,
  line        TEXT   NOT NULL,
  answered_at BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX recaps_ask ON recaps (ws, ask);
CREATE UNIQUE INDEX recaps_message ON recaps (ws, message_id);

-- recap_links: one secret for each answer, of which only the hash is kept
CREATE TABLE recap_links (
  ws     BIGINT NOT NULL,
  hash   TEXT   NOT NULL,
  recap  BIGINT NOT NULL,
  answer TEXT   NOT NULL,
  PRIMARY KEY (ws, hash)
);
CREATE UNIQUE INDEX recap_links_hash ON recap_links (hash);
