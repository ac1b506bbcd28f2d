-- +goose Up
CREATE VIRTUAL TABLE find USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
