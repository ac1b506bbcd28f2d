-- +goose Up
-- gifts are the library: notes, links, and answers to what is often asked
CREATE TABLE gifts (
  ws    BIGINT NOT NULL,
  id    BIGINT NOT NULL,
  kind  TEXT   NOT NULL,
  title TEXT   NOT NULL,
  body  TEXT   NOT NULL,
  url   TEXT   NOT NULL,
  made  BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);

-- given are gifts with a link of their own: only its hash is kept; at is 0 until the mail with the link was sent
CREATE TABLE given (
  ws        BIGINT NOT NULL,
  hash      TEXT   NOT NULL,
  gift      BIGINT NOT NULL,
  deal      BIGINT NOT NULL,
  person    BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  times     BIGINT NOT NULL,
  PRIMARY KEY (ws, hash)
);
CREATE UNIQUE INDEX given_hash ON given (hash);
CREATE INDEX given_deal ON given (ws, deal);
