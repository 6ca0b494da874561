import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { boardLines, redraw } from '../../../src/report/board.ts';
import { after, API_READY, DB_READY, fold, JOINED, SEARCH_FAILED, T0 } from './generation.ts';

function board(events: Parameters<typeof fold>[0], ms: number, width = 100): string {
  const lines = boardLines(fold(events).progress, T0 + ms, width);
  return `\n${lines.map(stripVTControlCharacters).join('\n')}\n`;
}

test('shows who waits for whom while it starts', () => {
  const answer = after(900, { kind: 'note', subject: 'search', text: 'try 3: ECONNREFUSED' });
  expect(board([...JOINED, answer], 1_000)).toMatchInlineSnapshot(`
    "
      ⠹ db            starting  1.0s
      · api           waiting         needs db
      ⠹ search        starting  1.0s  try 3: ECONNREFUSED
      · gate catalog  closed    1.0s  needs api
    "
  `);
});

test('shows what is ready, what failed, and the answer of a gate', () => {
  const refused = after(6_500, { kind: 'gate.refused', gate: 'catalog', answer: 'status 503: syncing' });
  expect(board([...JOINED, DB_READY, API_READY, refused], 6_600)).toMatchInlineSnapshot(`
    "
      ✔ db            ready     3.2s  127.0.0.1:54213
      ✔ api           ready     0.7s  [::1]:8080
      ⠹ search        starting  6.6s
      ⠹ gate catalog  probing   6.6s  status 503: syncing
    "
  `);
  expect(board([...JOINED, DB_READY, SEARCH_FAILED], 6_600)).toMatchInlineSnapshot(`
    "
      ✔ db      ready     3.2s  127.0.0.1:54213
      ⠹ api     starting  3.4s
      ✖ search  failed          search exited with code 1 before it was ready
    "
  `);
});

test('leaves out what nobody asked for', () => {
  const [elected, joined] = JOINED;
  const wait = after(2, { kind: 'waiting', member: 'L1', request: 1, resources: ['search'], gates: [] });
  expect(board([elected!, joined!, wait], 100)).toMatchInlineSnapshot(`
    "
      ⠙ search  starting  0.1s
    "
  `);
});

test('no line is longer than the terminal is wide', () => {
  const lines = boardLines(fold([...JOINED, SEARCH_FAILED]).progress, T0 + 7_000, 40);
  expect(lines.map((line) => stripVTControlCharacters(line).length).every((length) => length <= 40)).toBe(true);
});

test('a redraw goes up over what was there, and clears what is left of it', () => {
  expect(JSON.stringify(redraw([], ['a']))).toMatchInlineSnapshot(
    `""\\u001b[?2026h\\r\\u001b[2Ka\\n\\u001b[0J\\u001b[?2026l""`,
  );
  expect(JSON.stringify(redraw(['a', 'b', 'c'], ['x']))).toMatchInlineSnapshot(
    `""\\u001b[?2026h\\u001b[3A\\r\\u001b[2Kx\\n\\u001b[0J\\u001b[?2026l""`,
  );
});
