-- +goose Up
-- introductions ask both sides first; until is when nobody can answer any more, sent_at is 0 until the two
-- were asked, and state is asking, joining while the mail that joins them is on its way, joined, or back
CREATE TABLE introductions (
  ws        BIGINT NOT NULL,
  id        BIGINT NOT NULL,
  deal      BIGINT NOT NULL,
  member    BIGINT NOT NULL,
  person    BIGINT NOT NULL,
  other     BIGINT NOT NULL,
  why       TEXT   NOT NULL,
  state     TEXT   NOT NULL,
  until     BIGINT NOT NULL,
  sent_at   BIGINT NOT NULL,
  joined_at BIGINT NOT NULL,
  seen_at   BIGINT NOT NULL,
  said      TEXT   NOT NULL,
  said_at   BIGINT NOT NULL,
  other_said    TEXT   NOT NULL,
  other_said_at BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX introductions_deal ON introductions (ws, deal);

-- introduction_mails are what an introduction has put into the outbox
CREATE TABLE introduction_mails (
  ws           BIGINT NOT NULL,
  message_id   TEXT   NOT NULL,
  introduction BIGINT NOT NULL,
  outgoing     BIGINT NOT NULL,
  joins        BIGINT NOT NULL,
  PRIMARY KEY (ws, message_id)
);
CREATE INDEX introduction_mails_of ON introduction_mails (ws, introduction);

-- introduction_links: two secrets for each side, of which only the hashes are kept
CREATE TABLE introduction_links (
  ws           BIGINT NOT NULL,
  hash         TEXT   NOT NULL,
  introduction BIGINT NOT NULL,
  other        BIGINT NOT NULL,
  answer       TEXT   NOT NULL,
  PRIMARY KEY (ws, hash)
);
CREATE UNIQUE INDEX introduction_links_hash ON introduction_links (hash);
