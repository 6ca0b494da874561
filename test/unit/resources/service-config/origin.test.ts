import { expect, test } from 'vitest';
import { originOf, type Source } from '../../../../src/resources/service-config/origin.ts';

const file = (name: string, ...lines: readonly string[]): Source => ({ name, text: lines.join('\n'), inLines: true });

test('a value is found in the line where it stands beside its key, rather than where it only stands', () => {
  const notes = file('notes.json', '"see http://127.0.0.1:9"');
  const config = file('config.yaml', 'llm:', '  base-url: http://127.0.0.1:9');
  expect(originOf('llm.baseUrl', 'http://127.0.0.1:9', [notes, config])).toBe('config.yaml:2');
  expect(originOf('llm.baseUrl', 'http://127.0.0.1:9', [notes])).toBe('notes.json:1');
});

test('a short value counts only beside its key, and never as a part of a longer one', () => {
  expect(originOf('port', '5432', [file('config.ini', 'size = 5432')])).toBeUndefined();
  expect(originOf('port', '543', [file('config.ini', 'port = 5432')])).toBeUndefined();
  expect(originOf('port', '5432', [file('config.ini', 'port = 15432', 'port = 5432')])).toBe('config.ini:2');
});

test('a variable must be the value as a whole', () => {
  const env = (text: string): Source => ({ name: 'env:DATABASE_URL', text });
  expect(originOf('database.url', 'pg', [env('pg')])).toBe('env:DATABASE_URL');
  expect(originOf('database.url', 'pg', [env('pg and more')])).toBeUndefined();
});
