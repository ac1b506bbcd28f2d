-- +goose Up
-- calendars are read, never trusted to be empty: state says how the last try went, rev counts what changed
CREATE TABLE calendars (
  ws       BIGINT NOT NULL,
  id       BIGINT NOT NULL,
  member   BIGINT NOT NULL,
  name     TEXT   NOT NULL,
  url      TEXT   NOT NULL,
  ics      BIGINT NOT NULL,
  busy     BIGINT NOT NULL,
  target   BIGINT NOT NULL,
  username TEXT   NOT NULL,
  secret   BYTEA  NOT NULL,
  token    TEXT   NOT NULL,
  ctag     TEXT   NOT NULL,
  state    TEXT   NOT NULL,
  rev      BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX calendars_member ON calendars (ws, member);

CREATE TABLE calendar_objects (
  ws       BIGINT NOT NULL,
  calendar BIGINT NOT NULL,
  path     TEXT   NOT NULL,
  etag     TEXT   NOT NULL,
  raw      BYTEA  NOT NULL,
  PRIMARY KEY (ws, calendar, path)
);

-- booking_pages are reached by their name alone, whatever the workspace
CREATE TABLE booking_pages (
  ws       BIGINT NOT NULL,
  id       BIGINT NOT NULL,
  name     TEXT   NOT NULL,
  owner    BIGINT NOT NULL,
  settings TEXT   NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE UNIQUE INDEX booking_pages_name ON booking_pages (name);

-- bookings are held (until a time), booked or cancelled; members are IDs, one a line
CREATE TABLE bookings (
  ws       BIGINT NOT NULL,
  id       BIGINT NOT NULL,
  page     BIGINT NOT NULL,
  members  TEXT   NOT NULL,
  state    TEXT   NOT NULL,
  start_at BIGINT NOT NULL,
  end_at   BIGINT NOT NULL,
  until    BIGINT NOT NULL,
  held_for BIGINT NOT NULL,
  kind     TEXT   NOT NULL,
  name     TEXT   NOT NULL,
  address  TEXT   NOT NULL,
  zone     TEXT   NOT NULL,
  answer   TEXT   NOT NULL,
  deal     BIGINT NOT NULL,
  person   BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  once     TEXT   NOT NULL,
  made     BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX bookings_time ON bookings (ws, start_at);
CREATE INDEX bookings_group ON bookings (ws, held_for) WHERE held_for > 0;
CREATE INDEX bookings_deal ON bookings (ws, deal) WHERE deal > 0;
CREATE UNIQUE INDEX bookings_once ON bookings (once);

-- slots are the minutes of a member that are taken, five to a row: two bookings can't have the same one
CREATE TABLE slots (
  ws      BIGINT NOT NULL,
  member  BIGINT NOT NULL,
  cell    BIGINT NOT NULL,
  booking BIGINT NOT NULL,
  PRIMARY KEY (ws, member, cell)
);
CREATE INDEX slots_booking ON slots (ws, booking);

-- calendar_writes are events on their way into a member's own calendar
CREATE TABLE calendar_writes (
  ws       BIGINT NOT NULL,
  calendar BIGINT NOT NULL,
  uid      TEXT   NOT NULL,
  raw      BYTEA  NOT NULL,
  gone     BIGINT NOT NULL,
  etag     TEXT   NOT NULL,
  due_at   BIGINT NOT NULL,
  tries    BIGINT NOT NULL,
  err      TEXT   NOT NULL,
  PRIMARY KEY (ws, calendar, uid)
);
CREATE INDEX calendar_writes_due ON calendar_writes (due_at) WHERE due_at > 0;
