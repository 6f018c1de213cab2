-- Version 2: files that are no documents for vndoc are kept by name, so that what a batch passed over can be told.

CREATE TABLE IF NOT EXISTS left_out (
  path ANY PRIMARY KEY,                    -- BLOB where the name is no UTF-8
  kind TEXT NOT NULL,                      -- the suffix: '.docx'; see archive/left_out.py
  container ANY                            -- of a member: the path of its ZIP file
) STRICT, WITHOUT ROWID;
