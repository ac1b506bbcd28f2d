-- +goose Up
ALTER TABLE deals ADD COLUMN pace BIGINT NOT NULL DEFAULT 0;

-- stays are a deal's clock, derived from its touches; times in milliseconds
CREATE TABLE stays (
  ws       BIGINT NOT NULL,
  deal     BIGINT NOT NULL,
  n        BIGINT NOT NULL,
  state    BIGINT NOT NULL,
  start_at BIGINT NOT NULL,
  from_ms  BIGINT NOT NULL,
  to_ms    BIGINT NOT NULL,
  event    BIGINT NOT NULL,
  PRIMARY KEY (ws, deal, n)
);

-- counts are the sum over all stays: all that the model needs to know of them
CREATE TABLE counts (
  ws       BIGINT NOT NULL,
  state    BIGINT NOT NULL,
  cell     BIGINT NOT NULL,
  ms       BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  stepped  BIGINT NOT NULL,
  signing  BIGINT NOT NULL,
  nomore   BIGINT NOT NULL,
  PRIMARY KEY (ws, state, cell)
);

-- efforts sum up how long each kind of action took, from its opening to sending
CREATE TABLE efforts (
  ws      BIGINT NOT NULL,
  action  TEXT   NOT NULL,
  n       BIGINT NOT NULL,
  ms      BIGINT NOT NULL,
  squares BIGINT NOT NULL,
  PRIMARY KEY (ws, action)
);

-- models hold what the model in use was solved from, until the next fit
CREATE TABLE models (
  ws      BIGINT NOT NULL PRIMARY KEY,
  at      BIGINT NOT NULL,
  learned TEXT   NOT NULL
);

-- forecasts are kept as they were made, to be compared with what came
CREATE TABLE forecasts (
  ws   BIGINT NOT NULL,
  made BIGINT NOT NULL,
  body TEXT   NOT NULL,
  PRIMARY KEY (ws, made)
);
