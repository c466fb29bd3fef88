import { needsNoTransaction, splitStatements } from '../../src/model/migrations/sql-statements.js';

const texts = (script: string): string[] => splitStatements(script).map((statement) => statement.text);

describe('splitting a script into statements', () => {
  it('ends a statement at its semicolon, and needs none at the end', () => {
    expect(texts('SELECT 1; SELECT 2')).toEqual(['SELECT 1', 'SELECT 2']);
    expect(texts(' ;; \n-- nothing\n/* at all */ ;')).toEqual([]);
    expect(texts('')).toEqual([]);
  });

  it.each([
    ['a string', `SELECT 'a;b''c;'`],
    ['a string with backslash escapes', `SELECT E'it\\'s;'`],
    ['a plain string that ends in a backslash', `SELECT 'C:\\'`],
    ['a quoted name', `SELECT 1 AS "a;""b"`],
    ['a dollar-quoted body', `DO $$ BEGIN PERFORM 1; END $$`],
    ['a tagged dollar quote that holds another', `DO $body$ SELECT $$;$$; $body$`],
    ['a line comment', `SELECT 1 -- not; here\n + 1`],
    ['a nested block comment', `SELECT /* a; /* b; */ c; */ 1`],
    ['a name with a dollar sign', `SELECT a$b$ FROM t`],
    ['a parameter', `SELECT $1`],
  ])('leaves %s whole', (_what, statement) => {
    expect(texts(`${statement};SELECT 2`)).toEqual([statement, 'SELECT 2']);
  });

  it.each([
    ['dollar quote', 'DO $$ SELECT 1; SELECT 2'],
    ['block comment', 'SELECT 1 /* ; SELECT 2'],
  ])('lets a %s that is never closed reach to the end', (_what, script) => {
    expect(texts(script)).toEqual([script]);
  });

  it('leaves a function body between BEGIN ATOMIC and END whole, CASE … END inside it too', () => {
    const body = `CREATE OR REPLACE FUNCTION f(a int) RETURNS int BEGIN ATOMIC
      SELECT CASE WHEN a > 0 THEN 1 ELSE 2 END; SELECT 3; END`;
    expect(texts(`${body}; SELECT 4;`)).toEqual([body, 'SELECT 4']);
    expect(texts('CREATE PROCEDURE p() LANGUAGE SQL BEGIN ATOMIC SELECT 1; END; SELECT 2')).toHaveLength(2);
    expect(texts('CREATE TABLE atomic (begin_atomic int); SELECT 2')).toHaveLength(2);
    expect(texts('CREATE FUNCTION atomic() RETURNS int RETURN 1; SELECT 2')).toHaveLength(2);
  });

  it('knows the line on which each begins, after the comments before it', () => {
    const script = '-- header\n\nSELECT 1;\n/* two\nlines */ SELECT\n2; SELECT 3;';
    expect(splitStatements(script).map(({ line }) => line)).toEqual([3, 5, 6]);
  });
});

describe('what cannot run inside a transaction', () => {
  it.each([
    'CREATE INDEX CONCURRENTLY i ON t (a)',
    'create unique /* why not */ index concurrently i on t (a)',
    'DROP INDEX CONCURRENTLY i',
    'REINDEX TABLE CONCURRENTLY t',
    'REINDEX (VERBOSE) INDEX CONCURRENTLY i',
    'VACUUM t',
    'ALTER SYSTEM SET work_mem = 1',
    'CREATE DATABASE d',
    'ALTER TABLE t DETACH PARTITION p CONCURRENTLY',
    'BEGIN',
    'COMMIT',
    'START TRANSACTION',
  ])('%s', (sql) => expect(splitStatements(sql).map(needsNoTransaction)).toEqual([true]));

  it.each([
    'CREATE INDEX concurrently_made ON t (a)',
    'CREATE TABLE vacuum_cleaners (begin int)',
    `SELECT 'VACUUM'`,
    'DROP INDEX i',
    `ALTER TYPE e ADD VALUE 'x'`,
  ])('but not %s', (sql) => expect(splitStatements(sql).map(needsNoTransaction)).toEqual([false]));
});
