-- The lease of the last attempt of which the store was told that it begins (docs/protocol.md, "Strikes").
ALTER TABLE tasks ADD COLUMN begun INTEGER;
