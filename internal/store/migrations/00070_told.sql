-- +goose Up
-- notices are written in the transaction of the fact that they tell of
CREATE TABLE notices (
  ws     BIGINT NOT NULL,
  id     BIGINT NOT NULL,
  event  TEXT   NOT NULL,
  deal   BIGINT NOT NULL,
  person BIGINT NOT NULL,
  member BIGINT NOT NULL,
  by     BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  name   TEXT   NOT NULL,
  title  TEXT   NOT NULL,
  body   TEXT   NOT NULL,
  due_at BIGINT NOT NULL,
  facts  TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX notices_at ON notices (ws, at);

CREATE TABLE webhooks (
  ws        BIGINT NOT NULL,
  id        BIGINT NOT NULL,
  url       TEXT   NOT NULL,
  secret    BYTEA  NOT NULL,
  events    TEXT   NOT NULL,
  paused    BIGINT NOT NULL,
  failed_at BIGINT NOT NULL,
  next_at   BIGINT NOT NULL,
  off_at    BIGINT NOT NULL,
  why       TEXT   NOT NULL,
  made      BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);

-- devices are browsers that asked for pushes; hash is of the endpoint, the subscription is closed by the key file
CREATE TABLE devices (
  ws           BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  member       BIGINT NOT NULL,
  name         TEXT   NOT NULL,
  hash         TEXT   NOT NULL,
  subscription BYTEA  NOT NULL,
  made         BIGINT NOT NULL,
  last_at      BIGINT NOT NULL,
  err          TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE UNIQUE INDEX devices_hash ON devices (ws, hash);

-- push_keys: the pair that push services know the workspace by (RFC 8292)
CREATE TABLE push_keys (
  ws     BIGINT NOT NULL PRIMARY KEY,
  public TEXT   NOT NULL,
  secret BYTEA  NOT NULL
);

-- deliveries are the queue and the log: due_at is moved to the end of the lease while one is tried
CREATE TABLE deliveries (
  ws       BIGINT NOT NULL,
  id       BIGINT NOT NULL,
  notice   BIGINT NOT NULL,
  webhook  BIGINT NOT NULL,
  device   BIGINT NOT NULL,
  state    TEXT   NOT NULL,
  due_at   BIGINT NOT NULL,
  tries    BIGINT NOT NULL,
  status   BIGINT NOT NULL,
  answer   TEXT   NOT NULL,
  took     BIGINT NOT NULL,
  tried_at BIGINT NOT NULL,
  made     BIGINT NOT NULL,
  err      TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
CREATE INDEX deliveries_webhook ON deliveries (ws, webhook, id) WHERE webhook > 0;
CREATE INDEX deliveries_device ON deliveries (ws, device) WHERE device > 0;
CREATE INDEX deliveries_notice ON deliveries (ws, notice);

-- told is how each member is told of things
CREATE TABLE told (
  ws       BIGINT NOT NULL,
  member   BIGINT NOT NULL,
  settings TEXT   NOT NULL,
  digested BIGINT NOT NULL,
  PRIMARY KEY (ws, member)
);

-- away_notes are those that were sent, one for each person and absence
CREATE TABLE away_notes (
  ws       BIGINT NOT NULL,
  member   BIGINT NOT NULL,
  person   BIGINT NOT NULL,
  from_day TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (ws, member, person, from_day)
);
