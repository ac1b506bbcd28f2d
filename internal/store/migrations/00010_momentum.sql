-- +goose Up
ALTER TABLE deals ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deals ADD COLUMN opens BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deals ADD COLUMN opened_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deals ADD COLUMN our_turn BIGINT NOT NULL DEFAULT 0;

-- paper_templates are the workspace's own templates of agreements, every version of them
CREATE TABLE paper_templates (
  ws      BIGINT NOT NULL,
  id      BIGINT NOT NULL,
  version BIGINT NOT NULL,
  name    TEXT   NOT NULL,
  source  TEXT   NOT NULL,
  made    BIGINT NOT NULL,
  dropped BIGINT NOT NULL,
  PRIMARY KEY (ws, id, version)
);

-- source, fields and places are frozen when an agreement is sent; rev counts the edits before
CREATE TABLE agreements (
  ws       BIGINT NOT NULL,
  id       BIGINT NOT NULL,
  deal     BIGINT NOT NULL,
  member   BIGINT NOT NULL,
  state    TEXT   NOT NULL,
  number   TEXT   NOT NULL,
  title    TEXT   NOT NULL,
  version  BIGINT NOT NULL,
  before   BIGINT NOT NULL,
  made     BIGINT NOT NULL,
  sent_at  BIGINT NOT NULL,
  ends_at  BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  reason   TEXT   NOT NULL,
  sha256   TEXT   NOT NULL,
  final    TEXT   NOT NULL,
  pages    BIGINT NOT NULL,
  rev      BIGINT NOT NULL,
  once     TEXT   NOT NULL,
  template TEXT   NOT NULL,
  source   TEXT   NOT NULL,
  fields   TEXT   NOT NULL,
  places   TEXT   NOT NULL,
  cover    TEXT   NOT NULL,
  html     TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX agreements_deal ON agreements (ws, deal, version);
CREATE INDEX agreements_state ON agreements (ws, state) WHERE state = 'sealing';

-- agreement_files are 'upload', 'presented' and 'sealed'
CREATE TABLE agreement_files (
  ws        BIGINT NOT NULL,
  agreement BIGINT NOT NULL,
  name      TEXT   NOT NULL,
  sha256    TEXT   NOT NULL,
  body      BYTEA  NOT NULL,
  PRIMARY KEY (ws, agreement, name)
);

CREATE TABLE signers (
  ws        BIGINT NOT NULL,
  id        BIGINT NOT NULL,
  agreement BIGINT NOT NULL,
  side      TEXT   NOT NULL,
  ord       BIGINT NOT NULL,
  name      TEXT   NOT NULL,
  title     TEXT   NOT NULL,
  company   TEXT   NOT NULL,
  address   TEXT   NOT NULL,
  member    BIGINT NOT NULL,
  person    BIGINT NOT NULL,
  asked_at  BIGINT NOT NULL,
  signed_at BIGINT NOT NULL,
  mark      TEXT   NOT NULL,
  passed_to BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  seen_at   BIGINT NOT NULL,
  read_at   BIGINT NOT NULL,
  said_at   BIGINT NOT NULL,
  quiet     BIGINT NOT NULL,
  outgoing  BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX signers_agreement ON signers (ws, agreement);
CREATE INDEX signers_outgoing ON signers (ws, outgoing) WHERE outgoing > 0;

-- room_links: only the hash of the secret is kept; code_hash is of the one-time code that was mailed last
CREATE TABLE room_links (
  ws         BIGINT NOT NULL,
  hash       TEXT   NOT NULL,
  agreement  BIGINT NOT NULL,
  signer     BIGINT NOT NULL,
  made       BIGINT NOT NULL,
  until      BIGINT NOT NULL,
  revoked    BIGINT NOT NULL,
  code_hash  TEXT   NOT NULL,
  code_until BIGINT NOT NULL,
  code_tries BIGINT NOT NULL,
  PRIMARY KEY (ws, hash)
);
CREATE UNIQUE INDEX room_links_hash ON room_links (hash);
CREATE INDEX room_links_agreement ON room_links (ws, agreement);

-- evidence is hash-chained: each line holds the SHA-256 of the one before
CREATE TABLE evidence (
  ws        BIGINT NOT NULL,
  agreement BIGINT NOT NULL,
  seq       BIGINT NOT NULL,
  line      BYTEA  NOT NULL,
  PRIMARY KEY (ws, agreement, seq)
);

CREATE TABLE steps (
  ws      BIGINT NOT NULL,
  id      BIGINT NOT NULL,
  deal    BIGINT NOT NULL,
  owner   TEXT   NOT NULL,
  body    TEXT   NOT NULL,
  due_at  BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  done_by TEXT   NOT NULL,
  fact    TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX steps_deal ON steps (ws, deal);

CREATE TABLE questions (
  ws          BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  deal        BIGINT NOT NULL,
  agreement   BIGINT NOT NULL,
  signer      BIGINT NOT NULL,
  who         TEXT   NOT NULL,
  is_proposal BIGINT NOT NULL,
  body        TEXT   NOT NULL,
  at          BIGINT NOT NULL,
  answer      TEXT   NOT NULL,
  answered_at BIGINT NOT NULL,
  member      BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX questions_deal ON questions (ws, deal, at);

-- reminders are those that fired
CREATE TABLE reminders (
  ws        BIGINT NOT NULL,
  agreement BIGINT NOT NULL,
  signer    BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  kind      TEXT   NOT NULL,
  side      TEXT   NOT NULL,
  why       TEXT   NOT NULL,
  PRIMARY KEY (ws, agreement, signer, at)
);

-- seal_keys hold certificates in PEM, leaf first, and the key closed by the key file
CREATE TABLE seal_keys (
  ws     BIGINT NOT NULL,
  id     BIGINT NOT NULL,
  kind   TEXT   NOT NULL,
  certs  TEXT   NOT NULL,
  secret BYTEA  NOT NULL,
  made   BIGINT NOT NULL,
  until  BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
