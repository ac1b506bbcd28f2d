-- +goose Up
-- the order within a cell with its ties, read without the deals themselves
DROP INDEX deals_rank;
CREATE INDEX deals_rank ON deals (ws, cell, rank_key DESC, id, minutes) WHERE cell > 0;
