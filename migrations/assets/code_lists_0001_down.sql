-- Undoes code_lists_0001.
DROP TABLE $schema$.code_succession;
DROP TABLE $schema$.code;
DROP TABLE $schema$.code_list;
